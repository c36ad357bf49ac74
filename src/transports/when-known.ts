import { ChannelError, toChannelError } from '../core/channel-error.js'
import { createSerialHangUp } from '../core/serial-hang-up.js'
import type { HangUp, Observer } from '../core/source.js'
import { isThenable } from '../platform/quietly.js'

/**
 * Connects once something is known that a connection needs: at once, or when what was promised is there. Nothing has left
 * before, so a promise that is rejected costs nothing and may be asked for again. Hung up while it waits, it never
 * connects; hung up by what the connection tells while it is being made, it hangs that up.
 * @param what it is, for the error: "The headers"
 */
export function whenKnown<T>(
  known: T | PromiseLike<T>,
  what: string,
  observer: Observer,
  connect: (known: T) => HangUp,
): HangUp {
  if (!isThenable(known)) return connect(known as T)
  const line = createSerialHangUp()
  let isOver = false
  known.then(
    (value) => {
      if (isOver) return
      try {
        line.connect(() => connect(value as T))
      } catch (thrown) {
        observer.lost(toChannelError(thrown, 'CONNECTION_LOST'))
      }
    },
    (thrown) => {
      if (isOver) return
      // Most likely the request for it got nowhere.
      const message = `${what} could not be had: ${String(thrown)}.`
      observer.unsent(new ChannelError('CONNECTION_LOST', message, { cause: thrown }))
    },
  )
  return () => {
    isOver = true
    line.end()
  }
}
