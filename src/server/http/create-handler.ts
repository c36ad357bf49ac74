import type { IncomingMessage, ServerResponse } from 'node:http'
import { ChannelError } from '../../core/channel-error.js'
import type { Authorize } from '../access/authorize.js'
import type { Hub } from '../hub.js'
import type { Bucket } from '../limits/rate-limiter.js'
import type { CorsPolicy } from './cors.js'
import { createEndpoint, type Reply } from './endpoint.js'
import { accessOf } from './headers.js'
import { createHeartbeat } from './heartbeat.js'
import { createPolls } from './polls.js'
import { toProblem, type Problem } from './problem.js'
import { discardBody, readJson } from './read-body.js'
import { matchRoute, parseTarget, type Route } from './route.js'
import type { Start, StartRequest } from './start.js'
import { nodeTarget } from './node-target.js'
import { createStreams } from './streams.js'

export interface HandlerLimits {
  /** Size of a request body. Default 1 MiB; `Infinity` switches it off. */
  readonly maxBodyBytes?: number
  /** Time for a request body to arrive, in milliseconds. Default 10,000; `Infinity` switches it off. */
  readonly bodyTimeoutMs?: number
  /**
   * Unsent bytes of one connection. Beyond it is cut; its client reads on from its cursor, so nothing is lost.
   * Default 1 MiB; `Infinity` switches it off.
   */
  readonly maxPendingBytes?: number
  /**
   * Age at which a stream is ended in order, in milliseconds; its client reads on with its cursor, is asked again who it
   * is, and may come to another node. Default one hour; `Infinity` switches it off.
   */
  readonly maxConnectionMs?: number
  /** Requests of one user, or of one address where no user is named. Default: any number. */
  readonly requests?: Bucket
}

export interface HandlerOptions {
  /** Where the routes begin, `/api/chat`. Default `/`, for a router that has cut the path already. */
  readonly basePath?: string
  /**
   * Reads a request and says what to run; it must not begin the work itself, since a repeated POST only attaches.
   * Throw a ChannelError to refuse: `BAD_REQUEST`, `UNAUTHORIZED`, `FORBIDDEN`, `RATE_LIMITED`…
   */
  readonly start: (request: StartRequest) => Start | Promise<Start>
  /**
   * Says who asks. Then a channel whose `metadata.userId` is set is that user's alone.
   * Default: whoever knows an id may read and stop; nobody may send.
   */
  readonly authorize?: Authorize
  readonly cors?: CorsPolicy
  /** Silence after which a comment is sent, in milliseconds. Default 15,000; `Infinity` switches it off. */
  readonly heartbeatMs?: number
  /** The pause before a reconnect that clients are asked for, in milliseconds. Default: theirs. */
  readonly retryMs?: number
  readonly limits?: HandlerLimits
}

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
  const { start, cors = [], heartbeatMs = 15_000, retryMs, limits = {}, authorize } = options
  const { maxBodyBytes = 1024 * 1024, bodyTimeoutMs = 10_000, maxPendingBytes = 1024 * 1024 } = limits
  const { maxConnectionMs = 3_600_000 } = limits
  const base = (options.basePath ?? '/').replace(/\/+$/, '')
  const endpoint = createEndpoint(hub, { start, cors, authorize, requests: limits.requests })
  const heartbeat = createHeartbeat(heartbeatMs)
  const streams = createStreams(hub, { heartbeat, retryMs, maxPendingBytes, maxConnectionMs })
  const polls = createPolls(hub)
  let closing: Promise<void> | undefined

  function answer(response: ServerResponse, { status, headers, body }: Problem) {
    if (response.headersSent) return void response.destroy()
    if (response.destroyed) return
    response.writeHead(
      status,
      status === 204 ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
    )
    response.end(response.req.method === 'HEAD' ? undefined : body)
    discardBody(response.req, 2_000)
  }

  function give(response: ServerResponse, reply: Reply) {
    if (reply.kind === 'answer') answer(response, reply.problem)
    else if (reply.kind === 'stream') streams.serve(nodeTarget(response), reply.opening, reply.gaps)
    else if (!response.destroyed)
      polls.serve({ onClose: (listener) => response.on('close', listener) }, reply.poll, (problem) =>
        answer(response, problem),
      )
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    query: URLSearchParams,
  ) {
    const { headers, reply } = await endpoint.serve({
      ...accessOf(request, query),
      method: request.method ?? '',
      route,
      readJson: () => readJson(request, { maxBytes: maxBodyBytes, timeoutMs: bodyTimeoutMs }),
    })
    if (!response.headersSent)
      for (const name of Object.keys(headers)) response.setHeader(name, headers[name] as string)
    give(response, reply)
  }

  function handle(request: IncomingMessage, response: ServerResponse, next?: () => void) {
    const { path, query } = parseTarget(request.url ?? '/')
    const route = matchRoute(path, base)
    if (!route && next) return next()
    if (!route) {
      const nothing = new ChannelError('CHANNEL_NOT_FOUND', 'There is nothing at this address.')
      return answer(response, toProblem(nothing))
    }
    serve(request, response, route, query).catch((thrown: unknown) => {
      hub.report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }))
      response.destroy()
    })
  }

  async function close() {
    endpoint.close()
    polls.close()
    await streams.close(1_000)
    heartbeat.close()
  }

  return Object.assign(handle, { close: () => (closing = closing ?? close()) })
}
