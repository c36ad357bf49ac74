import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest, Authorize } from '../access/authorize.js'
import { createGate } from '../access/gate.js'
import { checkChannelId, checkProposedId, createChannelId } from '../channel-id.js'
import type { Hub, Opening } from '../hub.js'
import type { Bucket } from '../limits/rate-limiter.js'
import { corsHeaders, preflightHeaders, type CorsPolicy } from './cors.js'
import { drainedReply, toReply, waitOf, type Poll } from './polls.js'
import { jsonReply, toProblem, type Problem } from './problem.js'
import { allowedMethods, type Route } from './route.js'
import { runStart, type Start, type StartRequest } from './start.js'
import type { GapAnswer, Readable } from './streams.js'

/** A request, the same for every kind of server. */
export interface Request extends AccessRequest {
  readonly method: string
  readonly route: Route
  /** @throws {ChannelError} UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, BAD_REQUEST */
  readJson(): Promise<unknown>
}

/** What to answer. Headers of an answer come on top of `headers`. */
export type Reply =
  | { readonly kind: 'answer'; readonly problem: Problem }
  | { readonly kind: 'stream'; readonly opening: Readable; readonly gaps: GapAnswer }
  | { readonly kind: 'poll'; readonly poll: Poll }

export interface Served {
  /** For cross-origin callers; of every answer. */
  readonly headers: Readonly<Record<string, string>>
  readonly reply: Reply
}

export interface EndpointOptions {
  readonly start: (request: StartRequest) => Start | Promise<Start>
  readonly cors: CorsPolicy
  readonly authorize: Authorize | undefined
  readonly requests: Bucket | undefined
}

/** The routes of docs/protocol.md, without the server they are served by. */
export interface Endpoint {
  /** Never rejects: what fails becomes an answer, and is reported when it is no ChannelError. */
  serve(request: Request): Promise<Served>
  /** Refuses from now on: the server is going down. */
  close(): void
}

export function createEndpoint(hub: Hub, { start, cors, authorize, requests }: EndpointOptions): Endpoint {
  const gate = createGate(hub, { authorize, requests })
  let state: 'open' | 'closed' = 'open'

  async function serveStart(request: Request): Promise<Reply> {
    const { headers, query } = request
    const proposed = headers['x-channel-id']
    const channelId = proposed === undefined ? createChannelId() : checkProposedId(proposed)
    const visitor = await gate.enter(request, { action: 'start', channelId })
    const body = await request.readJson()
    await runStart(hub, start, { body, headers, query, channelId }, visitor)
    if (wantsJson(headers.accept ?? '')) return answer(toReply(202, { channelId, ...NOTHING_YET }))
    return toStream(await hub.open(channelId), 'status')
  }

  async function open(request: Request, id: string) {
    const channelId = checkChannelId(id)
    const visitor = await gate.enter(request, { action: 'read', channelId })
    // EventSource keeps the query it was made with; its header is newer.
    const after = request.headers['last-event-id'] || request.query.get('lastEventId') || undefined
    const opening = await hub.open(channelId, after)
    visitor.mayUse(opening.channel)
    return { opening, after }
  }

  async function servePoll(request: Request, id: string): Promise<Reply> {
    const waitMs = waitOf(request.query)
    const { opening, after } = await open(request, id)
    if (opening.kind === 'gap') return gapAnswer(opening)
    if (opening.kind === 'drained') return answer(drainedReply(opening.channel))
    return { kind: 'poll', poll: { opening, after, waitMs } }
  }

  async function serveStop(request: Request, id: string): Promise<Reply> {
    const channelId = checkChannelId(id)
    const visitor = await gate.enter(request, { action: 'stop', channelId })
    visitor.mayUse(await hub.getInfo(channelId))
    return answer(jsonReply(200, await hub.stop(channelId)))
  }

  async function serveSend(request: Request, id: string): Promise<Reply> {
    const channelId = checkChannelId(id)
    const visitor = await gate.enter(request, { action: 'write', channelId })
    const body = (await request.readJson()) as { readonly data?: unknown } | null
    if (body?.data === undefined) throw new ChannelError('BAD_REQUEST', 'Send {"data": …}.')
    const channel = await hub.getInfo(channelId)
    visitor.mayUse(channel)
    if (channel.kind === 'run') throw new ChannelError('BAD_REQUEST', 'Only its producer writes to a run.')
    return answer(jsonReply(200, await hub.send({ channelId, data: body.data })))
  }

  function preflight({ headers }: Request, methods: readonly string[], allowed: boolean): Reply {
    const more = allowed ? preflightHeaders(methods, headers['access-control-request-headers']) : {}
    return answer({ status: 204, headers: { allow: methods.join(', '), ...more }, body: '' })
  }

  async function route(request: Request, allowed: boolean): Promise<Reply> {
    const { route: to, method } = request
    const methods = allowedMethods[to.kind]
    if (state === 'closed')
      throw new ChannelError('SERVER_BUSY', 'This server is going down. Another will answer.')
    if (!methods.includes(method)) {
      const problem = toProblem(
        new ChannelError('METHOD_NOT_ALLOWED', `This address takes ${methods.join(', ')}.`),
      )
      return answer({ ...problem, headers: { ...problem.headers, allow: methods.join(', ') } })
    }
    if (method === 'OPTIONS') return preflight(request, methods, allowed)
    if (to.kind === 'start') return serveStart(request)
    if (to.kind === 'stop') return serveStop(request, to.channelId)
    if (to.kind === 'send') return serveSend(request, to.channelId)
    if (to.kind === 'poll') return servePoll(request, to.channelId)
    const { opening } = await open(request, to.channelId)
    return toStream(opening, request.query.get('onGap') === 'event' ? 'event' : 'status')
  }

  return {
    async serve(request) {
      const headers = corsHeaders(cors, request.headers.origin)
      const allowed = 'access-control-allow-origin' in headers
      try {
        return { headers, reply: await route(request, allowed) }
      } catch (thrown) {
        const channelId = 'channelId' in request.route ? request.route.channelId : undefined
        if (!(thrown instanceof ChannelError))
          hub.report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }), channelId)
        return { headers, reply: answer(toProblem(thrown)) }
      }
    },
    close: () => void (state = 'closed'),
  }
}

const NOTHING_YET = { events: [], cursor: null, ended: false } as const

const answer = (problem: Problem): Reply => ({ kind: 'answer', problem })

const gapAnswer = ({ channel }: Opening) => answer(toProblem(new ChannelError('HISTORY_EXPIRED'), channel))

function toStream(opening: Opening, gaps: GapAnswer): Reply {
  if (opening.kind === 'drained')
    return answer({ status: 204, headers: { 'x-channel-id': opening.channel.channelId }, body: '' })
  if (opening.kind === 'gap' && gaps === 'status') return gapAnswer(opening)
  return { kind: 'stream', opening, gaps }
}

/** A client that can't read a stream wants to know the id at once. @see docs/protocol.md#long-poll */
const wantsJson = (accept: string) =>
  /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept)
