import { forUni, forWeb } from '../core/built-for.js'
import { bytesOf } from '../core/bytes-of.js'
import { ChannelError } from '../core/channel-error.js'
import type { HangUp } from '../core/source.js'
import { createUtf8Decoder } from '../core/utf8.js'
import { callUniRequest } from './call-uni-request.js'
import { findHeader } from './find-header.js'
import type { ResponseHead, TransportRequest } from './transport.js'

export interface Reply extends ResponseHead {
  readonly body: string
}

export interface ReplyListener {
  replied(reply: Reply): void
  lost(error: ChannelError): void
}

/** A request whose answer is short and read as a whole. The listener may still be called after the hang-up. */
export function shortRequest(request: TransportRequest, listener: ReplyListener): HangUp {
  return !forUni || (forWeb && typeof fetch === 'function')
    ? byFetch(request, listener)
    : byUni(request, listener)
}

function byFetch(
  { method, url, headers, body, withCredentials }: TransportRequest,
  listener: ReplyListener,
): HangUp {
  const abort = typeof AbortController === 'function' ? new AbortController() : undefined
  async function run() {
    const response = await fetch(url, {
      method,
      headers,
      cache: 'no-store',
      // A page that is being closed may still say stop. With it, browsers refuse bodies over 64 KB.
      keepalive: method === 'POST' && body === undefined,
      ...(abort && { signal: abort.signal }),
      ...(withCredentials && { credentials: 'include' as const }),
      ...(body !== undefined && { body }),
    })
    const header = (name: string) => response.headers.get(name) ?? undefined
    listener.replied({ status: response.status, header, body: await response.text() })
  }
  run().catch((thrown: unknown) =>
    listener.lost(new ChannelError('CONNECTION_LOST', undefined, { cause: thrown })),
  )
  return () => abort?.abort()
}

/** Longer than any short answer takes; a long poll is held for half of it at the most. */
const PLATFORM_TIMEOUT_MS = 60_000

function byUni(
  { method, url, headers, body, withCredentials }: TransportRequest,
  listener: ReplyListener,
): HangUp {
  return callUniRequest(
    {
      url,
      method,
      header: { ...headers },
      timeout: PLATFORM_TIMEOUT_MS,
      ...(body !== undefined && { data: body }),
      ...(withCredentials && { withCredentials: true as const }),
    },
    {
      answered: ({ status, headers, data }) =>
        listener.replied({ status, header: (name) => findHeader(headers, name), body: textOf(data) }),
      failed: (error) => listener.lost(error),
    },
  )
}

function textOf(data: unknown): string {
  const bytes = bytesOf(data)
  if (typeof bytes === 'string') return bytes
  if (!bytes) return JSON.stringify(data) ?? '' // Some platforms parse JSON whatever they were told.
  const utf8 = createUtf8Decoder()
  return utf8.decode(bytes) + utf8.end()
}
