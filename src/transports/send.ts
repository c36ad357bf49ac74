import { ChannelError } from '../core/channel-error.js'
import { httpError } from './http-error.js'
import type { TransportRequest } from './transport.js'

/**
 * A plain request whose answer is short: stop.
 * @throws {ChannelError} by status, or CONNECTION_LOST
 */
export async function send(request: TransportRequest): Promise<void> {
  const { status, body } = await (typeof fetch === 'function' ? sendByFetch(request) : sendByUni(request))
  if (status < 200 || status >= 300) throw httpError({ status, header: () => undefined }, body)
}

interface Reply {
  readonly status: number
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
    return { status: response.status, body: await response.text() }
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
      success: (result) => resolve({ status: result.statusCode, body: String(result.data) }),
      fail: (failure) => reject(new ChannelError('CONNECTION_LOST', undefined, { cause: failure })),
    })
  })
}
