import type { HangUp } from '../core/source.js'
import { appViewTransport } from '../transports/app-view.js'
import { douyinTransport } from '../transports/douyin.js'
import { fetchExchange } from '../transports/fetch.js'
import type { HttpExchange } from '../transports/http-exchange.js'
import { isFetchable } from '../transports/resolve-url.js'
import type { Transport } from '../transports/transport.js'
import { uniRequestExchange } from '../transports/uni-request.js'
import { xhrExchange } from '../transports/xhr.js'
import { needsBrowser, overBrowser } from './browser-stream.js'
import type { StreamListener, StreamRequest } from './event-stream.js'
import { overExchange } from './exchange-stream.js'
import { overTransport } from './transport-stream.js'

const webExchanges: readonly HttpExchange[] = [fetchExchange, xhrExchange]

/** Platforms whose `uni.request` gives bodies whole, and that have another way to stream. */
const streamingTransports: readonly Transport[] = [appViewTransport, douyinTransport]

/** Opens the stream by whatever this platform has. */
export function openEventStream(request: StreamRequest, listener: StreamListener): HangUp {
  if (needsBrowser(request)) return overBrowser(request, listener)
  if (!isFetchable(request.url)) {
    listener.failed()
    return () => undefined
  }
  const exchange = webExchanges.find((candidate) => candidate.isSupported())
  if (exchange) return overExchange(exchange, request, listener)
  const transport = streamingTransports.find((candidate) => candidate.isSupported())
  if (transport) return overTransport(transport, request, listener)
  return overExchange(uniRequestExchange, request, listener)
}
