import { awaitReply } from './await-reply.js'
import { httpError } from './http-error.js'
import type { TransportRequest } from './transport.js'

/** In milliseconds. */
const LIMIT_MS = 15_000

/**
 * A plain request whose answer is short: stop.
 * @throws {ChannelError} by status, or CONNECTION_LOST
 */
export async function send(request: TransportRequest): Promise<void> {
  const reply = await awaitReply(request, LIMIT_MS)
  if (!(reply.status >= 200 && reply.status < 300)) throw httpError(reply, reply.body)
}
