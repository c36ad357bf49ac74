type Listener = (value: unknown) => void

/** The `onX` / `offX` pairs of the global API. */
export class ListenerHub {
  readonly #listeners = new Map<string, Listener[]>()
  readonly #reportError: (error: unknown) => void

  constructor(reportError: (error: unknown) => void) {
    this.#reportError = reportError
  }

  /** `{ onName, offName }`; `off` without an argument drops all, as the vendors do. */
  pair(name: string): Record<string, (listener?: Listener) => void> {
    return {
      [`on${name}`]: (listener) => {
        if (listener) this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
      },
      [`off${name}`]: (listener) => {
        const rest = (this.#listeners.get(name) ?? []).filter((known) => listener && known !== listener)
        this.#listeners.set(name, rest)
      },
    }
  }

  emit(name: string, value: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(value)
      } catch (error) {
        this.#reportError(error)
      }
    }
  }
}
