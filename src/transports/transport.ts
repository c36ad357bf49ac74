import type { ChannelError } from '../core/channel-error.js'
import type { HangUp, Observer } from '../core/source.js'

/**
 * What the server speaks.
 * - `channel`: docs/protocol.md, so every route of it may be used.
 * - `sse`: an event stream, and nothing more is known.
 * - `text`: text in pieces without any framing.
 */
export type Protocol = 'channel' | 'sse' | 'text'

/** One HTTP exchange whose answer is a stream; transports of other kinds (WebSocket) translate it. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body?: string
  /**
   * The cursor to read on from, any characters; not in `headers`. Sent as `Last-Event-ID` in UTF-8, or in the address.
   * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
   */
  readonly lastEventId?: string
  /** Cookies to other origins too, where the platform has cookies. Default: to the page's own only. */
  readonly withCredentials?: boolean | undefined
  /** Default `channel`. */
  readonly protocol?: Protocol
}

/** What a server said before its first event. */
export interface ResponseHead {
  /** NaN where the platform does not tell it. */
  readonly status: number
  /** Case-insensitive. Platforms differ in how they spell header names. */
  header(name: string): string | undefined
}

/** As a source's observer, but with the whole head. */
export interface TransportObserver extends Omit<Observer, 'opened' | 'unsent'> {
  opened(head: ResponseHead): void
  /** The platform gives bodies only when they are complete, so nothing streams. May come before or after `opened`. */
  whole?(): void
  /** Instead of `lost`, where it is known that nothing of the request has left: it may be sent again, or another way. */
  unsent?(error: ChannelError): void
}

/** One way for events to reach a client. */
export interface Transport {
  readonly name: string
  /**
   * `http-stream`: an HTTP answer in pieces. What a proxy does to one of these it does to all. Absent: a way of its own.
   */
  readonly path?: 'http-stream'
  /** Asked at run time, never guessed from a platform's name or version. */
  isSupported(): boolean
  /** Whether it can carry this request: some know no POST or no headers. Absent: all requests. */
  accepts?(request: TransportRequest): boolean
  /** @throws {ChannelError} BAD_OPTIONS for a request it does not accept */
  stream(request: TransportRequest, observer: TransportObserver): HangUp
}
