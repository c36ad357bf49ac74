import { awaitReply } from '../../transports/await-reply.js'
import { checkHeaders } from '../../transports/check-headers.js'
import { httpError } from '../../transports/http-error.js'
import { addQuery, routeUrl } from '../../transports/route-url.js'

export type HeaderSource =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | PromiseLike<Readonly<Record<string, string>>>)

/** Where conversations are asked for. */
export interface HttpPlace {
  readonly url: string
  readonly headers: HeaderSource
  readonly withCredentials: boolean
}

/** A silent server is given up after so long, in milliseconds. */
const LIMIT_MS = 30_000

/**
 * A request below `~conversations`, on every platform: `fetch`, or the platform's own.
 * @param path begins with a slash, or is empty
 * @param body makes it a POST
 * @throws {ChannelError} by status; CONNECTION_LOST; BAD_OPTIONS (headers)
 */
export async function askConversations(
  { url, headers, withCredentials }: HttpPlace,
  path: string,
  { body, query = {} }: { readonly body?: unknown; readonly query?: Readonly<Record<string, string>> } = {},
): Promise<unknown> {
  const own = checkHeaders(typeof headers === 'function' ? await headers() : headers)
  const isPost = body !== undefined
  const reply = await awaitReply(
    {
      method: isPost ? 'POST' : 'GET',
      url: addQuery(routeUrl(url, `/~conversations${path}`), query),
      headers: { accept: 'application/json', ...own, ...(isPost && { 'content-type': 'application/json' }) },
      ...(isPost && { body: JSON.stringify(body) }),
      ...(withCredentials && { withCredentials }),
    },
    LIMIT_MS,
  )
  const answer = parse(reply.body)
  const isFine = Number.isNaN(reply.status) || (reply.status >= 200 && reply.status < 300)
  // Else a page of a gateway, or the error of a server whose status is hidden.
  if (isFine && answer && !('error' in answer)) return answer
  throw httpError(reply, reply.body)
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
