import type { HangUp } from '../core/source.js'
import { isOfAnotherOrigin } from '../transports/resolve-url.js'
import type { StreamListener, StreamRequest } from './event-stream.js'

interface BrowserSource {
  readonly readyState: number
  onopen: (() => void) | null
  onerror: (() => void) | null
  addEventListener(type: string, listener: (event: BrowserMessage) => void): void
  close(): void
}

interface BrowserMessage {
  readonly type: string
  readonly data?: string
  readonly lastEventId?: string
  readonly origin?: string
}

const CLOSED = 2

/** Taken when this loads: an application may put ours in its place. */
const Browsers = (
  globalThis as { EventSource?: new (url: string, init: { withCredentials: boolean }) => BrowserSource }
).EventSource

/**
 * Whether only the browser's own connection will do. A Last-Event-ID that a script sends to another origin asks that
 * server's permission first, which servers for EventSource don't know to give; the browser's own needs none.
 * It can't begin with an id, though.
 */
export const needsBrowser = ({ url, lastEventId }: StreamRequest): boolean =>
  typeof Browsers === 'function' && lastEventId === '' && isOfAnotherOrigin(url)

/** The browser's own connection. It keeps the last id and the pause, and connects again by itself. */
export function overBrowser(request: StreamRequest, listener: StreamListener): HangUp {
  if (typeof Browsers !== 'function') throw new TypeError('needsBrowser() said no.')
  const source = new Browsers(request.url, { withCredentials: request.withCredentials })
  const heard = new Set<string>()
  const tell = ({ type, data, lastEventId = '', origin = '' }: BrowserMessage) => {
    // Its open and error events have no data; a message may have these names too.
    if (data !== undefined) listener.event({ type, data, lastEventId, origin })
  }
  source.onopen = () => listener.opened(request.url)
  source.onerror = () => (source.readyState === CLOSED ? listener.failed() : listener.reconnecting())
  request.watchTypes((type) => {
    if (heard.has(type)) return
    heard.add(type)
    source.addEventListener(type, tell)
  })
  return () => source.close()
}
