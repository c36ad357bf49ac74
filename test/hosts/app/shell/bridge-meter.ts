import type { BridgeStats } from '../app-options.js'

/** Counts what crosses the bridge: on a phone every crossing is a copy between processes. */
export class BridgeMeter {
  #stats = empty()

  record(direction: keyof BridgeStats, text: string): void {
    this.#stats[direction].messages++
    this.#stats[direction].bytes += new TextEncoder().encode(text).length
  }

  stats(): BridgeStats {
    return structuredClone(this.#stats)
  }

  reset(): void {
    this.#stats = empty()
  }
}

const empty = (): BridgeStats => ({
  toView: { messages: 0, bytes: 0 },
  toService: { messages: 0, bytes: 0 },
})
