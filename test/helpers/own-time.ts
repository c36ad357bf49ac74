const TICK_MS = 5

/** Milliseconds that passed for this process. */
export interface OwnTime {
  readonly elapsedMs: number
  stop(): void
}

/**
 * Time as this process had it: it passes in ticks of the event loop, and while a busy machine keeps the process
 * waiting, one tick passes at the most. So a bound on it says how long something takes, and not how busy the machine is.
 */
export function startOwnTime(): OwnTime {
  let elapsedMs = 0
  const timer = setInterval(() => (elapsedMs += TICK_MS), TICK_MS)
  timer.unref()
  return {
    get elapsedMs() {
      return elapsedMs
    },
    stop: () => clearInterval(timer),
  }
}
