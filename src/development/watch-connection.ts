import { toChannelError, type ChannelError } from '../core/channel-error.js'
import type { HangUp, Observer } from '../core/source.js'
import { failureMistake } from './failure-mistake.js'
import { warn } from './warn.js'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

const pageAddress = () => (typeof location === 'object' ? location.href : undefined)

/**
 * Opens a connection, and in development says on the console why it could not be had, where the app is to blame.
 * @param url the address that was given, for the words
 * @param reading whether a channel is read that was started before
 */
export function watchConnection(
  url: () => string,
  reading: boolean,
  observer: Observer,
  open: (observer: Observer) => HangUp,
): HangUp {
  let answered = false
  function tell(error: ChannelError) {
    try {
      // Written out: this way bundlers leave the words out of what is built for production.
      if (process.env.NODE_ENV !== 'production')
        warn(() => failureMistake({ url: url(), reading, error, answered, page: pageAddress() }))
    } catch {
      // A page without a bundler has no `process`.
    }
  }
  try {
    return open({
      ...observer,
      opened(head) {
        answered = true
        observer.opened(head)
      },
      lost(error) {
        tell(error)
        observer.lost(error)
      },
      unsent(error) {
        tell(error)
        observer.unsent(error)
      },
    })
  } catch (thrown) {
    tell(toChannelError(thrown, 'BAD_OPTIONS'))
    throw thrown
  }
}
