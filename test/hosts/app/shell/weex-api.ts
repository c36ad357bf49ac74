import { toBase64 } from './base64.js'
import { SYSTEM } from './device.js'
import { EventHub } from './event-hub.js'
import { looseObject } from './loose-object.js'
import type { NativeApp } from './native-app.js'
import { createSocketModule } from './socket-module.js'
import { createStreamModule } from './stream-module.js'

/** The `weex` of the service layer: where the framework finds its native modules. */
export function createWeex(app: NativeApp): object {
  const system = () => ({
    ...SYSTEM,
    ...{
      platform: app.os.toLowerCase(),
      osName: app.os.toLowerCase(),
      osVersion: '13',
      system: `${app.os} 13`,
    },
    ...app.system,
  })
  const modules = new Map<string, object>([
    ['stream', createStreamModule(app)],
    ['uni-webSocket', createSocketModule(app)],
    ['globalEvent', new EventHub()],
    // App builds put this behind `crypto.getRandomValues`.
    ['DCloud-Crypto', { getRandomValues: (bytes: number) => toBase64(randomBytes(bytes)) }],
    [
      'plus',
      looseObject(
        'weex.plus',
        {
          getSystemInfoSync: system,
          getSystemInfo: (answer?: (info: object) => void) => answer?.(system()),
          getDeviceInfo: system,
          getAppBaseInfo: system,
          getWindowInfo: system,
          getLanguage: () => 'zh-Hans',
          // 1 in front, 2 in the background.
          getAppState: () => (app.process.state === 'foreground' ? 1 : 2),
          getRedirectInfo: () => app.launch,
          uniPluginConfig: undefined,
        },
        app.touched,
      ),
    ],
  ])
  return {
    config: { preload: true, env: { platform: app.os, scale: 2, deviceWidth: 750 } },
    requireModule(name: string) {
      const known = modules.get(name) ?? looseObject(`weex.${name}`, {}, app.touched)
      modules.set(name, known)
      return known
    },
  }
}

const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count))
