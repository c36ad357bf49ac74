import { forAlipay, forApp, forDouyin, forUni, forWeb, withFallbacks } from '../core/built-for.js'
import { appView, type AppViewOptions } from './app-view.js'
import { douyinTransport } from './douyin.js'
import { fetchTransport } from './fetch.js'
import { longPollTransport } from './long-poll.js'
import type { Transport } from './transport.js'
import { uniRequestTransport } from './uni-request.js'
import { webSocketTransport } from './web-socket.js'
import { xhrTransport } from './xhr.js'

/** HarmonyOS has a `plus` too, but its `uni.request` gives chunks. */
declare const harmonyChannel: object | undefined

const isApp = () => forApp && typeof plus === 'object' && typeof harmonyChannel === 'undefined'

declare const my: { canIUse?(name: string): boolean } | undefined

/** Until it says that its requests have chunks. Pages in its WebViews have a `my` too. */
const isAlipay = () =>
  forAlipay &&
  typeof my === 'object' &&
  typeof XMLHttpRequest === 'undefined' &&
  typeof my.canIUse === 'function' &&
  !my.canIUse('request.object.enableChunked')

const uniRequestWhere = (applies: () => boolean): Transport => ({
  ...uniRequestTransport,
  isSupported: () => applies() && uniRequestTransport.isSupported(),
})

/** On H5 `uni.request` is an XMLHttpRequest that hides failures; on App and Alipay it gives bodies whole. */
const uniRequestInPieces = () =>
  uniRequestWhere(() => (!forWeb || typeof XMLHttpRequest === 'undefined') && !isApp() && !isAlipay())

/**
 * What is tried on each platform, in the order of docs/protocol.md#transports.
 * @param app how App's vue pages stream, as of `appView()`
 * @throws {ChannelError} BAD_OPTIONS
 * @example createAutoTransport({ order: platformTransports({ webView: 'own' }) })
 */
export const platformTransports = (app?: AppViewOptions): readonly Transport[] => [
  ...(forWeb ? [fetchTransport, ...(withFallbacks ? [xhrTransport] : [])] : []),
  ...(forDouyin ? [douyinTransport] : []),
  ...(forApp ? [appView(app)] : []),
  ...(forUni ? [uniRequestInPieces()] : []),
  ...(withFallbacks ? [webSocketTransport] : []),
  // Ahead of long polls: a server that is not ours would answer the start of one with a stream, and that is lost.
  ...(forAlipay ? [uniRequestWhere(isAlipay)] : []),
  ...(withFallbacks ? [longPollTransport] : []),
  ...(forApp ? [uniRequestWhere(isApp)] : []),
]
