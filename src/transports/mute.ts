import type { TransportObserver } from './transport.js'

/**
 * The observer, and the switch that silences it for good. Platforms call back late: after an abort, after a
 * timeout, after the app came back from the background.
 */
export function muteable(observer: TransportObserver): { observer: TransportObserver; mute(): void } {
  let live = true
  const finish = (report: () => void) => {
    if (!live) return
    live = false
    report()
  }
  return {
    observer: {
      opened: (head) => live && observer.opened(head),
      event: (event) => live && observer.event(event),
      activity: () => live && observer.activity(),
      retry: (delayMs) => live && observer.retry(delayMs),
      whole: () => live && observer.whole?.(),
      finished: () => finish(() => observer.finished()),
      ended: () => finish(() => observer.ended()),
      lost: (error) => finish(() => observer.lost(error)),
      unsent: (error) => finish(() => (observer.unsent ?? observer.lost)(error)),
    },
    mute() {
      live = false
    },
  }
}
