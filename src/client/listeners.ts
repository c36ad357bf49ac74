import { dispatch } from './dispatch.js'
import type { SourceEvent } from './source-event.js'

/** A function, or an object whose `handleEvent()` is called. */
export type SourceListener = ((event: SourceEvent) => unknown) | { handleEvent(event: SourceEvent): unknown }

/** What of an `AbortSignal` is needed: mini-programs have none of their own. */
export interface ListenerSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}

/** How a listener is called. As of `addEventListener()` on the web. */
export interface ListenerOptions {
  /** Called before those without. Default false. */
  readonly capture?: boolean
  /** Removed when it is called. Default false. */
  readonly once?: boolean
  /** Its `preventDefault()` does nothing. Default false. */
  readonly passive?: boolean
  /** Removed when this aborts. */
  readonly signal?: ListenerSignal
}

export interface Entry {
  readonly type: string
  readonly listener: SourceListener
  readonly capture: boolean
  readonly once: boolean
  readonly passive: boolean
  removed: boolean
}

interface Slot {
  handler: object
  readonly entry: Entry
}

/**
 * The listeners of one target: the part of the DOM's EventTarget that events without bubbling need.
 * @see https://dom.spec.whatwg.org/#interface-eventtarget
 */
export class Listeners {
  readonly #byType = new Map<string, readonly Entry[]>()
  readonly #handlers = new Map<string, Slot>()
  #onType: ((type: string) => void) | undefined

  /** @throws {TypeError} it is neither a function nor an object, or the signal is none */
  add(type: string, listener: unknown, options?: boolean | ListenerOptions | null): void {
    const { capture, once, passive, signal } = optionsOf(options)
    if (signal !== undefined && typeof (signal as ListenerSignal | null)?.addEventListener !== 'function')
      throw new TypeError('signal is not an AbortSignal.')
    if (!isListener(listener) || signal?.aborted) return
    if (this.#find(type, listener, capture)) return
    const entry = { type, listener, capture, once, passive, removed: false }
    this.#append(entry)
    signal?.addEventListener('abort', () => this.#drop(entry))
  }

  /** @throws {TypeError} it is neither a function nor an object */
  remove(type: string, listener: unknown, options?: boolean | ListenerOptions | null): void {
    if (!isListener(listener)) return
    const entry = this.#find(type, listener, optionsOf(options).capture)
    if (entry) this.#drop(entry)
  }

  /** An `on…` attribute. Its place among the listeners is where it was last set from nothing to something. */
  setHandler(type: string, handler: unknown): void {
    const slot = this.#handlers.get(type)
    if ((typeof handler !== 'object' && typeof handler !== 'function') || handler === null) {
      this.#handlers.delete(type)
      if (slot) this.#drop(slot.entry)
    } else if (slot) slot.handler = handler
    else this.#addHandler(type, handler)
  }

  getHandler(type: string): object | null {
    return this.#handlers.get(type)?.handler ?? null
  }

  /** Tells each type that is or will be listened to, now and later, some more than once. */
  watchTypes(onType: (type: string) => void): void {
    this.#onType = onType
    for (const type of this.#byType.keys()) onType(type)
  }

  /** See `dispatch`. */
  dispatch(event: SourceEvent, target: object): boolean {
    return dispatch(event, target, this.#of(event.type), (entry) => this.#drop(entry))
  }

  #addHandler(type: string, handler: object) {
    const listener = function (this: unknown, event: SourceEvent) {
      // An attribute may hold any object; only functions are called.
      if (typeof slot.handler !== 'function') return
      if ((slot.handler as (event: SourceEvent) => unknown).call(this, event) === false)
        event.preventDefault?.()
    }
    const entry = { type, listener, capture: false, once: false, passive: false, removed: false }
    const slot: Slot = { handler, entry }
    this.#handlers.set(type, slot)
    this.#append(entry)
  }

  #of(type: string): readonly Entry[] {
    return this.#byType.get(type) ?? []
  }

  // The lists are never changed in place: one may be on its way through a dispatch.
  #append(entry: Entry) {
    this.#byType.set(entry.type, [...this.#of(entry.type), entry])
    this.#onType?.(entry.type)
  }

  #find(type: string, listener: SourceListener, capture: boolean) {
    return this.#of(type).find((entry) => entry.listener === listener && entry.capture === capture)
  }

  #drop(entry: Entry) {
    entry.removed = true
    this.#byType.set(
      entry.type,
      this.#of(entry.type).filter((other) => other !== entry),
    )
  }
}

function optionsOf(options: boolean | ListenerOptions | null | undefined) {
  const { capture, once, passive, signal } =
    typeof options === 'object' && options !== null
      ? options
      : { capture: options, once: false, passive: false, signal: undefined }
  return { capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive), signal }
}

function isListener(listener: unknown): listener is SourceListener {
  if (listener === null || listener === undefined) return false
  if (typeof listener === 'function' || typeof listener === 'object') return true
  throw new TypeError('An event listener is a function or an object with handleEvent().')
}
