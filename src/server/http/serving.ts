import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest } from '../access/authorize.js'
import { knownForm } from '../channel-id.js'
import type { Hub } from '../hub/hub.js'
import type { Wire } from '../hub/signal.js'
import { createEndpoint } from './endpoint.js'
import type { Exchange } from './exchange.js'
import { settingsOf, type HandlerOptions } from './handler-options.js'
import { createHeartbeat } from './heartbeat.js'
import { createPolls } from './polls.js'
import { toProblem, type Problem } from './problem.js'
import type { BodyLimits } from './read-body.js'
import { matchRoute, type Route } from './route.js'
import { createStreams } from './streams.js'

export interface ServeRequest extends AccessRequest {
  /** Undefined: an address of nothing. */
  readonly route: Route | undefined
  readJson(limits: BodyLimits): Promise<unknown>
}

/** A handler without the kind of server it is for. */
export interface Serving {
  match(path: string): Route | undefined
  /** Answers, at once or for as long as a stream goes on. Never throws. */
  serve(request: ServeRequest, exchange: Exchange): void
  /** Ends all streams in order and refuses new requests. Idempotent. */
  close(): Promise<void>
}

/** How long a connection may take to end in order before it is cut, in milliseconds. */
const GRACE_MS = 1_000

export function createServing(hub: Hub, via: Wire, options: HandlerOptions): Serving {
  const { base, body, cors, heartbeatMs, start, authorize, conversations, requests, ...connection } =
    settingsOf(options)
  const endpoint = createEndpoint(hub, { start, cors, authorize, conversations, requests })
  const heartbeat = createHeartbeat(heartbeatMs)
  const streams = createStreams(hub, { via, heartbeat, ...connection })
  const polls = createPolls(hub)
  let closing: Promise<void> | undefined

  async function answer(request: ServeRequest, exchange: Exchange, told: (status: number) => void) {
    const { route } = request
    const reply = (problem: Problem, headers: Readonly<Record<string, string>> = {}) => {
      exchange.reply({ ...problem, headers: { ...headers, ...problem.headers } })
      told(problem.status)
    }
    if (!route) {
      return reply(toProblem(new ChannelError('CHANNEL_NOT_FOUND', 'There is nothing at this address.')))
    }
    const { method } = exchange
    const readJson = () => request.readJson(body)
    const onOver = (listener: () => void) => (exchange.isClosed() ? listener() : exchange.onClose(listener))
    const { headers, reply: what } = await endpoint.serve({ ...request, method, route, readJson, onOver })
    if (what.kind === 'answer') return reply(what.problem, headers)
    if (what.kind === 'poll') {
      return polls.serve(exchange, what.poll, (problem) => reply(problem, headers))
    }
    streams.serve(exchange, what.stream, headers)
    told(200)
  }

  async function close() {
    endpoint.close()
    polls.close()
    await streams.close(GRACE_MS)
    heartbeat.close()
  }

  return {
    match: (path) => matchRoute(path, base),
    serve(request, exchange) {
      const { route } = request
      const began = performance.now()
      const channelId = route && 'channelId' in route ? knownForm(route.channelId) : undefined
      const told = (status: number) =>
        hub.tell({
          kind: 'answer',
          via,
          route: route?.kind ?? 'none',
          method: exchange.method,
          status,
          channelId,
          durationMs: performance.now() - began,
        })
      answer(request, exchange, told).catch((thrown: unknown) => {
        hub.report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }), channelId)
        exchange.destroy()
      })
    },
    close: () => (closing = closing ?? close()),
  }
}
