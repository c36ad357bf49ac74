type Listener = (...values: never[]) => void

/** Listeners by event, called in order of their registration. */
export class Emitter<Events extends Record<keyof Events, Listener>> {
  readonly #listeners = new Map<keyof Events, Listener[]>()

  on<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
    return this
  }

  /** Removes the listener; one that was never added changes nothing. */
  off<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    const listeners = this.#listeners.get(event) ?? []
    const index = listeners.lastIndexOf(listener)
    if (index >= 0)
      this.#listeners.set(
        event,
        listeners.filter((_, each) => each !== index),
      )
    return this
  }

  removeAll(event: keyof Events): void {
    this.#listeners.delete(event)
  }

  /** A listener that throws keeps nothing from the others; its error surfaces as an uncaught one. */
  emit<Name extends keyof Events>(event: Name, ...values: Parameters<Events[Name]>): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(...(values as never[]))
      } catch (thrown) {
        surface(thrown)
      }
    }
  }
}

/** Makes an uncaught error of what somebody else's code threw, without stopping what is going on here. */
export function surface(thrown: unknown): void {
  setTimeout(() => {
    throw thrown
  })
}
