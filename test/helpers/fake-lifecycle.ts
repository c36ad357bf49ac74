import type { Lifecycle, SleepReason } from '../../src/core/lifecycle.js'

/** A platform that sleeps and wakes when a test says so. */
export class FakeLifecycle implements Lifecycle {
  awake = true
  private why: SleepReason = 'background'
  readonly listeners = new Set<(awake: boolean) => void>()

  isAwake = (): boolean => this.awake

  subscribe = (listener: (awake: boolean) => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  reason = (): SleepReason => this.why

  set(awake: boolean, why: SleepReason = 'background'): void {
    this.awake = awake
    this.why = why
    for (const listener of [...this.listeners]) listener(awake)
  }
}
