import { bytesOf } from '../core/bytes-of.js'
import type { HangUp } from '../core/source.js'
import { createSseReader } from '../core/sse.js'
import { createUtf8Decoder } from '../core/utf8.js'
import { findHeader } from '../transports/find-header.js'
import type { HttpExchange } from '../transports/http-exchange.js'
import { isOfAnotherOrigin, originOf } from '../transports/resolve-url.js'
import { ACCEPT, type StreamListener, type StreamRequest } from './event-stream.js'

/** The standard sets no limit. This one, in characters, only keeps a broken server from filling the memory. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024

/** Said where it can be: other origins would have to allow it. `fetch` says it by itself. */
const FRESH = { 'cache-control': 'no-cache' }

/** Where the bytes can be seen: the standard to the letter. */
export function overExchange(
  exchange: HttpExchange,
  request: StreamRequest,
  listener: StreamListener,
): HangUp {
  const utf8 = createUtf8Decoder()
  let state: 'connecting' | 'open' | 'over' = 'connecting'
  let { url } = request
  let hangUp: HangUp = () => undefined

  const over = (report: () => void) => {
    if (state === 'over') return
    state = 'over'
    hangUp()
    report()
  }
  const open = () => {
    state = 'open'
    listener.opened(url)
  }
  const reader = createSseReader(
    {
      event({ type, data, id }) {
        if (state === 'open') listener.event({ type, data, lastEventId: id, origin: originOf(url) })
      },
      id(id) {
        if (state === 'open') listener.id(id)
      },
      retry(delayMs) {
        if (state === 'open') listener.retry(delayMs)
      },
    },
    request.lastEventId,
    MAX_EVENT_CHARS,
  )

  hangUp = exchange.open(
    {
      method: 'GET',
      url: request.url,
      headers: isOfAnotherOrigin(request.url) ? ACCEPT : { ...ACCEPT, ...FRESH },
      withCredentials: request.withCredentials,
      ...(request.lastEventId !== '' && { lastEventId: request.lastEventId }),
    },
    {
      head(status, headers, from) {
        if (state !== 'connecting') return
        const type = findHeader(headers, 'content-type')
        // Some platforms hide the status, and with it often the headers.
        const accepted = Number.isNaN(status)
          ? type === undefined || isEventStream(type)
          : status === 200 && isEventStream(type ?? '')
        if (!accepted) return over(listener.failed)
        if (from) url = from
        open()
      },
      chunk(data) {
        if (state === 'connecting') open()
        if (state !== 'open') return
        const bytes = bytesOf(data)
        try {
          if (bytes) reader.feed(typeof bytes === 'string' ? bytes : utf8.decode(bytes))
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

/** Of several types the last counts. Parameters don't, not even a charset: an event stream is UTF-8. */
function isEventStream(types: string): boolean {
  const essences = types.split(',').map((type) => type.split(';', 1).join('').trim().toLowerCase())
  return essences.filter((essence) => /^[^\s/]+\/[^\s/]+$/.test(essence)).pop() === 'text/event-stream'
}
