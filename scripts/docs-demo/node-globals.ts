import { Bytes } from './bytes.js'

// What the server takes from Node, for a service worker. esbuild puts these in the place of the globals.

/** A timer that may be told not to keep the process: there is none. */
class Timer {
  constructor(readonly id: number) {}
  unref(): this {
    return this
  }
  /** `clearTimeout()` of a browser asks for a number. */
  valueOf(): number {
    return this.id
  }
}

const later = globalThis.setTimeout as unknown as (run: () => void, delayMs?: number) => number

export const setTimeout = (run: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) =>
  new Timer(later(() => run(...args), delayMs))

export const setImmediate = (run: () => void) => setTimeout(run, 0)

export { Bytes as Buffer }
