import type { HideOptions } from '../mini-program/host-options.js'
import type { ConsoleMessage } from '../mini-program/record-console.js'
import type { NetworkType } from '../mini-program/shell/network-conditions.js'
import type { BridgeStats, OpenAppPage } from './app-options.js'
import type { AppNetworkRecord } from './shell/native-app.js'

/** Scripts of one compiled app. */
export interface AppScripts {
  framework: string
  config: string
  service: string
}

/** A running App, driven from the page that holds it. */
export interface AppHost {
  readonly requests: readonly AppNetworkRecord[]
  /** Uncaught errors of the service layer, each with its stack. */
  readonly errors: readonly string[]
  readonly console: readonly ConsoleMessage[]
  readonly pages: readonly OpenAppPage[]
  /** Ids of all WebViews, shown or not. */
  readonly webViews: readonly string[]
  /** Native members the app touched and the stand-in does not have. */
  readonly touched: readonly string[]
  start(scripts: AppScripts): void
  /** Of the visible page, or of its first match. */
  text(selector?: string): string
  /** The document of the visible page's WebView. */
  document(): Document
  /** Where to press it. @throws {Error} not there, covered, or not yet at rest */
  pointOf(selector: string): Promise<{ x: number; y: number }>
  /** Does the browser send the mouse to the visible page's frame? */
  isUnderPointer(): boolean
  hide(options?: HideOptions): void
  show(): void
  setNetwork(type: NetworkType): void
  /** What the phone's own push service brings. */
  receivePush(message: object): void
  stored(key: string): unknown
  allStored(): Record<string, unknown>
  /** Calls `uni.<method>({ url })` as the app would. */
  navigate(method: 'navigateTo' | 'redirectTo' | 'reLaunch', url: string): Promise<void>
  /** Android's back button. */
  back(): void
  crash(webView: string): void
  stall(webView: string): void
  unstall(webView: string): void
  /** Listeners of one kind on a WebView. */
  listeners(webView: string, name: string): number
  runInService(script: string): void
  callService(name: string, args: unknown[]): unknown
  bridgeStats(): BridgeStats
  resetBridge(): void
}
