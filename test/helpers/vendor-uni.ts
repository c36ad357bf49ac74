import { build } from 'esbuild'
import { installUniSocket } from './uni-socket.js'
import { installUni } from './uni-request.js'

/** What an app does with `uni` before the library is asked for anything. */
export interface VendorUni {
  addInterceptor(name: string, hooks: object): void
  addInterceptor(hooks: object): void
  request(options: object): unknown
}

interface Callbacks {
  readonly url?: unknown
  success?(result: unknown): void
  fail?(failure: unknown): void
  complete?(told: unknown): void
}

const unheard = () => undefined
const info = () => ({ language: 'zh_CN', platform: 'ios' })

/** The half below `uni`: what a callback throws stays with the platform, and `complete` is called all the same. */
function completing(call: (options: object) => unknown) {
  const quietly = (tell: () => void) => {
    try {
      tell()
    } catch {
      // It is in the console of the developer tools.
    }
  }
  return (options?: Callbacks) => {
    // Of arguments that it can't read, WeChat only complains in the console.
    if (typeof options?.url !== 'string') return undefined
    const settle = (name: 'success' | 'fail') => (told: unknown) => {
      quietly(() => options[name]?.(told))
      quietly(() => options.complete?.(told))
    }
    return call({ ...options, success: settle('success'), fail: settle('fail') })
  }
}

let script: Promise<string> | undefined

/** `uni` of the vendor's runtime for WeChat, as it is in a compiled app. */
async function runtime(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { default } from '@dcloudio/uni-mp-weixin/dist/uni.api.esm.js'",
      resolveDir: process.cwd(),
    },
    alias: { vue: '@dcloudio/uni-mp-vue' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'runtime',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/**
 * Makes this realm a mini program's: no `fetch`, no `WebSocket`, and a `uni` that is the vendor's own, so that
 * interceptors do what they do in an app. Only what is below it stands in for a phone.
 */
export async function installVendorUni(): Promise<{ readonly uni: VendorUni; uninstall(): void }> {
  script ??= runtime()
  const code = await script
  const realm = globalThis as unknown as Record<string, unknown>
  const names = ['uni', 'wx', 'fetch', 'WebSocket', 'EventSource']
  const before = names.map((name) => [name, realm[name]] as const)
  installUni()
  installUniSocket()
  const phone = realm['uni'] as Record<'request' | 'connectSocket', (options: object) => unknown>
  const informing = ['getSystemInfoSync', 'getAppBaseInfo', 'getWindowInfo', 'getDeviceInfo']
  const silent = ['getNetworkType', 'onNetworkStatusChange', 'onAppShow', 'onAppHide', 'canIUse']
  realm['wx'] = {
    request: completing(phone.request),
    connectSocket: completing(phone.connectSocket),
    getLaunchOptionsSync: info,
    ...Object.fromEntries(informing.map((name) => [name, info])),
    ...Object.fromEntries(silent.map((name) => [name, unheard])),
  }
  for (const name of ['fetch', 'WebSocket', 'EventSource']) realm[name] = undefined
  const uni = new Function(`${code}\nreturn runtime.default`)() as VendorUni
  realm['uni'] = uni
  return {
    uni,
    uninstall() {
      for (const [name, value] of before) realm[name] = value
    },
  }
}
