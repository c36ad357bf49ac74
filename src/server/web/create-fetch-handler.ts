import { ChannelError } from '../../core/channel-error.js'
import type { Hub } from '../hub.js'
import type { HandlerOptions } from '../http/create-handler.js'
import { createEndpoint, type Reply } from '../http/endpoint.js'
import { createHeartbeat } from '../http/heartbeat.js'
import { createPolls } from '../http/polls.js'
import { toProblem, type Problem } from '../http/problem.js'
import { matchRoute } from '../http/route.js'
import { createStreams } from '../http/streams.js'
import { readWebJson } from './read-web-json.js'
import { createWebStream } from './web-stream.js'

export interface FetchHandler {
  /**
   * Answers a Web `Request`. Never rejects. What is none of its routes is answered with 404.
   * @param address of the other end, for limits of those who are not named
   */
  (request: Request, address?: string): Promise<Response>
  /** As `Handler.close`. */
  close(): Promise<void>
}

/**
 * Serves a hub where servers speak `Request` and `Response`: Hono, edge runtimes, framework routes.
 * On node:http `createHandler` is several times faster with many readers.
 * @see docs/protocol.md#routes
 */
export function createFetchHandler(hub: Hub, options: HandlerOptions): FetchHandler {
  const { start, cors = [], heartbeatMs = 15_000, retryMs, limits = {}, authorize } = options
  const { maxBodyBytes = 1024 * 1024, bodyTimeoutMs = 10_000, maxPendingBytes = 1024 * 1024 } = limits
  const { maxConnectionMs = 3_600_000 } = limits
  const base = (options.basePath ?? '/').replace(/\/+$/, '')
  const endpoint = createEndpoint(hub, { start, cors, authorize, requests: limits.requests })
  const heartbeat = createHeartbeat(heartbeatMs)
  const streams = createStreams(hub, { heartbeat, retryMs, maxPendingBytes, maxConnectionMs })
  const polls = createPolls(hub)
  let closing: Promise<void> | undefined

  function stream(reply: Extract<Reply, { kind: 'stream' }>, request: Request): Response {
    let response: Response | undefined
    const target = {
      open(head: Readonly<Record<string, string>>, streamOptions: Parameters<typeof createWebStream>[0]) {
        if (request.method === 'HEAD') {
          response = new Response(null, { headers: head })
          return undefined
        }
        const web = createWebStream(streamOptions)
        response = new Response(web.body, { headers: head })
        request.signal.addEventListener('abort', web.stream.end)
        return web.stream
      },
    }
    streams.serve(target, reply.opening, reply.gaps)
    return response ?? toResponse(toProblem(new ChannelError('SERVER_BUSY')))
  }

  function give(reply: Reply, request: Request): Response | Promise<Response> {
    if (reply.kind === 'answer') return toResponse(reply.problem, request.method)
    if (reply.kind === 'stream') return stream(reply, request)
    const caller = { onClose: (listener: () => void) => request.signal.addEventListener('abort', listener) }
    return new Promise((resolve) =>
      polls.serve(caller, reply.poll, (problem) => resolve(toResponse(problem, request.method))),
    )
  }

  async function handle(request: Request, address?: string): Promise<Response> {
    const { pathname, searchParams: query } = new URL(request.url)
    const route = matchRoute(pathname, base)
    if (!route)
      return toResponse(toProblem(new ChannelError('CHANNEL_NOT_FOUND', 'There is nothing at this address.')))
    const { headers, reply } = await endpoint.serve({
      method: request.method,
      route,
      query,
      headers: Object.fromEntries(request.headers),
      address,
      readJson: () => readWebJson(request, { maxBytes: maxBodyBytes, timeoutMs: bodyTimeoutMs }),
    })
    const response = await give(reply, request)
    for (const name of Object.keys(headers)) response.headers.set(name, headers[name] as string)
    return response
  }

  async function close() {
    endpoint.close()
    polls.close()
    await streams.close(1_000)
    heartbeat.close()
  }

  return Object.assign(handle, { close: () => (closing = closing ?? close()) })
}

function toResponse({ status, headers, body }: Problem, method?: string): Response {
  return new Response(status === 204 || method === 'HEAD' ? null : body, { status, headers })
}
