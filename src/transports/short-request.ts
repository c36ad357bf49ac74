import { ChannelError } from '../core/channel-error.js'
import type { HangUp } from '../core/source.js'
import type { TransportRequest } from './transport.js'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ReplyListener {
  replied(reply: Reply): void
  lost(error: ChannelError): void
}

/** A request whose answer is short and read as a whole. The listener may still be called after the hang-up. */
export function shortRequest(request: TransportRequest, listener: ReplyListener): HangUp {
  return typeof fetch === 'function' ? byFetch(request, listener) : byUni(request, listener)
}

function byFetch({ method, url, headers, body }: TransportRequest, listener: ReplyListener): HangUp {
  const abort = typeof AbortController === 'function' ? new AbortController() : undefined
  async function run() {
    const response = await fetch(url, {
      method,
      headers,
      cache: 'no-store',
      // A page that is being closed may still say stop.
      keepalive: method === 'POST',
      ...(abort && { signal: abort.signal }),
      ...(body !== undefined && { body }),
    })
    const replyHeaders: Record<string, string> = {}
    response.headers.forEach((value, name) => {
      replyHeaders[name] = value
    })
    listener.replied({ status: response.status, headers: replyHeaders, body: await response.text() })
  }
  run().catch((thrown: unknown) =>
    listener.lost(new ChannelError('CONNECTION_LOST', undefined, { cause: thrown })),
  )
  return () => abort?.abort()
}

/** Longer than any short answer takes; a long poll is held for half of it at the most. */
const PLATFORM_TIMEOUT_MS = 60_000

function byUni({ method, url, headers, body }: TransportRequest, listener: ReplyListener): HangUp {
  const task = uni.request({
    url,
    method,
    header: { ...headers },
    dataType: 'text',
    timeout: PLATFORM_TIMEOUT_MS,
    ...(body !== undefined && { data: body }),
    success: ({ statusCode, header, data }) =>
      listener.replied({
        status: statusCode,
        headers: lowerCase((header ?? {}) as Record<string, unknown>),
        // Some platforms parse JSON whatever they were told.
        body: typeof data === 'string' ? data : JSON.stringify(data),
      }),
    fail: (failure) => listener.lost(new ChannelError('CONNECTION_LOST', undefined, { cause: failure })),
  })
  return () => task.abort()
}

function lowerCase(headers: Record<string, unknown>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const name of Object.keys(headers)) result[name.toLowerCase()] = String(headers[name])
  return result
}
