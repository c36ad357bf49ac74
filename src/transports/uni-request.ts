import { ChannelError } from '../core/channel-error.js'
import { answerInFailure, type UniAnswer } from './answer-in-failure.js'
import { httpTransport, type HttpExchange } from './http-exchange.js'
import type { Transport } from './transport.js'

/** What @dcloudio/types leaves out of a chunked request's task. */
interface ChunkedTask {
  abort(): void
  onChunkReceived?(listener: (chunk: { data: ArrayBuffer | Uint8Array | string }) => void): void
  onHeadersReceived?(
    listener: (head: { header?: Record<string, unknown>; statusCode?: number }) => void,
  ): void
}

/**
 * The platforms' own limit is a total one, 60 s by default, that would kill a healthy stream.
 * Ours are first byte, idle and total, kept by the session.
 */
const PLATFORM_TIMEOUT_MS = 60 * 60 * 1000

/** `uni.request` with `enableChunked`: WeChat and other mini-programs, HarmonyOS. */
export const uniRequestExchange: HttpExchange = {
  name: 'uni-request',

  isSupported: () => typeof uni === 'object' && typeof uni.request === 'function',

  open(request, listener) {
    let chunks = 0

    function answered({ statusCode, header, data }: UniAnswer) {
      listener.head(statusCode, header)
      // No chunk came (WeChat on PC, old libraries): the whole body is here. If chunks came, it may be here again.
      if (chunks === 0 && data) {
        listener.whole?.()
        listener.chunk(bodyOf(data))
      }
      listener.end()
    }

    const task = uni.request({
      url: request.url,
      method: request.method,
      header: {
        ...request.headers,
        ...(request.lastEventId !== undefined && { 'last-event-id': request.lastEventId }),
      },
      ...(request.body !== undefined && { data: request.body }),
      ...(request.withCredentials && { withCredentials: true }),
      enableChunked: true,
      // Else a body of JSON is parsed and its text lost.
      dataType: 'text',
      timeout: PLATFORM_TIMEOUT_MS,
      // Without a callback there is no task.
      success: ({ statusCode, header, data }) =>
        answered({ statusCode, header: (header ?? {}) as Record<string, unknown>, data }),
      fail(failure) {
        const answer = answerInFailure(failure)
        if (answer) answered(answer)
        else listener.fail(new ChannelError('CONNECTION_LOST', undefined, { cause: failure }))
      },
    }) as unknown as ChunkedTask | undefined

    if (typeof task?.onChunkReceived !== 'function') listener.whole?.()
    // HarmonyOS tells headers without a status.
    task?.onHeadersReceived?.(({ statusCode, header }) => listener.head(statusCode || NaN, header ?? {}))
    task?.onChunkReceived?.(({ data }) => {
      chunks++
      listener.chunk(data)
    })
    return () => task?.abort()
  },
}

function bodyOf(data: unknown): string | ArrayBuffer {
  return typeof data === 'string' || data instanceof ArrayBuffer ? data : JSON.stringify(data)
}

export const uniRequestTransport: Transport = httpTransport(uniRequestExchange)
