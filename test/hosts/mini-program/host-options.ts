import type { MiniProgramPlatformName } from './platform-files.js'
import type { NetworkType } from './shell/network-conditions.js'

export interface MiniProgramOptions {
  /** Default `weixin`. */
  platform?: MiniProgramPlatformName
  /** `unsupported`: `enableChunked` is ignored and the whole body comes in `success`, as in WeChat on a PC. */
  chunked?: 'supported' | 'unsupported'
  /** What is in storage before the app starts. Values must survive JSON. */
  storage?: Record<string, unknown>
  /** What `getNetworkType` says until the network changes, true or not. Default what there is. */
  reportedNetwork?: NetworkType
  /** Fields of `getSystemInfo` and its kin that differ from an iPhone's. */
  system?: Record<string, unknown>
}

export interface HideOptions {
  /**
   * Milliseconds until the app's JavaScript stands still: requests and sockets are cut then, timers stop, and
   * all of it is reported only after the next show. WeChat takes about 5000. Without it the app runs on.
   */
  suspendAfterMs?: number
}
