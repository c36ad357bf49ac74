import type { HangUp, Observer } from '../core/source.js'

/** One HTTP exchange whose answer is a stream; transports of other kinds (WebSocket) translate it. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body?: string
  /** The cursor to read on from; also in `headers` as `last-event-id`. */
  readonly lastEventId?: string
}

export interface ResponseHead {
  readonly status: number
  /** Case-insensitive. Platforms differ in how they spell header names. */
  header(name: string): string | undefined
}

/** As a source's observer, but with the whole head. */
export interface TransportObserver extends Omit<Observer, 'opened'> {
  opened(head: ResponseHead): void
}

/** One way for events to reach a client. */
export interface Transport {
  readonly name: string
  /** Asked at run time, never guessed from a platform's name or version. */
  isSupported(): boolean
  stream(request: TransportRequest, observer: TransportObserver): HangUp
}
