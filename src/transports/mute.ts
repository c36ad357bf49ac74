import { ChannelError } from '../core/channel-error.js'
import { MAX_EVENT_CHARS } from '../core/sse.js'
import type { TransportObserver } from './transport.js'

/**
 * The observer, and the switch that silences it for good. Platforms call back late: after an abort, after a
 * timeout, after the app came back from the background. An event over the limit ends it, by whatever it came.
 */
export function muteable(observer: TransportObserver): {
  observer: Required<TransportObserver>
  mute(): void
} {
  let live = true
  const finish = (report: () => void) => {
    if (!live) return
    live = false
    report()
  }
  return {
    observer: {
      opened: (head) => live && observer.opened(head),
      event(event) {
        if (event.data.length > MAX_EVENT_CHARS)
          return finish(() => observer.lost(new ChannelError('EVENT_TOO_LARGE')))
        if (live) observer.event(event)
      },
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
