import type { Lifecycle } from '../../src/core/lifecycle.js'

/** A platform that sleeps and wakes when a test says so. */
export class FakeLifecycle implements Lifecycle {
  awake = true
  readonly listeners = new Set<(awake: boolean) => void>()

  isAwake = (): boolean => this.awake

  subscribe = (listener: (awake: boolean) => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  set(awake: boolean): void {
    this.awake = awake
    for (const listener of [...this.listeners]) listener(awake)
  }
}
