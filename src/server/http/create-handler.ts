import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hub } from '../hub/hub.js'
import type { HandlerOptions } from './handler-options.js'
import { accessOf } from './headers.js'
import { nodeExchange } from './node-exchange.js'
import { readJson } from './read-body.js'
import { parseTarget } from './route.js'
import { createServing } from './serving.js'

/** A handler for `node:http`, Express and Connect. Never throws and never rejects. */
export interface Handler {
  /** What is none of its routes goes to `next`, or is answered with 404. */
  (request: IncomingMessage, response: ServerResponse, next?: () => void): void
  /**
   * Ends all streams in order and refuses new requests with 503, so that clients read on elsewhere. Runs go on:
   * see `hub.shutdown`. Resolves when every connection it held is closed; those that hang are cut after a second.
   */
  close(): Promise<void>
}

/**
 * Serves a hub over HTTP.
 * @see docs/protocol.md#routes
 */
export function createHandler(hub: Hub, options: HandlerOptions): Handler {
  const serving = createServing(hub, 'http', options)

  function handle(request: IncomingMessage, response: ServerResponse, next?: () => void) {
    const { path, query } = parseTarget(request.url ?? '/')
    const route = serving.match(path)
    if (!route && next) return next()
    serving.serve(
      { ...accessOf(request, query), route, readJson: (limits) => readJson(request, limits) },
      nodeExchange(request, response),
    )
  }

  return Object.assign(handle, { close: serving.close })
}
