import { httpError } from './http-error.js'
import { shortRequest } from './short-request.js'
import type { TransportRequest } from './transport.js'

/**
 * A plain request whose answer is short: stop.
 * @throws {ChannelError} by status, or CONNECTION_LOST
 */
export function send(request: TransportRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    shortRequest(request, {
      replied(reply) {
        if (reply.status >= 200 && reply.status < 300) resolve()
        else reject(httpError(reply, reply.body))
      },
      lost: reject,
    })
  })
}
