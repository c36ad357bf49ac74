import { SCREEN } from './device.js'
import { looseObject } from './loose-object.js'
import type { NativeApp } from './native-app.js'
import { createPushModule } from './push-module.js'
import { createPlusStorage } from './plus-storage.js'

const CONNECTION = { none: 1, wifi: 3, '2g': 4, '3g': 5, '4g': 6, '5g': 7, unknown: 0 }

/** The `plus` of the service layer. */
export function createPlus(app: NativeApp): Record<string, unknown> {
  const { views, network, touched } = app
  const loose = (name: string, members: object = {}) => looseObject(`plus.${name}`, members, touched)
  const path = (value: string) => value
  return looseObject(
    'plus',
    {
      globalEvent: app.globalEvent,
      key: loose('key', {
        addEventListener: app.keys.addEventListener,
        removeEventListener: app.keys.removeEventListener,
      }),
      os: { name: app.os, version: '13', language: 'zh-CN' },
      webview: loose('webview', {
        create: (url: string, id: string, style?: Record<string, unknown>, extras?: object) =>
          views.create(app, url, id, style, extras),
        getWebviewById: (id: string) => views.get(String(id)),
        getLaunchWebview: () => views.get('1'),
        currentWebview: () => views.get('1'),
        all: () => views.all,
      }),
      push: createPushModule(app),
      storage: createPlusStorage(app.storage),
      io: loose('io', {
        PRIVATE_DOC: 2,
        convertAbsoluteFileSystem: path,
        convertLocalFileSystemURL: path,
      }),
      navigator: loose('navigator', SCREEN.navigator),
      screen: loose('screen', SCREEN.screen),
      display: SCREEN.screen,
      runtime: loose('runtime', {
        ...{
          arguments: '',
          innerVersion: '1',
          version: '1.0.0',
          appid: 'app',
          launcher: 'default',
          channel: '',
        },
      }),
      networkinfo: loose('networkinfo', {
        getCurrentType: () => CONNECTION[network.reported],
        ...{ CONNECTION_UNKNOW: 0, CONNECTION_NONE: 1, CONNECTION_ETHERNET: 2, CONNECTION_WIFI: 3 },
        ...{ CONNECTION_CELL2G: 4, CONNECTION_CELL3G: 5, CONNECTION_CELL4G: 6, CONNECTION_CELL5G: 7 },
      }),
      ...Object.fromEntries(['nativeUI', 'device', 'orientation', 'maps'].map((name) => [name, loose(name)])),
    },
    touched,
  )
}
