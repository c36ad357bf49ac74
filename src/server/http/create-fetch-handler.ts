import type { Hub } from '../hub/hub.js'
import type { HandlerOptions } from './handler-options.js'
import { readWebJson } from './read-web-body.js'
import { parseTarget } from './route.js'
import { createServing } from './serving.js'
import { webExchange } from './web-exchange.js'

/** What the platform knows of a request besides the `Request`. */
export interface FetchContext {
  /** Of the client, as the server or a proxy that is trusted knows it; for `limits.requests` and `authorize`. */
  readonly address?: string | undefined
  /** Answers what is none of the routes. Default: 404. */
  readonly next?: () => Response | Promise<Response>
}

/** A handler for servers that speak `Request` and `Response`. Never rejects, unless `next` does. */
export interface FetchHandler {
  (request: Request, context?: FetchContext): Promise<Response>
  /** As that of `createHandler`. */
  close(): Promise<void>
}

/**
 * Serves a hub over HTTP where requests are those of the Fetch standard: Hono, Deno, Bun, edge functions.
 * @see docs/protocol.md#routes
 */
export function createFetchHandler(hub: Hub, options: HandlerOptions): FetchHandler {
  const serving = createServing(hub, 'fetch', options)

  async function handle(request: Request, { address, next }: FetchContext = {}): Promise<Response> {
    const { path, query } = parseTarget(request.url)
    const route = serving.match(path)
    if (!route && next) return next()
    const exchange = webExchange(request)
    // A request made in this process, by a test or a router, has no host of its own.
    const headers = { host: hostOf(request.url), ...Object.fromEntries(request.headers) }
    const readJson = readWebJson(request)
    serving.serve({ headers, query, address, route, readJson }, exchange)
    return exchange.response
  }

  return Object.assign(handle, { close: serving.close })
}

const hostOf = (url: string) => /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1]
