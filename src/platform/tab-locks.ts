import { quietly } from './quietly.js'

/**
 * Names that one tab of an origin holds at a time. A tab that is closed, or dies, lets go of all.
 * @see https://developer.mozilla.org/docs/Web/API/Web_Locks_API
 */
export interface TabLocks {
  /** Holds the name, as soon as no other tab does. Returns what lets go of it. */
  hold(name: string): () => void
  /** Calls once when no tab holds the name. Returns its undo. */
  whenFree(name: string, listener: () => void): () => void
}

/** Undefined where there are none: in mini-programs and apps, over plain http, in browsers of before 2022. */
export function tabLocks(): TabLocks | undefined {
  const locks = quietly(() => (typeof navigator === 'object' ? navigator.locks : undefined))
  if (typeof locks?.request !== 'function') return undefined

  /** Refused where storage is forbidden: then nobody is told, and other signs have to do. */
  const request = (name: string, granted: () => Promise<void> | void) =>
    void locks.request(name, async () => granted()).catch(() => undefined)

  return {
    hold(name) {
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      request(name, () => held)
      return release
    },
    whenFree(name, listener) {
      let isWanted = true
      request(name, () => {
        if (isWanted) listener()
      })
      return () => void (isWanted = false)
    },
  }
}
