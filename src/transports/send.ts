import { ChannelError } from '../core/channel-error.js'
import { findHeader } from './find-header.js'
import { httpError } from './http-error.js'
import type { ResponseHead, TransportRequest } from './transport.js'

/**
 * A plain request whose answer is short: stop.
 * @throws {ChannelError} by status, or CONNECTION_LOST
 */
export async function send(request: TransportRequest): Promise<void> {
  const reply = await (typeof fetch === 'function' ? sendByFetch(request) : sendByUni(request))
  if (reply.status < 200 || reply.status >= 300) throw httpError(reply, reply.body)
}

interface Reply extends ResponseHead {
  readonly body: string
}

async function sendByFetch({ method, url, headers, body }: TransportRequest): Promise<Reply> {
  try {
    // A page that is being closed may still say stop.
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
  return new Promise((resolve, reject) => {
    uni.request({
      url,
      method,
      header: { ...headers },
      dataType: 'text',
      ...(body !== undefined && { data: body }),
      success({ statusCode, data, header }) {
        const headers = (header ?? {}) as Record<string, unknown>
        resolve({ status: statusCode, body: String(data), header: (name) => findHeader(headers, name) })
      },
      fail: (failure) => reject(new ChannelError('CONNECTION_LOST', undefined, { cause: failure })),
    })
  })
}
