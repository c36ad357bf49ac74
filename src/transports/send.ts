import { ChannelError } from '../core/channel-error.js'
import { systemClock } from '../platform/system-clock.js'
import { httpError } from './http-error.js'
import { shortRequest } from './short-request.js'
import type { TransportRequest } from './transport.js'

/** Dead connections and half-open ones say nothing: after so long it counts as lost. In milliseconds. */
const LIMIT_MS = 15_000

/**
 * A plain request whose answer is short: stop.
 * @throws {ChannelError} by status, or CONNECTION_LOST
 */
export function send(request: TransportRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const hangUp = shortRequest(request, {
      replied(reply) {
        systemClock.clearTimeout(timer)
        if (reply.status >= 200 && reply.status < 300) resolve()
        else reject(httpError(reply, reply.body))
      },
      lost(error) {
        systemClock.clearTimeout(timer)
        reject(error)
      },
    })
    const timer = systemClock.setTimeout(() => {
      reject(new ChannelError('CONNECTION_LOST', 'The server did not answer in time.'))
      hangUp()
    }, LIMIT_MS)
  })
}
