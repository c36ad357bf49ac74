import type { IncomingMessage, ServerResponse } from 'node:http'
import { ChannelError } from '../../core/channel-error.js'
import { checkChannelId, checkProposedId, createChannelId } from '../channel-id.js'
import type { Hub, Opening } from '../hub.js'
import { header, headersOf } from './headers.js'
import { runStart, type Start, type StartRequest } from './start.js'
import { corsHeaders, preflightHeaders, type CorsPolicy } from './cors.js'
import { createHeartbeat } from './heartbeat.js'
import { createPolls, drainedReply, toReply, waitOf } from './polls.js'
import { toProblem, type Problem } from './problem.js'
import { discardBody, readJson } from './read-body.js'
import { allowedMethods, matchRoute, parseTarget, type Route } from './route.js'
import { createStreams, type GapAnswer } from './streams.js'

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
}

export interface HandlerOptions {
  /** Where the routes begin, `/api/chat`. Default `/`, for a router that has cut the path already. */
  readonly basePath?: string
  /**
   * Reads a request and says what to run; it must not begin the work itself, since a repeated POST only attaches.
   * Throw a ChannelError to refuse: `BAD_REQUEST`, `UNAUTHORIZED`, `FORBIDDEN`, `RATE_LIMITED`…
   */
  readonly start: (request: StartRequest) => Start | Promise<Start>
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
  const { start, cors = [], heartbeatMs = 15_000, retryMs, limits = {} } = options
  const { maxBodyBytes = 1024 * 1024, bodyTimeoutMs = 10_000, maxPendingBytes = 1024 * 1024 } = limits
  const base = (options.basePath ?? '/').replace(/\/+$/, '')
  const heartbeat = createHeartbeat(heartbeatMs)
  const streams = createStreams(hub, { heartbeat, retryMs, maxPendingBytes })
  const polls = createPolls(hub)
  let closing: Promise<void> | undefined

  function answer(response: ServerResponse, { status, headers, body }: Problem) {
    if (response.headersSent) return void response.destroy()
    if (response.destroyed) return
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    response.end(response.req.method === 'HEAD' ? undefined : body)
    discardBody(response.req, 2_000)
  }

  function fail(response: ServerResponse, thrown: unknown, channelId?: string) {
    if (!(thrown instanceof ChannelError)) {
      hub.report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }), channelId)
    }
    answer(response, toProblem(thrown))
  }

  function respond(response: ServerResponse, opening: Opening, gaps: GapAnswer) {
    const { channel } = opening
    if (opening.kind === 'drained') response.writeHead(204, { 'x-channel-id': channel.channelId }).end()
    else if (opening.kind === 'ready' || gaps === 'event') streams.serve(response, opening, gaps)
    else answer(response, toProblem(new ChannelError('HISTORY_EXPIRED'), channel))
  }

  async function serveStart(request: IncomingMessage, response: ServerResponse, query: URLSearchParams) {
    const proposed = header(request, 'x-channel-id')
    const channelId = proposed === undefined ? createChannelId() : checkProposedId(proposed)
    const body = await readJson(request, { maxBytes: maxBodyBytes, timeoutMs: bodyTimeoutMs })
    await runStart(hub, start, { body, headers: headersOf(request), query, channelId })
    if (wantsJson(request)) return answer(response, toReply(202, { channelId, ...NOTHING_YET }))
    respond(response, await hub.open(channelId), 'status')
  }

  async function servePoll(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    query: URLSearchParams,
  ) {
    const after = header(request, 'last-event-id') || query.get('lastEventId') || undefined
    const waitMs = waitOf(query)
    const opening = await hub.open(checkChannelId(id), after)
    if (opening.kind === 'gap')
      return answer(response, toProblem(new ChannelError('HISTORY_EXPIRED'), opening.channel))
    if (opening.kind === 'drained') return answer(response, drainedReply(opening.channel))
    if (response.destroyed) return
    polls.serve(response, { opening, after, waitMs }, (reply) => answer(response, reply))
  }

  async function serveRead(
    request: IncomingMessage,
    response: ServerResponse,
    route: Read,
    query: URLSearchParams,
  ) {
    const channelId = checkChannelId(route.channelId)
    // EventSource keeps the query it was made with; its header is newer.
    const after = header(request, 'last-event-id') || query.get('lastEventId') || undefined
    respond(response, await hub.open(channelId, after), query.get('onGap') === 'event' ? 'event' : 'status')
  }

  async function serveStop(response: ServerResponse, id: string) {
    const stopped = await hub.stop(checkChannelId(id))
    const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
    answer(response, { status: 200, headers, body: JSON.stringify(stopped) })
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    query: URLSearchParams,
  ) {
    const methods = allowedMethods[route.kind]
    const shared = corsHeaders(cors, header(request, 'origin'))
    for (const name of Object.keys(shared)) response.setHeader(name, shared[name] as string)
    if (closing) throw new ChannelError('SERVER_BUSY', 'This server is going down. Another will answer.')
    if (!methods.includes(request.method ?? '')) {
      response.setHeader('allow', methods.join(', '))
      throw new ChannelError('METHOD_NOT_ALLOWED', `This address takes ${methods.join(', ')}.`)
    }
    if (request.method === 'OPTIONS') {
      const allowed = 'access-control-allow-origin' in shared
      const wanted = header(request, 'access-control-request-headers')
      response.writeHead(204, {
        allow: methods.join(', '),
        ...(allowed ? preflightHeaders(methods, wanted) : {}),
      })
      response.end()
      return
    }
    if (route.kind === 'start') await serveStart(request, response, query)
    else if (route.kind === 'stop') await serveStop(response, route.channelId)
    else if (route.kind === 'poll') await servePoll(request, response, route.channelId, query)
    else await serveRead(request, response, route, query)
  }

  function handle(request: IncomingMessage, response: ServerResponse, next?: () => void) {
    const { path, query } = parseTarget(request.url ?? '/')
    const route = matchRoute(path, base)
    if (!route && next) return next()
    if (!route)
      return fail(response, new ChannelError('CHANNEL_NOT_FOUND', 'There is nothing at this address.'))
    const channelId = 'channelId' in route ? route.channelId : undefined
    serve(request, response, route, query).catch((thrown: unknown) => fail(response, thrown, channelId))
  }

  async function close() {
    polls.close()
    await streams.close(1_000)
    heartbeat.close()
  }

  return Object.assign(handle, { close: () => (closing = closing ?? close()) })
}

type Read = Extract<Route, { kind: 'read' }>

const NOTHING_YET = { events: [], cursor: null, ended: false } as const

/** A client that can't read a stream wants to know the id at once. @see docs/protocol.md#long-poll */
function wantsJson(request: IncomingMessage): boolean {
  const accept = header(request, 'accept') ?? ''
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept)
}
