import { ChannelError } from '../core/channel-error.js'
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
    let seen: 'nothing' | 'head' | 'chunks' = 'nothing'

    function head(status: number | undefined, headers: Record<string, unknown> = {}) {
      // HarmonyOS gives NaN for a status it does not know.
      if (seen !== 'nothing' || !status) return
      seen = 'head'
      listener.head(status, headers)
    }

    const task = uni.request({
      url: request.url,
      method: request.method,
      header: { ...request.headers },
      ...(request.body !== undefined && { data: request.body }),
      ...(request.withCredentials && { withCredentials: true }),
      enableChunked: true,
      // Else a body of JSON is parsed and its text lost.
      dataType: 'text',
      timeout: PLATFORM_TIMEOUT_MS,
      // Without a callback there is no task.
      success(result) {
        head(result.statusCode, (result.header ?? {}) as Record<string, unknown>)
        // No chunk came (WeChat on PC, old libraries): the whole body is here. If chunks came, it may be here again.
        if (seen !== 'chunks' && result.data) {
          listener.whole?.()
          listener.chunk(bodyOf(result.data))
        }
        listener.end()
      },
      fail(failure) {
        listener.fail(new ChannelError('CONNECTION_LOST', undefined, { cause: failure }))
      },
    }) as unknown as ChunkedTask

    if (typeof task.onChunkReceived !== 'function') listener.whole?.()
    task.onHeadersReceived?.(({ statusCode, header }) => head(statusCode, header))
    task.onChunkReceived?.(({ data }) => {
      seen = 'chunks'
      listener.chunk(data)
    })
    return () => task.abort()
  },
}

function bodyOf(data: string | AnyObject | ArrayBuffer): string | ArrayBuffer {
  return typeof data === 'string' || data instanceof ArrayBuffer ? data : JSON.stringify(data)
}

export const uniRequestTransport: Transport = httpTransport(uniRequestExchange)
