import type { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest } from '../access/authorize.js'
import { createGuardedHub, type Admitted, type Visit } from '../access/guarded-hub.js'
import { knownForm } from '../channel-id.js'
import type { Hub } from '../hub/hub.js'
import { isOwnPage } from '../http/own-page.js'
import { settingsOf, type HandlerOptions } from '../http/handler-options.js'
import { accessOf, header } from '../http/headers.js'
import { createHeartbeat } from '../http/heartbeat.js'
import { parseJsonText } from '../http/parse-json-text.js'
import { matchRoute, parseTarget, type Route } from '../http/route.js'
import { traceParentOf } from '../http/trace-parent.js'
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
  const settings = settingsOf(options)
  const { base, body, cors, heartbeatMs, start, authorize, conversations, requests, ...connection } = settings
  const guarded = createGuardedHub(hub, { start, authorize, conversations, requests })
  const heartbeat = createHeartbeat(heartbeatMs)
  const sockets = new Set<OpenSocket>()
  let acceptor: Promise<WebSocketServer> | undefined
  let state: 'open' | 'closed' = 'open'

  async function accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
    // At the first upgrade: whoever serves HTTP only does not need the package.
    acceptor ??= import('ws').then(
      (ws) => new ws.WebSocketServer({ noServer: true, maxPayload: body.maxBytes, perMessageDeflate: false }),
    )
    const server = await acceptor
    return new Promise((resolve) => server.handleUpgrade(request, socket, head, resolve))
  }

  async function open(
    request: IncomingMessage,
    route: Route,
    query: URLSearchParams,
    firstMessage: () => Promise<string>,
    onOver: Visit['onOver'],
  ): Promise<Admitted> {
    if (state === 'closed') throw new ChannelError('SERVER_BUSY', 'This server is going down.')
    const access = { ...accessFrom(request, query), onOver }
    if (cors !== '*' && !isOwnPage(access.headers, cors))
      throw new ChannelError('FORBIDDEN', 'Pages of this origin may not connect.')
    if (route.kind === 'start') {
      const message = async () => parseJsonText(await firstMessage(), 'The first message')
      return (await guarded.start(access, query.get('x-channel-id') ?? undefined, message)).open()
    }
    if (route.kind !== 'read') throw new ChannelError('METHOD_NOT_ALLOWED')
    const after = header(request, 'last-event-id') || query.get('lastEventId') || undefined
    return guarded.read(access, route.channelId, after)
  }

  /** To `cors: '*'` browsers give no credentials over HTTP; to a socket they do, whatever page opens it. */
  function accessFrom(request: IncomingMessage, query: URLSearchParams): AccessRequest {
    const access = accessOf(request, query)
    if (cors !== '*' || isOwnPage(access.headers, [])) return access
    const { cookie: _cookie, authorization, ...headers } = access.headers
    // A script says Bearer; Basic and the like a browser says by itself.
    const isOurs = /^Bearer /i.test(authorization ?? '')
    return { ...access, headers: isOurs ? { ...headers, authorization } : headers }
  }

  async function serve(request: IncomingMessage, socket: Duplex, head: Buffer, route: Route) {
    const { query } = parseTarget(request.url ?? '/')
    serveSocket(await accept(request, socket, head), {
      hub,
      heartbeat,
      ...connection,
      firstMessageMs: body.timeoutMs,
      firstMessageBytes: body.maxBytes,
      connection: socket,
      route: route.kind,
      channelId: 'channelId' in route ? knownForm(route.channelId) : undefined,
      traceParent: traceParentOf({ traceparent: header(request, 'traceparent') }),
      gaps: query.get('onGap') === 'event' ? 'event' : 'status',
      open: (firstMessage, onOver) => open(request, route, query, firstMessage, onOver),
      stop: (channelId) => guarded.stop(accessFrom(request, query), channelId),
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
