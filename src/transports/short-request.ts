import { ChannelError } from '../core/channel-error.js'
import type { HangUp } from '../core/source.js'
import { answerInFailure, type UniAnswer } from './answer-in-failure.js'
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
  return typeof fetch === 'function' ? byFetch(request, listener) : byUni(request, listener)
}

function byFetch({ method, url, headers, body }: TransportRequest, listener: ReplyListener): HangUp {
  const abort = typeof AbortController === 'function' ? new AbortController() : undefined
  async function run() {
    const response = await fetch(url, {
      method,
      headers,
      cache: 'no-store',
      // A page that is being closed may still say stop. With it, browsers refuse bodies over 64 KB.
      keepalive: method === 'POST' && body === undefined,
      ...(abort && { signal: abort.signal }),
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

function byUni({ method, url, headers, body }: TransportRequest, listener: ReplyListener): HangUp {
  const answered = ({ statusCode, header, data }: UniAnswer) =>
    listener.replied({
      status: statusCode,
      header: (name) => findHeader(header, name),
      // Some platforms parse JSON whatever they were told.
      body: typeof data === 'string' ? data : (JSON.stringify(data) ?? ''),
    })

  const task = uni.request({
    url,
    method,
    header: { ...headers },
    dataType: 'text',
    timeout: PLATFORM_TIMEOUT_MS,
    ...(body !== undefined && { data: body }),
    success: ({ statusCode, header, data }) =>
      answered({ statusCode, header: (header ?? {}) as Record<string, unknown>, data }),
    fail(failure) {
      const answer = answerInFailure(failure)
      if (answer) answered(answer)
      else listener.lost(new ChannelError('CONNECTION_LOST', undefined, { cause: failure }))
    },
  })
  return () => task.abort()
}
