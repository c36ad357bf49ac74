// Stand-in for Alipay's global object `my`: what differs from WeChat's, by github.com/AlipayDocs/open-docs, mini/api.
// Suspension in the background is told nowhere; it is taken to be WeChat's. There are no selector queries.
import { succeeding } from '../shell/api-answer.js'
import type { NativeShell } from '../shell/native-shell.js'
import type { NetworkType } from '../shell/network-conditions.js'
import { createMyRequest } from './my-request.js'
import { createMySockets } from './my-socket.js'
import { createMyStorage } from './my-storage.js'

const SYSTEM = {
  ...{ app: 'alipay', platform: 'iOS', language: 'zh-Hans', version: '10.5.16', SDKVersion: '2.9.20' },
  ...{ brand: 'stand-in', model: 'stand-in', pixelRatio: 2, fontSizeSetting: 16 },
  ...{ screenWidth: 375, screenHeight: 667, windowWidth: 375, windowHeight: 603, statusBarHeight: 20 },
  screen: { width: 375, height: 667 },
}

/** Asked with canIUse, and no method of `my`. */
const ABILITIES = ['component2', 'page.getOpenerEventChannel']

/** @param common the shell's API as WeChat has it: what is the same is taken from there */
export function createMyApi(shell: NativeShell, common: Record<string, unknown>): Record<string, unknown> {
  const { process, listeners, network } = shell
  const system = () => ({ ...SYSTEM, ...shell.system })
  let clipboard = ''
  const absent = { getDeviceInfo: undefined, getAppBaseInfo: undefined, createSelectorQuery: undefined }
  const my: Record<string, unknown> = {
    ...{ ...common, ...absent },
    ...createMyStorage(shell),
    ...createMySockets(shell),
    request: createMyRequest(shell),
    // Parts are asked for too, such as `request.object.enableChunked`: nothing here has any that matters.
    canIUse: (name: string) => my[name] !== undefined || ABILITIES.includes(name),
    getSystemInfoSync: system,
    getSystemInfo: succeeding(process, 'getSystemInfo', system),
    setClipboard: succeeding(process, 'setClipboard', ({ text }: { text: string }) => {
      clipboard = text
      return undefined
    }),
    getClipboard: succeeding(process, 'getClipboard', () => ({ text: clipboard })),
    confirm: succeeding(process, 'confirm', () => ({ confirm: true })),
    alert: succeeding(process, 'alert'),
    getNetworkType: succeeding(process, 'getNetworkType', () => ({
      networkAvailable: network.online,
      networkType: networkName(network.type),
    })),
    onNetworkStatusChange: (listener: (status: object) => void) =>
      networkEvents.onNetworkStatusChange?.((status) => {
        const { isConnected, networkType } = status as { isConnected: boolean; networkType: NetworkType }
        listener({ isConnected, networkType: networkName(networkType) })
      }),
  }
  const networkEvents = listeners.pair('NetworkStatusChange')
  return my
}

function networkName(type: NetworkType): string {
  if (type === 'wifi') return 'Wi-Fi'
  return type === 'none' ? 'NOTREACHABLE' : type.toUpperCase()
}
