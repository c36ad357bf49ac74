import { httpError } from './http-error.js'
import { shortRequest } from './short-request.js'
import type { TransportRequest } from './transport.js'

/**
 * A plain request whose answer is short: stop.
 * @throws {ChannelError} by status, or CONNECTION_LOST
 */
<<<<<<< HEAD
export function send(request: TransportRequest): Promise<void> {
=======
export async function send(request: TransportRequest): Promise<void> {
  const reply = await (typeof fetch === 'function' ? sendByFetch(request) : sendByUni(request))
  if (reply.status < 200 || reply.status >= 300) throw httpError(reply, reply.body)
}

interface Reply extends ResponseHead {
  readonly body: string
}

async function sendByFetch({ method, url, headers, body }: TransportRequest): Promise<Reply> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      keepalive: true,
      ...(body !== undefined && { body }),
    })
    const header = (name: string) => response.headers.get(name) ?? undefined
    return { status: response.status, header, body: await response.text() }
  } catch (thrown) {
    throw new ChannelError('CONNECTION_LOST', undefined, { cause: thrown })
  }
}

function sendByUni({ method, url, headers, body }: TransportRequest): Promise<Reply> {
>>>>>>> main
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
