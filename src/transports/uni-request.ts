import { bytesOf } from '../core/bytes-of.js'
import { callUniRequest } from './call-uni-request.js'
import { httpTransport, type HttpExchange } from './http-exchange.js'
import type { Transport } from './transport.js'

/**
 * The platforms' own limit is a total one, 60 s by default, that would kill a healthy stream.
 * Ours are first byte, idle and total, kept by the session.
 */
const PLATFORM_TIMEOUT_MS = 60 * 60 * 1000

/** `uni.request` with `enableChunked`: WeChat and other mini-programs, HarmonyOS. */
export const uniRequestExchange: HttpExchange = {
  name: 'uni-request',

  isSupported: () => typeof uni === 'object' && typeof uni.request === 'function',

  open({ url, method, headers, lastEventId, body, withCredentials }, listener) {
    let chunks = 0
    const header = { ...headers, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }
    return callUniRequest(
      {
        url,
        method,
        header,
        timeout: PLATFORM_TIMEOUT_MS,
        ...(body !== undefined && { data: body }),
        ...(withCredentials && { withCredentials: true as const }),
      },
      {
        stream: {
          chunked(able) {
            if (!able) listener.whole?.()
          },
          head: (status, headers) => listener.head(status, headers),
          chunk(data) {
            const piece = bytesOf(data)
            if (piece === undefined) return
            chunks++
            listener.chunk(piece)
          },
        },
        answered({ status, headers, data }) {
          listener.head(status, headers)
          // No chunk came (WeChat on PC, old libraries): the whole body is here. If chunks came, it may be here again.
          if (chunks === 0 && data) {
            listener.whole?.()
            listener.chunk(bytesOf(data) ?? JSON.stringify(data))
          }
          listener.end()
        },
        failed(error, unsent) {
          // A refusal is told at once; without a network the start can be sent again.
          if (unsent && error.retryable && listener.unsent) listener.unsent(error)
          else listener.fail(error)
        },
      },
    )
  },
}

/** `uni.request` with `enableChunked`: mini-programs and HarmonyOS. */
export const uniRequestTransport: Transport = /* @__PURE__ */ httpTransport(uniRequestExchange)
