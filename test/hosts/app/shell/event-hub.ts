type Listener = (event: unknown) => void

/** `addEventListener` and `removeEventListener` of one native object, and the way to fire at its listeners. */
export class EventHub {
  readonly #listeners = new Map<string, Listener[]>()

  readonly addEventListener = (name: string, listener: Listener): void => {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
  }

  readonly removeEventListener = (name: string, listener: Listener): void => {
    const rest = (this.#listeners.get(name) ?? []).filter((known) => known !== listener)
    this.#listeners.set(name, rest)
  }

  fire(name: string, event: object = {}): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event)
  }

  /** How many listen: for tests about leaks. */
  count(name: string): number {
    return this.#listeners.get(name)?.length ?? 0
  }
}
