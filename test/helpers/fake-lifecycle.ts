import type { Lifecycle, LifecycleChange } from '../../src/core/lifecycle.js'

/** A platform that hides the app, and takes its network, when a test says so. */
export class FakeLifecycle implements Lifecycle {
  foreground = true
  online = true
  readonly listeners = new Set<(change: LifecycleChange) => void>()

  isForeground = (): boolean => this.foreground
  isOnline = (): boolean => this.online

  subscribe = (listener: (change: LifecycleChange) => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  tell(change: LifecycleChange): void {
    if (change === 'background' || change === 'foreground') this.foreground = change === 'foreground'
    if (change === 'offline' || change === 'online') this.online = change === 'online'
    for (const listener of [...this.listeners]) listener(change)
  }
}
