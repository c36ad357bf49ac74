import { createServer } from 'node:http'
import type { ChannelError } from '../../../src/core/channel-error.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import type { Hub, HubOptions } from '../../../src/server/hub/hub.js'
import { createHandler, type Handler } from '../../../src/server/http/create-handler.js'
import type { HandlerOptions } from '../../../src/server/http/handler-options.js'
import { createSocketHandler, type SocketHandler } from '../../../src/server/socket/create-socket-handler.js'
import { memoryLog, type MemoryLogOptions } from '../../../src/server/log/memory/memory-log.js'
import type { Producer } from '../../../src/server/hub/producer.js'
import { listen, unlisten } from '../../helpers/listen.js'

export interface Served {
  readonly hub: Hub
  readonly handler: Handler
  readonly sockets: SocketHandler
  readonly port: number
  /** With the base path, `/api/chat`. */
  readonly base: string
  /** What went wrong, as the owner hears it. */
  readonly errors: readonly ChannelError[]
  close(): Promise<void>
}

export interface ServeOptions extends Partial<HandlerOptions> {
  readonly hub?: Partial<HubOptions>
  readonly log?: MemoryLogOptions
}

/** Yields the body's `chunks` and returns; with `wait` it goes on until it is stopped. */
export const scripted = (body: unknown): Producer =>
  async function* ({ signal }) {
    const { chunks = [], wait = false } = body as { chunks?: unknown[]; wait?: boolean }
    yield* chunks
    if (wait) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }

/** A hub behind its handlers, HTTP and WebSocket, behind a real server. */
export async function serveHub(options: ServeOptions = {}): Promise<Served> {
  const { hub: hubOptions, log, ...handlerOptions } = options
  const errors: ChannelError[] = []
  const hub = createHub({ log: memoryLog(log), onError: (error) => errors.push(error), ...hubOptions })
  const start = ({ body }: { body: unknown }) => scripted(body)
  const shared = { basePath: '/api/chat', start, ...handlerOptions }
  const handler = createHandler(hub, shared)
  const sockets = createSocketHandler(hub, shared)
  const server = createServer(handler).on('upgrade', sockets)
  const port = await listen(server)
  return {
    hub,
    handler,
    sockets,
    port,
    base: `http://127.0.0.1:${port}/api/chat`,
    errors,
    async close() {
      await hub.shutdown()
      await Promise.all([handler.close(), sockets.close()])
      await unlisten(server)
    },
  }
}
