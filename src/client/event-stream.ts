import { createSseReader } from '../core/sse.js'
import type { HangUp } from '../core/source.js'
import { createUtf8Decoder } from '../core/utf8.js'
import { appViewTransport } from '../transports/app-view.js'
import { douyinTransport } from '../transports/douyin.js'
import { fetchExchange } from '../transports/fetch.js'
import { findHeader } from '../transports/find-header.js'
import type { HttpExchange } from '../transports/http-exchange.js'
import { muteable } from '../transports/mute.js'
import { originOf } from '../transports/resolve-url.js'
import type { Transport } from '../transports/transport.js'
import { uniRequestExchange } from '../transports/uni-request.js'
import { xhrExchange } from '../transports/xhr.js'

export interface StreamRequest {
  readonly url: string
  readonly withCredentials: boolean
  /** Empty: the header is not sent. */
  readonly lastEventId: string
}

/** What one connection of an EventSource tells. After `failed` or `lost`, nothing. */
export interface StreamListener {
  opened(origin: string): void
  event(type: string, data: string, lastEventId: string): void
  /** The id to reconnect with. */
  id(id: string): void
  retry(delayMs: number): void
  /** What the standard calls failing the connection: for good. */
  failed(): void
  /** The connection broke or ended: to be established again. */
  lost(): void
}

const webExchanges: readonly HttpExchange[] = [fetchExchange, xhrExchange]

/** Platforms whose `uni.request` gives bodies whole, and that have another way to stream. */
const streamingTransports: readonly Transport[] = [appViewTransport, douyinTransport]

const ACCEPT = { accept: 'text/event-stream' }

/** Opens the stream by whatever this platform has. */
export function openEventStream(request: StreamRequest, listener: StreamListener): HangUp {
  const exchange = webExchanges.find((candidate) => candidate.isSupported())
  if (exchange) return overExchange(exchange, request, listener)
  const transport = streamingTransports.find((candidate) => candidate.isSupported())
  if (transport) return overTransport(transport, request, listener)
  return overExchange(uniRequestExchange, request, listener)
}

/** Where the bytes can be seen: the standard to the letter. */
function overExchange(exchange: HttpExchange, request: StreamRequest, listener: StreamListener): HangUp {
  const utf8 = createUtf8Decoder()
  let state: 'connecting' | 'open' | 'over' = 'connecting'
  let hangUp: HangUp = () => undefined

  const over = (report: () => void) => {
    if (state === 'over') return
    state = 'over'
    hangUp()
    report()
  }
  const reader = createSseReader(
    {
      event({ type, data, id }) {
        if (state === 'open') listener.event(type, data, id)
      },
      id(id) {
        if (state === 'open') listener.id(id)
      },
      retry(delayMs) {
        if (state === 'open') listener.retry(delayMs)
      },
    },
    request.lastEventId,
  )

  hangUp = exchange.open(
    {
      method: 'GET',
      url: request.url,
      headers: ACCEPT,
      withCredentials: request.withCredentials,
      ...(request.lastEventId !== '' && { lastEventId: request.lastEventId }),
    },
    {
      head(status, headers, url = request.url) {
        if (state !== 'connecting') return
        const type = findHeader(headers, 'content-type')
        // Some platforms hide the status, and with it often the headers.
        const accepted = Number.isNaN(status)
          ? type === undefined || isEventStream(type)
          : status === 200 && isEventStream(type ?? '')
        if (!accepted) return over(listener.failed)
        state = 'open'
        listener.opened(originOf(url))
      },
      chunk(data) {
        if (state === 'connecting') {
          state = 'open'
          listener.opened(originOf(request.url))
        }
        if (state !== 'open') return
        const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data
        try {
          reader.feed(typeof bytes === 'string' ? bytes : utf8.decode(bytes))
        } catch {
          over(listener.failed)
        }
      },
      end: () => over(listener.lost),
      fail: () => over(listener.lost),
    },
  )
  if (is('over')) hangUp()
  return () => {
    state = 'over'
    hangUp()
  }

  function is(name: typeof state) {
    return state === name
  }
}

const isEventStream = (type: string) => /^\s*text\/event-stream\s*(?:;|$)/i.test(type)

/** Where only parsed events can be seen: as near as the platform comes. */
function overTransport(
  transport: Transport,
  { url, lastEventId }: StreamRequest,
  listener: StreamListener,
): HangUp {
  const { observer, mute } = muteable({
    opened: () => listener.opened(originOf(url)),
    event({ id, type, data }) {
      listener.id(id)
      listener.event(type, data, id)
    },
    activity: () => undefined,
    retry: listener.retry,
    finished: listener.failed,
    ended: listener.lost,
    lost: (error) => (error.status === undefined ? listener.lost() : listener.failed()),
  })
  const headers = { ...ACCEPT, ...(lastEventId !== '' && { 'last-event-id': lastEventId }) }
  const hangUp = transport.stream({ method: 'GET', url, headers, lastEventId, protocol: 'sse' }, observer)
  return () => {
    mute()
    hangUp()
  }
}
