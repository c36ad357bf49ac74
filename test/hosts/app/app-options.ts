import type { NetworkType } from '../mini-program/shell/network-conditions.js'

export interface AppOptions {
  /**
   * Default `Android`. `iOS` makes the framework restore a page whose WebView was reloaded by the system
   * (`crash`), as it does there only.
   */
  os?: 'Android' | 'iOS'
  /** Whose service framework runs the app. Default `app`: that of Android and iOS. */
  runtime?: 'app' | 'app-harmony'
  /** What is in storage before the app starts. Values must survive JSON. */
  storage?: Record<string, unknown>
  /** What the platform says about the network until it changes, true or not. Default what there is. */
  reportedNetwork?: NetworkType
  /** Of the phone's own push service; without one it has none. */
  pushClientId?: string
  /** Fields of `getSystemInfo` that differ from those of the stand-in. */
  system?: Record<string, unknown>
}

export interface OpenAppPage {
  /** Without a leading slash. */
  path: string
  query: Record<string, string>
  /** Id of the WebView that shows it. */
  webView: string
}

/** What crossed between the service layer and the WebViews, as UTF-8. */
export interface BridgeTotals {
  messages: number
  bytes: number
}

export interface BridgeStats {
  /** Script given to `evalJS`. */
  toView: BridgeTotals
  toService: BridgeTotals
}
