import { toChannelError } from '../core/channel-error.js'
import { quietly } from '../platform/quietly.js'
import {
  byteHeaders,
  httpTransport,
  type ExchangeListener,
  type ExchangeRequest,
  type HttpExchange,
} from './http-exchange.js'
import type { Transport } from './transport.js'

/** `fetch` with a readable body: H5, Node, and wherever a realm has both. */
export const fetchExchange: HttpExchange = {
  name: 'fetch',

  isSupported: () =>
    typeof fetch === 'function' &&
    typeof ReadableStream === 'function' &&
    typeof AbortController === 'function',

  open(request, listener) {
    const abort = new AbortController()
    run(request, listener, abort.signal).catch((thrown: unknown) =>
      listener.fail(toChannelError(thrown, 'CONNECTION_LOST')),
    )
    return () => abort.abort()
  },
}

async function run(request: ExchangeRequest, listener: ExchangeListener, signal: AbortSignal) {
  const response = await fetch(request.url, {
    method: request.method,
    headers: byteHeaders(request),
    // A stream must come from the server: a cached answer would replay an old run.
    cache: 'no-store',
    signal,
    ...(request.withCredentials !== undefined && {
      credentials: request.withCredentials ? 'include' : 'same-origin',
    }),
    ...(request.body !== undefined && { body: request.body }),
  })
  const body = response.body?.getReader()
  // An app's own `fetch` may wrap the platform's and know no signal.
  const cancel = () => void quietly(() => body?.cancel())
  if (signal.aborted) return cancel()
  signal.addEventListener('abort', cancel)
  listener.head(response.status, headersOf(response), response.url)
  for (let read = await body?.read(); read && !read.done; read = await body?.read())
    listener.chunk(read.value)
  listener.end()
}

function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {}
  response.headers.forEach((value, name) => {
    headers[name] = value
  })
  return headers
}

/** `fetch` with a body that is read as it comes: H5, and everything else that has both. */
export const fetchTransport: Transport = /* @__PURE__ */ httpTransport(fetchExchange)
