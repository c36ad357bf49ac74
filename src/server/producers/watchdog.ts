/** A signal that aborts when something expected does not come in time, and when `signal` does. */
export interface Watchdog {
  readonly signal: AbortSignal
  /** From now on within so many milliseconds; `Infinity` for no limit. */
  expect(withinMs: number): void
  /** Aborts now. */
  abort(): void
  /** In the end: it cuts what is left. */
  close(): void
}

export function createWatchdog(): Watchdog {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const abort = () => controller.abort()
  return {
    signal: controller.signal,
    expect(withinMs) {
      clearTimeout(timer)
      if (withinMs !== Infinity) timer = setTimeout(abort, withinMs)
    },
    abort,
    close() {
      clearTimeout(timer)
      abort()
    },
  }
}
