import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest } from '../access/authorize.js'
import { createGuardedHub, type Admitted, type GuardedHubOptions, type Visit } from '../access/guarded-hub.js'
import { isChatId, knownForm } from '../channel-id.js'
import type { Hub, Opening } from '../hub/hub.js'
import { corsHeaders, preflightHeaders, type CorsPolicy } from './cors.js'
import { hasAmbientCredentials, isOwnPage } from './own-page.js'
import { listChannels } from './list-channels.js'
import { drainedReply, toReply, waitOf, type Poll } from './polls.js'
import { createConversationRoutes } from './conversation-routes.js'
import { jsonReply, toProblem, type Problem } from './problem.js'
import { traceParentOf } from './trace-parent.js'
import { allowedMethods, type Route } from './route.js'
import type { GapAnswer, StreamRequest } from './streams.js'

/** A request, the same for every kind of server. */
export interface ApiRequest extends Visit {
  readonly method: string
  readonly route: Route
  /** @throws {ChannelError} UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, BAD_REQUEST */
  readJson(): Promise<unknown>
}

/** What to answer. Headers of an answer come on top of `headers`. */
export type Reply =
  | { readonly kind: 'answer'; readonly problem: Problem }
  | { readonly kind: 'stream'; readonly stream: StreamRequest }
  | { readonly kind: 'poll'; readonly poll: Poll }

export interface Served {
  /** For cross-origin callers; of every answer. */
  readonly headers: Readonly<Record<string, string>>
  readonly reply: Reply
}

export interface EndpointOptions extends GuardedHubOptions {
  readonly cors: CorsPolicy
}

/** The routes of docs/protocol.md, without the server they are served by. */
export interface Endpoint {
  /** Never rejects: what fails becomes an answer, and is reported when it is no ChannelError. */
  serve(request: ApiRequest): Promise<Served>
  /** Refuses from now on: the server is going down. */
  close(): void
}

export function createEndpoint(hub: Hub, { cors, ...options }: EndpointOptions): Endpoint {
  const guarded = createGuardedHub(hub, options)
  const conversations = createConversationRoutes(hub, options)
  let state: 'open' | 'closed' = 'open'

  async function serveStart(request: ApiRequest): Promise<Reply> {
    const { headers } = request
    const { channelId, open } = await guarded.start(request, headers['x-channel-id'], request.readJson)
    if (wantsJson(headers.accept ?? '')) return answer(toReply(202, { channelId, ...NOTHING_YET }))
    return toStream(request, await open(), 'status')
  }

  async function serveRead(request: ApiRequest, to: ReadRoute): Promise<Reply> {
    if (asksForChat(request, to)) {
      const admitted = await guarded.readChat(request, to.channelId)
      return admitted
        ? toStream(request, admitted, 'status')
        : answer({ status: 204, headers: {}, body: undefined })
    }
    return toStream(
      request,
      await guarded.read(request, to.channelId, cursorOf(request)),
      request.query.get('onGap') === 'event' ? 'event' : 'status',
    )
  }

  async function servePoll(request: ApiRequest, id: string): Promise<Reply> {
    const waitMs = waitOf(request.query)
    const after = cursorOf(request)
    const { opening } = await guarded.read(request, id, after)
    if (opening.kind === 'gap') return gapAnswer(opening)
    if (opening.kind === 'drained') return answer(drainedReply(opening.channel))
    return { kind: 'poll', poll: { opening, after, waitMs } }
  }

  async function serveReady(): Promise<Reply> {
    const ready = state === 'open' && (await hub.isReady())
    return answer(jsonReply(ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable' }))
  }

  function preflight({ headers }: ApiRequest, methods: readonly string[], allowed: boolean): Reply {
    const more = allowed ? preflightHeaders(methods, headers['access-control-request-headers']) : {}
    return answer({ status: 204, headers: { allow: methods.join(', '), ...more }, body: undefined })
  }

  async function route(request: ApiRequest, allowed: boolean): Promise<Reply> {
    const { route: to, method } = request
    const methods = allowedMethods[to.kind]
    if (to.kind === 'ready' && method !== 'OPTIONS' && methods.includes(method)) return serveReady()
    if (state === 'closed' && to.kind !== 'health')
      throw new ChannelError('SERVER_BUSY', 'This server is going down. Another will answer.')
    if (!methods.includes(method)) {
      const problem = toProblem(
        new ChannelError('METHOD_NOT_ALLOWED', `This address takes ${methods.join(', ')}.`),
      )
      return answer({ ...problem, headers: { ...problem.headers, allow: methods.join(', ') } })
    }
    if (method === 'OPTIONS') return preflight(request, methods, allowed)
    // A form on any page can post to here, with the cookies of whoever looks at that page.
    if (
      method !== 'GET' &&
      method !== 'HEAD' &&
      hasAmbientCredentials(request.headers) &&
      !isOwnPage(request.headers, cors)
    )
      throw new ChannelError('FORBIDDEN', 'Pages of this origin may not send requests with cookies.')
    switch (to.kind) {
      case 'start':
        return serveStart(request)
      case 'read':
        return serveRead(request, to)
      case 'poll':
        return servePoll(request, to.channelId)
      case 'stop':
        return answer(jsonReply(200, await guarded.stop(request, to.channelId)))
      case 'send':
        return answer(jsonReply(200, await guarded.send(request, to.channelId, request.readJson)))
      case 'channels':
        return answer(jsonReply(200, await listChannels(guarded, request)))
      case 'conversations':
      case 'conversation':
      case 'describe':
      case 'delete':
        return answer(await conversations(request, to))
      default:
        return answer(jsonReply(200, { status: 'ok' }))
    }
  }

  return {
    async serve(request) {
      const headers = corsHeaders(cors, request.headers.origin)
      const allowed = 'access-control-allow-origin' in headers
      try {
        return { headers, reply: await route(request, allowed) }
      } catch (thrown) {
        const { route: to } = request
        const channelId = 'channelId' in to ? knownForm(to.channelId) : undefined
        if (!(thrown instanceof ChannelError))
          hub.report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }), channelId)
        return { headers, reply: answer(toProblem(thrown)) }
      }
    },
    close: () => void (state = 'closed'),
  }
}

type ReadRoute = Extract<Route, { kind: 'read' }>

/**
 * The AI SDK's clients ask for the stream of a chat and say nothing of what they take, and want 204 where nothing runs.
 * Ours, and every EventSource, say that they take an event stream, and want to know that there is no such channel.
 * @see docs/protocol.md#chats
 */
const asksForChat = ({ headers, query }: ApiRequest, { channelId, path }: ReadRoute) =>
  path === 'stream' &&
  isChatId(channelId) &&
  !headers['last-event-id'] &&
  !query.has('lastEventId') &&
  !query.has('onGap') &&
  !/\btext\/event-stream\b/i.test(headers.accept ?? '')

const NOTHING_YET = { events: [], cursor: null, ended: false } as const

const answer = (problem: Problem): Reply => ({ kind: 'answer', problem })

const gapAnswer = ({ channel }: Opening) => answer(toProblem(new ChannelError('HISTORY_EXPIRED'), channel))

/** EventSource keeps the query it was made with; its header is newer. */
const cursorOf = ({ headers, query }: AccessRequest) =>
  headers['last-event-id'] || query.get('lastEventId') || undefined

function toStream({ headers }: ApiRequest, { opening, reopen, expiresAt }: Admitted, gaps: GapAnswer): Reply {
  if (opening.kind === 'drained')
    return answer({ status: 204, headers: { 'x-channel-id': opening.channel.channelId }, body: undefined })
  if (opening.kind === 'gap' && gaps === 'status') return gapAnswer(opening)
  return { kind: 'stream', stream: { opening, gaps, reopen, expiresAt, traceParent: traceParentOf(headers) } }
}

/** A client that can't read a stream wants to know the id at once. @see docs/protocol.md#long-poll */
const wantsJson = (accept: string) =>
  /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept)
