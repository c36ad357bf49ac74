/** A pending timer; what it really is differs between runtimes. */
export type TimerHandle = unknown

/** Time as a port, so that sessions run under a test's clock and in realms of any kind. */
export interface Clock {
  /**
   * Milliseconds since the epoch, as far as was known when the app began: for durations. It never goes back and never
   * jumps, though somebody sets the device's clock.
   */
  now(): number
  setTimeout(run: () => void, delayMs: number): TimerHandle
  clearTimeout(handle: TimerHandle): void
  /** Uniform in [0, 1). */
  random(): number
}
