import { ChannelError } from '../core/channel-error.js'
import { byteHeaders, httpTransport, type HttpExchange } from './http-exchange.js'
import type { Transport } from './transport.js'

/**
 * XMLHttpRequest keeps all it has received in one string, as long as the request lasts.
 * At this size, in characters, an answer is cut; its reader goes on from its cursor with an empty one.
 */
const MAX_RECEIVED = 8 * 1024 * 1024

/** XMLHttpRequest with progress events: browsers and WebViews whose `fetch` has no readable body. */
export const xhrExchange: HttpExchange = {
  name: 'xhr',

  isSupported: () => typeof XMLHttpRequest === 'function',

  open(request, listener) {
    const xhr = new XMLHttpRequest()
    let read = 0

    function readOn() {
      if (xhr.status === 0) return
      if (xhr.readyState >= xhr.HEADERS_RECEIVED && read === 0)
        listener.head(xhr.status, parseHeaders(xhr.getAllResponseHeaders()), xhr.responseURL || undefined)
      const text = xhr.responseText
      if (text.length === read) return
      const piece = text.slice(read)
      read = text.length
      listener.chunk(piece)
    }

    xhr.open(request.method, request.url)
    xhr.withCredentials = request.withCredentials === true
    const headers = byteHeaders(request)
    for (const name of Object.keys(headers)) xhr.setRequestHeader(name, headers[name] as string)
    // An event stream is UTF-8 whatever its head says.
    xhr.overrideMimeType('text/plain; charset=utf-8')
    xhr.onreadystatechange = () => {
      if (xhr.readyState === xhr.HEADERS_RECEIVED) readOn()
    }
    xhr.onprogress = () => {
      readOn()
      if (read <= MAX_RECEIVED) return
      xhr.abort()
      listener.fail(new ChannelError('CONNECTION_LOST', 'The answer outgrew what XMLHttpRequest may hold.'))
    }
    xhr.onload = () => {
      readOn()
      listener.end()
    }
    xhr.onerror = xhr.ontimeout = () => listener.fail(new ChannelError('CONNECTION_LOST'))
    xhr.send(request.body ?? null)
    return () => xhr.abort()
  },
}

function parseHeaders(lines: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1).trim()
  }
  return headers
}

/** `XMLHttpRequest`, read as it grows: browsers whose `fetch` gives no stream. */
export const xhrTransport: Transport = /* @__PURE__ */ httpTransport(xhrExchange)
