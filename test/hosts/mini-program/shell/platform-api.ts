import { fromComponent2, fromPage } from '../alipay/component-model.js'
import { createMyApi } from '../alipay/my-api.js'
import type { ComponentModel } from '../component-space.js'
import type { MiniProgramPlatformName } from '../platform-files.js'
import type { AppProcess } from './app-process.js'
import { createConnectSocket } from './socket-api.js'
import { createInterfaceApi } from './interface-api.js'
import type { NativeShell } from './native-shell.js'
import { createEventSourceApi } from './event-source-api.js'
import { createRequest, createWholeRequest } from './request-api.js'
import { createStorageApi } from './storage-api.js'
import { createSystemApi } from './system-api.js'

/** How one vendor's global object looks to the app. A new platform is one more entry. */
export interface PlatformApi {
  /** `wx`, `tt`, `my`… */
  globalName: string
  create(shell: NativeShell): Record<string, unknown>
  /** Where components and pages are defined otherwise than WeChat's. */
  createModel?(process: AppProcess): ComponentModel
  /** Brings a component's own event to its parent, where that does not happen at once. */
  bringEvent?(process: AppProcess, event: () => void): void
}

const EVENTS = [
  ...['AppShow', 'AppHide', 'NetworkStatusChange', 'NetworkWeakChange', 'Error', 'UnhandledRejection'],
  ...['MemoryWarning', 'ThemeChange', 'WindowResize', 'PageNotFound', 'KeyboardHeightChange'],
]

const common = (shell: NativeShell): Record<string, unknown> =>
  Object.assign(
    { request: createRequest(shell), connectSocket: createConnectSocket(shell) },
    createSystemApi(shell),
    createStorageApi(shell),
    createInterfaceApi(shell),
    ...EVENTS.map((name) => shell.listeners.pair(name)),
  ) as Record<string, unknown>

export const platformApis: Record<MiniProgramPlatformName, PlatformApi> = {
  weixin: { globalName: 'wx', create: common },
  toutiao: {
    globalName: 'tt',
    create: (shell) => ({
      ...common(shell),
      request: createWholeRequest(shell),
      createEventSource: createEventSourceApi(shell),
    }),
    // After both are ready, as uni-app's runtime for it says and allows for: a page is there before it hears of
    // the components in it, although those are attached first.
    bringEvent: (process, event) => process.deliver(event),
  },
  alipay: {
    globalName: 'my',
    create: (shell) => createMyApi(shell, common(shell)),
    createModel: (process) => ({
      component: fromComponent2,
      page: (definition) => fromPage(definition, (work) => process.deliver(work)),
    }),
  },
}
