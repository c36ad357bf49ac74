import type { HangUp } from '../core/source.js'
import { isRefusedByCors, resolveUrl } from '../transports/resolve-url.js'
import { openEventStream } from './event-stream.js'
import { Listeners } from './listeners.js'
import { messageEvent, plainEvent, type SourceEvent, type SourceListener } from './source-event.js'

export interface EventSourceInit {
  /** Cookies to other origins too. Default false. */
  readonly withCredentials?: boolean
}

type Handler = ((this: EventSource, event: SourceEvent) => unknown) | null

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2

/** The pause before a reconnect until the server wishes another, in milliseconds. */
const RECONNECTION_TIME_MS = 3_000

/**
 * The standard's EventSource, for platforms that have none.
 * Known differences where it runs on `fetch`: a Last-Event-ID always asks other origins' permission first, and a page
 * that stops loading looks like a lost network.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventSource {
  static readonly CONNECTING = CONNECTING
  static readonly OPEN = OPEN
  static readonly CLOSED = CLOSED
  declare readonly CONNECTING: 0
  declare readonly OPEN: 1
  declare readonly CLOSED: 2

  readonly url: string
  readonly withCredentials: boolean
  #state: 0 | 1 | 2 = CONNECTING
  #lastEventId = ''
  #reconnectionTimeMs = RECONNECTION_TIME_MS
  #opened = false
  #hangUp: HangUp | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #listeners = new Listeners()

  /** @throws {SyntaxError} the address is none; a DOMException where the realm has such */
  constructor(url: string | { toString(): string }, init: EventSourceInit = {}) {
    const resolved = resolveUrl(String(url))
    if (resolved === undefined)
      throw syntaxError(`"${String(url)}" is not an address an EventSource can open.`)
    this.url = resolved
    this.withCredentials = Boolean(init.withCredentials)
    // In a task of its own, so that handlers set after the constructor hear of everything.
    this.#timer = setTimeout(() => this.#connect())
  }

  get readyState(): 0 | 1 | 2 {
    return this.#state
  }

  close(): void {
    this.#state = CLOSED
    clearTimeout(this.#timer)
    this.#hangUp?.()
    this.#hangUp = undefined
  }

  addEventListener(
    type: string,
    listener: SourceListener | null,
    options?: boolean | { once?: boolean },
  ): void {
    this.#listeners.add(type, listener, typeof options === 'object' && options.once === true)
  }

  removeEventListener(type: string, listener: SourceListener | null): void {
    this.#listeners.remove(type, listener)
  }

  dispatchEvent(event: SourceEvent): boolean {
    this.#listeners.dispatch(event, this)
    return true
  }

  get onopen(): Handler {
    return this.#listeners.getHandler('open')
  }
  set onopen(handler: Handler) {
    this.#listeners.setHandler('open', handler, this)
  }
  get onmessage(): Handler {
    return this.#listeners.getHandler('message')
  }
  set onmessage(handler: Handler) {
    this.#listeners.setHandler('message', handler, this)
  }
  get onerror(): Handler {
    return this.#listeners.getHandler('error')
  }
  set onerror(handler: Handler) {
    this.#listeners.setHandler('error', handler, this)
  }

  #connect() {
    if (this.#state !== CONNECTING) return
    let origin = ''
    const { url, withCredentials } = this
    this.#hangUp = openEventStream(
      { url, withCredentials, lastEventId: this.#lastEventId },
      {
        opened: (from) => {
          if (this.#state === CLOSED) return
          origin = from
          this.#opened = true
          this.#state = OPEN
          this.#fire('open')
        },
        event: (type, data, lastEventId) => {
          if (this.#state === CLOSED) return
          this.dispatchEvent(messageEvent(type, this, { data, lastEventId, origin }))
        },
        id: (id) => (this.#lastEventId = id),
        retry: (delayMs) => (this.#reconnectionTimeMs = delayMs),
        failed: () => this.#fail(),
        lost: () => this.#reestablish(),
      },
    )
    // Closed by a handler that was called before the connection was in hand.
    if (this.readyState === CLOSED) this.close()
  }

  #reestablish() {
    const again = () => {
      if (this.#state === CLOSED) return
      this.#state = CONNECTING
      this.#timer = setTimeout(() => this.#connect(), this.#reconnectionTimeMs)
      this.#fire('error')
    }
    // In a task of its own, so that the events before it have been heard.
    if (this.#opened) this.#timer = setTimeout(again)
    else
      void isRefusedByCors(this.url, this.withCredentials).then((refused) =>
        refused ? this.#fail() : again(),
      )
  }

  #fail() {
    if (this.#state === CLOSED) return
    this.close()
    this.#fire('error')
  }

  #fire(type: 'open' | 'error') {
    this.dispatchEvent(plainEvent(type, this))
  }
}

for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSED }))
  Object.defineProperty(EventSource.prototype, name, { value, enumerable: true })

function syntaxError(message: string): Error {
  if (typeof DOMException === 'function') return new DOMException(message, 'SyntaxError')
  const error = new Error(message)
  error.name = 'SyntaxError'
  return error
}
