import { toChannelError } from '../core/channel-error.js'
import { muteable } from './mute.js'
import { createResponseReader } from './response-reader.js'
import type { Transport } from './transport.js'

/** `fetch` with a readable body: H5, Node, and wherever a realm has both. */
export const fetchTransport: Transport = {
  name: 'fetch',

  isSupported: () =>
    typeof fetch === 'function' &&
    typeof ReadableStream === 'function' &&
    typeof AbortController === 'function',

  stream(request, target) {
    const { observer, mute } = muteable(target)
    const abort = new AbortController()
    const reader = createResponseReader(observer, request.lastEventId)

    async function run() {
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        // A stream must come from the server: a cached answer would replay an old run.
        cache: 'no-store',
        signal: abort.signal,
        ...(request.body !== undefined && { body: request.body }),
      })
      reader.head(response.status, headersOf(response))
      const body = response.body?.getReader()
      for (let read = await body?.read(); read && !read.done; read = await body?.read())
        reader.chunk(read.value)
      reader.end()
    }

    run().catch((thrown: unknown) => reader.fail(toChannelError(thrown, 'CONNECTION_LOST')))
    return () => {
      mute()
      abort.abort()
    }
  },
}

function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {}
  response.headers.forEach((value, name) => {
    headers[name] = value
  })
  return headers
}
