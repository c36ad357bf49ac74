import { ChannelError } from '../core/channel-error.js'
import { systemClock } from '../platform/system-clock.js'
import { shortRequest, type Reply } from './short-request.js'
import type { TransportRequest } from './transport.js'

/**
 * The whole answer to a request, of any status. Dead connections and half-open ones say nothing: after so long, in
 * milliseconds, it counts as lost.
 * @throws {ChannelError} CONNECTION_LOST, or what the platform says
 */
export function awaitReply(request: TransportRequest, limitMs: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const hangUp = shortRequest(request, {
      replied(reply) {
        systemClock.clearTimeout(timer)
        resolve(reply)
      },
      lost(error) {
        systemClock.clearTimeout(timer)
        reject(error)
      },
    })
    const timer = systemClock.setTimeout(() => {
      reject(new ChannelError('CONNECTION_LOST', 'The server did not answer in time.'))
      hangUp()
    }, limitMs)
  })
}
