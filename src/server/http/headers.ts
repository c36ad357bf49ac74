import type { IncomingMessage } from 'node:http'
import type { AccessRequest } from '../access/authorize.js'

/** One header of a request; values that came more than once are joined. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** All headers, names in lower case. */
export function headersOf(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(request.headers).map((name) => [name, header(request, name)]))
}

/** What a gate wants to know of a request. */
export function accessOf(request: IncomingMessage, query: URLSearchParams): AccessRequest {
  return { headers: headersOf(request), query, address: request.socket.remoteAddress }
}
