import type { SourceEvent, SourceListener } from './source-event.js'

interface Entry {
  readonly listener: SourceListener
  readonly once: boolean
}

/** The listeners of one target: the part of the DOM's EventTarget that events without bubbling need. */
export class Listeners {
  readonly #byType = new Map<string, Entry[]>()
  readonly #handlers = new Map<string, { handler: ((event: SourceEvent) => unknown) | null }>()

  add(type: string, listener: SourceListener | null, once = false): void {
    const entries = this.#byType.get(type) ?? []
    if (!listener || entries.some((entry) => entry.listener === listener)) return
    this.#byType.set(type, [...entries, { listener, once }])
  }

  remove(type: string, listener: SourceListener | null): void {
    const entries = this.#byType.get(type)
    if (entries)
      this.#byType.set(
        type,
        entries.filter((entry) => entry.listener !== listener),
      )
  }

  /** An `on…` attribute. Its place among the listeners is where it was first set. */
  setHandler(type: string, handler: unknown, target: object): void {
    const value = typeof handler === 'function' ? (handler as (event: SourceEvent) => unknown) : null
    const known = this.#handlers.get(type)
    if (known) {
      known.handler = value
      return
    }
    if (!value) return
    const slot = { handler: value as typeof value | null }
    this.#handlers.set(type, slot)
    this.add(type, (event) => void slot.handler?.call(target, event))
  }

  getHandler(type: string): ((event: SourceEvent) => unknown) | null {
    return this.#handlers.get(type)?.handler ?? null
  }

  /** Calls all that are there now. A throw is reported and does not keep the others. */
  dispatch(event: SourceEvent, target: object): void {
    for (const entry of this.#byType.get(event.type) ?? []) {
      // Removed by one before it.
      if (!this.#byType.get(event.type)?.includes(entry)) continue
      if (entry.once) this.remove(event.type, entry.listener)
      try {
        if (typeof entry.listener === 'function') entry.listener.call(target, event)
        else entry.listener.handleEvent(event)
      } catch (thrown) {
        setTimeout(() => {
          throw thrown
        })
      }
    }
  }
}
