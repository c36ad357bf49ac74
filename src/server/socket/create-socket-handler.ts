import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { ChannelError } from '../../core/channel-error.js'
import { createGate } from '../access/gate.js'
import { checkChannelId, checkProposedId, createChannelId } from '../channel-id.js'
import type { Hub, Opening } from '../hub.js'
import type { CorsPolicy } from '../http/cors.js'
import type { HandlerOptions } from '../http/create-handler.js'
import { accessOf, header, headersOf } from '../http/headers.js'
import { createHeartbeat } from '../http/heartbeat.js'
import { matchRoute, parseTarget, type Route } from '../http/route.js'
import { runStart } from '../http/start.js'
import { serveSocket, type OpenSocket } from './serve-socket.js'

/** A handler for the `upgrade` event of `node:http`. Never throws. */
export interface SocketHandler {
  /** What is none of its routes goes to `next`, or is refused with 404. */
  (request: IncomingMessage, socket: Duplex, head: Buffer, next?: () => void): void
  /** Ends all sockets in order, so that clients read on elsewhere. Runs go on: see `hub.shutdown`. */
  close(): Promise<void>
}

/**
 * Serves a hub over WebSocket, on the addresses of the HTTP routes. Needs the package `ws`.
 * Options as for `createHandler`; `cors` says which pages may connect, since browsers do not ask beforehand.
 * @example server.on('upgrade', createSocketHandler(hub, options))
 * @see docs/protocol.md#websocket
 */
export function createSocketHandler(hub: Hub, options: HandlerOptions): SocketHandler {
  const { start, cors = [], heartbeatMs = 15_000, retryMs, limits = {}, authorize } = options
  const { maxBodyBytes = 1024 * 1024, bodyTimeoutMs = 10_000, maxPendingBytes = 1024 * 1024 } = limits
  const base = (options.basePath ?? '/').replace(/\/+$/, '')
  const gate = createGate(hub, { authorize, requests: limits.requests })
  const heartbeat = createHeartbeat(heartbeatMs)
  const sockets = new Set<OpenSocket>()
  let acceptor: Promise<WebSocketServer> | undefined
  let state: 'open' | 'closed' = 'open'

  async function accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
    // At the first upgrade: whoever serves HTTP only does not need the package.
    acceptor ??= import('ws').then(
      (ws) => new ws.WebSocketServer({ noServer: true, maxPayload: maxBodyBytes, perMessageDeflate: false }),
    )
    const server = await acceptor
    return new Promise((resolve) => server.handleUpgrade(request, socket, head, resolve))
  }

  async function open(
    request: IncomingMessage,
    route: Route,
    query: URLSearchParams,
    firstMessage: () => Promise<string>,
  ): Promise<Opening> {
    if (state === 'closed') throw new ChannelError('SERVER_BUSY', 'This server is going down.')
    if (!isAllowed(request, cors))
      throw new ChannelError('FORBIDDEN', 'Pages of this origin may not connect.')
    if (route.kind === 'start') {
      const proposed = query.get('x-channel-id')
      const channelId = proposed === null ? createChannelId() : checkProposedId(proposed)
      const visitor = await gate.enter(accessOf(request, query), { action: 'start', channelId })
      const body = parse(await firstMessage())
      await runStart(hub, start, { body, headers: headersOf(request), query, channelId }, visitor)
      return hub.open(channelId)
    }
    if (route.kind !== 'read') throw new ChannelError('METHOD_NOT_ALLOWED')
    const after = header(request, 'last-event-id') || query.get('lastEventId') || undefined
    const channelId = checkChannelId(route.channelId)
    const visitor = await gate.enter(accessOf(request, query), { action: 'read', channelId })
    const opening = await hub.open(channelId, after)
    visitor.mayUse(opening.channel)
    return opening
  }

  async function stop(request: IncomingMessage, query: URLSearchParams, channelId: string) {
    const visitor = await gate.enter(accessOf(request, query), { action: 'stop', channelId })
    visitor.mayUse(await hub.getInfo(channelId))
    await hub.stop(channelId)
  }

  async function serve(request: IncomingMessage, socket: Duplex, head: Buffer, route: Route) {
    const { query } = parseTarget(request.url ?? '/')
    serveSocket(await accept(request, socket, head), {
      hub,
      heartbeat,
      retryMs,
      maxPendingBytes,
      firstMessageMs: bodyTimeoutMs,
      gaps: query.get('onGap') === 'event' ? 'event' : 'status',
      open: (firstMessage) => open(request, route, query, firstMessage),
      stop: (channelId) => stop(request, query, channelId),
      sockets,
    })
  }

  function handle(request: IncomingMessage, socket: Duplex, head: Buffer, next?: () => void) {
    const route = matchRoute(parseTarget(request.url ?? '/').path, base)
    if (!route && next) return next()
    socket.on('error', () => undefined)
    if (!route)
      return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    serve(request, socket, head, route).catch((thrown: unknown) => {
      hub.report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }))
      socket.destroy()
    })
  }

  async function close() {
    state = 'closed'
    const closed = Promise.all([...sockets].map((socket) => socket.closed))
    for (const socket of sockets) socket.leave()
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, 1_000)
    await closed
    clearTimeout(cut)
    heartbeat.close()
  }

  return Object.assign(handle, { close })
}

/** A browser names its page's origin and asks nobody; native clients name none. */
function isAllowed(request: IncomingMessage, cors: CorsPolicy): boolean {
  const origin = header(request, 'origin')
  if (origin === undefined || cors === '*') return true
  return cors.includes(origin) || origin.replace(/^[a-z]+:\/\//i, '') === header(request, 'host')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ChannelError('BAD_REQUEST', 'The first message is not JSON.', { cause })
  }
}
