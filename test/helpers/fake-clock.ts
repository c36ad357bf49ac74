import type { Clock } from '../../src/core/clock.js'

/** A clock whose time passes only when a test says so. `random()` is 0.5. */
export class FakeClock implements Clock {
  time = 1_000_000
  /** Every `setTimeout` so far. */
  timersMade = 0
  private timers: { run: () => void; at: number }[] = []

  now = (): number => this.time
  random = (): number => 0.5

  setTimeout = (run: () => void, delayMs: number): unknown => {
    const timer = { run, at: this.time + delayMs }
    this.timersMade++
    this.timers.push(timer)
    return timer
  }

  clearTimeout = (handle: unknown): void => {
    this.timers = this.timers.filter((timer) => timer !== handle)
  }

  /** Timers that are pending. */
  get pending(): number {
    return this.timers.length
  }

  /** Milliseconds until the next timer; undefined without one. */
  get nextIn(): number | undefined {
    return this.timers.length ? Math.min(...this.timers.map((timer) => timer.at)) - this.time : undefined
  }

  /** Time passes and each timer fires when it is due. */
  advance(ms: number): void {
    const until = this.time + ms
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.time = Math.max(this.time, next.at)
      this.clearTimeout(next)
      next.run()
    }
    this.time = until
  }

  /** The process was suspended: time has passed at once, then all that is due fires late and together. */
  suspend(ms: number): void {
    this.time += ms
    const due = this.timers.filter((timer) => timer.at <= this.time)
    this.timers = this.timers.filter((timer) => timer.at > this.time)
    for (const timer of due) timer.run()
  }
}
