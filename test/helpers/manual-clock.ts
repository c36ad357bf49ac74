import type { Clock } from '../../src/core/clock.js'

/** A clock that stands until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time on and runs what is due, in order. */
  advance(ms: number): void
  /** Timers that are set. */
  readonly pending: number
}

export function manualClock(start = 1_000_000): ManualClock {
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  let now = start
  let handles = 0
  return {
    now: () => now,
    random: () => 0.5,
    setTimeout(run, delayMs) {
      timers.set(++handles, { at: now + delayMs, run })
      return handles
    },
    clearTimeout: (handle) => void timers.delete(handle as number),
    get pending() {
      return timers.size
    },
    advance(ms) {
      const until = now + ms
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0]
        if (!due) break
        timers.delete(due[0])
        now = due[1].at
        due[1].run()
      }
      now = until
    },
  }
}
