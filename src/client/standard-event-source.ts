import type { HangUp } from '../core/source.js'
import { resolveUrl } from '../transports/resolve-url.js'
import { domException } from './dom-exception.js'
import { openEventStream } from './open-event-stream.js'
import { Listeners, type ListenerOptions, type SourceListener } from './listeners.js'
import { messageEvent, plainEvent, type SourceEvent } from './source-event.js'
import { asWebInterface } from './web-interface.js'

/** What the constructor of an `EventSource` takes. */
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

/** Longer timers fire at once, in every runtime. */
const MAX_TIMER_MS = 0x7fffffff

/**
 * The standard's EventSource, for every platform. What it does otherwise, and where: docs/client.md.
 * @example const source = new EventSource('https://api.example.com/prices')
 *   source.onmessage = ({ data }) => show(data)
 *   source.onerror = () => source.readyState === EventSource.CLOSED && giveUp()
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventSource {
  declare static readonly CONNECTING: 0
  declare static readonly OPEN: 1
  declare static readonly CLOSED: 2
  declare readonly CONNECTING: 0
  declare readonly OPEN: 1
  declare readonly CLOSED: 2

  readonly #url: string
  readonly #withCredentials: boolean
  readonly #listeners = new Listeners()
  #state: 0 | 1 | 2 = CONNECTING
  /** Of the next connection: after a redirect, where that led. */
  #address: string
  #lastEventId = ''
  #reconnectionTimeMs = RECONNECTION_TIME_MS
  #hangUp: HangUp | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  /**
   * @param url absolute, except on H5
   * @throws {SyntaxError} the address is none; a DOMException where the realm has such
   * @throws {TypeError} no address, or options that are no object
   */
  constructor(url: string | { toString(): string }, init: EventSourceInit | null = {}) {
    // `undefined` is an address, nothing is not.
    if (arguments.length === 0) throw new TypeError('An EventSource needs an address.')
    if (init !== null && typeof init !== 'object' && typeof init !== 'function')
      throw new TypeError('The second argument of an EventSource is an object of options.')
    // A template, since String() would take symbols too.
    const text = `${url as string}`
    const resolved = resolveUrl(text)
    if (resolved === undefined)
      throw domException('SyntaxError', 12, `"${text}" is not an address an EventSource can open.`)
    this.#url = this.#address = resolved
    this.#withCredentials = Boolean(init?.withCredentials)
    // In a task of its own, so that handlers set after the constructor hear of everything.
    this.#timer = setTimeout(() => this.#connect())
  }

  /** Absolute. After a redirect still what it was opened with. */
  get url(): string {
    return this.#url
  }
  get withCredentials(): boolean {
    return this.#withCredentials
  }
  /** 0 `CONNECTING`, also between two connections; 1 `OPEN`; 2 `CLOSED`, for good. */
  get readyState(): 0 | 1 | 2 {
    return this.#state
  }

  get onopen(): Handler {
    return this.#listeners.getHandler('open') as Handler
  }
  set onopen(handler: Handler) {
    this.#listeners.setHandler('open', handler)
  }
  get onmessage(): Handler {
    return this.#listeners.getHandler('message') as Handler
  }
  set onmessage(handler: Handler) {
    this.#listeners.setHandler('message', handler)
  }
  /** Connecting again when `readyState` is 0, given up when it is 2. */
  get onerror(): Handler {
    return this.#listeners.getHandler('error') as Handler
  }
  set onerror(handler: Handler) {
    this.#listeners.setHandler('error', handler)
  }

  /** Nothing is heard any more, and it does not connect again. Idempotent. */
  close(): void {
    this.#state = CLOSED
    clearTimeout(this.#timer)
    this.#hangUp?.()
    this.#hangUp = undefined
  }

  /** @throws {TypeError} the listener is neither a function nor an object, or the signal is none */
  addEventListener(type: string, listener: SourceListener | null, options?: boolean | ListenerOptions): void {
    this.#listeners.add(String(type), listener, options)
  }

  /** @param options of these only `capture` counts: with and without are two listeners */
  removeEventListener(
    type: string,
    listener: SourceListener | null,
    options?: boolean | ListenerOptions,
  ): void {
    this.#listeners.remove(String(type), listener, options)
  }

  /**
   * @param event an `Event`; where the realm has none, any object with a `type`
   * @returns false when its default was prevented
   * @throws {TypeError} no event
   * @throws {InvalidStateError} it is being dispatched already
   */
  dispatchEvent(event: SourceEvent): boolean {
    if (typeof (event as SourceEvent | null | undefined)?.type !== 'string')
      throw new TypeError('Only an event can be dispatched.')
    return this.#listeners.dispatch(event, this)
  }

  #connect() {
    if (this.#state !== CONNECTING) return
    this.#hangUp = openEventStream(
      {
        url: this.#address,
        withCredentials: this.#withCredentials,
        lastEventId: this.#lastEventId,
        watchTypes: (onType) => this.#listeners.watchTypes(onType),
      },
      {
        opened: (url) => {
          if (this.#state === CLOSED) return
          this.#address = url
          this.#state = OPEN
          this.#listeners.dispatch(plainEvent('open'), this)
        },
        event: (message) => {
          if (this.#state !== CLOSED) this.#listeners.dispatch(messageEvent(message), this)
        },
        id: (id) => (this.#lastEventId = id),
        retry: (delayMs) => (this.#reconnectionTimeMs = Math.min(delayMs, MAX_TIMER_MS)),
        reconnecting: () => this.#wait(),
        lost: () => {
          // In a task of its own, so that the events before it have been heard.
          this.#timer = setTimeout(() => {
            this.#timer = setTimeout(() => this.#connect(), this.#reconnectionTimeMs)
            this.#wait()
          })
        },
        failed: () => {
          if (this.#state === CLOSED) return
          this.close()
          this.#listeners.dispatch(plainEvent('error'), this)
        },
      },
    )
    // Closed by a handler that was called before the connection was in hand.
    if (this.readyState === CLOSED) this.close()
  }

  #wait() {
    if (this.#state === CLOSED) return
    this.#state = CONNECTING
    this.#listeners.dispatch(plainEvent('error'), this)
  }
}

asWebInterface(EventSource, { name: 'EventSource', constants: { CONNECTING, OPEN, CLOSED } })
