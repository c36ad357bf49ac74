// A stand-in for the native side of an App (plus, weex, WebViews): it can't show the vendor's network stack, how iOS
// and Android suspend an app or its covered WebViews, WebView kernels older than this Chromium, the `null` origin of
// pages loaded from files, nvue, native widgets, or a phone's limits.
import type { AppProcess } from '../../mini-program/shell/app-process.js'
import type { NetworkConditions } from '../../mini-program/shell/network-conditions.js'
import type { NetworkRecord } from '../../mini-program/shell/native-shell.js'
import type { BridgeMeter } from './bridge-meter.js'
import type { EventHub } from './event-hub.js'
import type { WebViews } from './web-views.js'

/** One request or socket, as a test sees it. */
export interface AppNetworkRecord {
  kind: 'request' | 'socket'
  /** `service`: the native modules behind `uni.request` and `uni.connectSocket`. `view`: a page's own `fetch`. */
  layer: 'service' | 'view'
  url: string
  method: string
  state: 'open' | 'success' | 'fail' | 'closed'
  statusCode?: number
}

/** The parts the stand-in's objects are made of. */
export interface NativeApp {
  readonly os: 'Android' | 'iOS'
  readonly process: AppProcess
  readonly network: NetworkConditions
  readonly records: AppNetworkRecord[]
  /** Of HarmonyOS' native requests and sockets. */
  readonly harmonyRecords: NetworkRecord[]
  readonly meter: BridgeMeter
  readonly views: WebViews
  /** `plus.globalEvent`: pause, resume, netchange, plusMessage. */
  readonly globalEvent: EventHub
  /** `plus.key`: backbutton. */
  readonly keys: EventHub
  /** `plus.push`: receive, click. */
  readonly push: EventHub
  readonly pushClientId: string | undefined
  readonly storage: Map<string, string>
  readonly system: Record<string, unknown>
  /** The page the app was opened on. */
  readonly launch: { path: string; query: string }
  /** Names of native members the app touched and the stand-in does not have. */
  readonly touched: Set<string>
  /** `fetch` without CORS, as native requests are. */
  readonly fetch: typeof fetch
  /** Puts work on its way to the service layer; late when suspended. */
  toService(work: () => void): void
  /** The same, to a WebView. */
  toView(work: () => void): void
}
