import { createServer, type Server } from 'node:http'
import { createHub } from '../../src/server/hub/create-hub.js'
import { createHandler } from '../../src/server/http/create-handler.js'
import type { StartRequest } from '../../src/server/http/start.js'
import { memoryLog } from '../../src/server/log/memory/memory-log.js'
import { createSocketHandler } from '../../src/server/socket/create-socket-handler.js'
import { listen } from '../helpers/listen.js'
import { oldLogClock } from '../helpers/old-log-clock.js'

const pieces = ['断线', '重连', ' 🧵 ', 'never lost', '，', '一字不', '差', '\n', 'é', '🀄️', '…', '完']

/** What the run answers, as the chunks of a UI message stream. */
const chunks = [
  { type: 'start' },
  ...pieces.map((delta, index) => ({ type: 'text-delta', id: '1', delta: `${index}${delta}` })),
  { type: 'finish' },
]

/** The data of every event of a run, in order. */
export const expected: readonly string[] = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']

export interface FaultServer {
  readonly port: number
  /** Statuses for the coming reads of this channel; null lets one through. */
  failReads(channelId: string, statuses: readonly (number | null)[]): void
  /** The pause after each event of this channel, in milliseconds. */
  pace(channelId: string, paceMs: number): void
  /** Starts a run without a client. */
  begin(channelId: string): Promise<void>
  /** Starts of this channel that arrived, whether they ran or were attached. */
  startsOf(channelId: string): number
  close(): Promise<void>
}

/** @param pages answered by path, for the page that runs a browser's transports on the server's own origin */
export async function startFaultServer(pages: Readonly<Record<string, string>> = {}): Promise<FaultServer> {
  // Enough for every run of a suite: none is to expire under a client.
  const hub = createHub({
    // It has run for long, so that it can prove that a start has not arrived.
    log: memoryLog({ maxChannels: Infinity, maxAgeMs: 120_000, clock: oldLogClock() }),
    onError: () => undefined,
  })
  const starts = new Map<string, number>()
  const failing = new Map<string, (number | null)[]>()
  const paces = new Map<string, number>()
  const producer = async function* ({ channelId }: { channelId: string }) {
    const paceMs = paces.get(channelId) ?? 0
    for (const chunk of chunks) {
      yield chunk
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs))
      // Some of the answer is made while it is read, some before.
      if (chunk.type === 'start') await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const start = ({ channelId }: StartRequest) => {
    starts.set(channelId, (starts.get(channelId) ?? 0) + 1)
    return producer
  }
  const options = { basePath: '/api/chat', start, heartbeatMs: 40, retryMs: 1, cors: '*' } as const
  const handler = createHandler(hub, options)
  const sockets = createSocketHandler(hub, options)
  const server: Server = createServer((request, response) => {
    const { method, url = '' } = request
    const page = pages[url]
    if (page !== undefined) {
      const type = url.endsWith('.js') ? 'text/javascript' : 'text/html'
      return void response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(page)
    }
    // One request a connection, so that a connection's plan is a request's.
    response.setHeader('connection', 'close')
    const id = /^\/api\/chat\/([^/]+)/.exec(url)?.[1] ?? ''
    const status = method === 'GET' ? failing.get(id)?.shift() : undefined
    if (status) return void response.writeHead(status, { 'retry-after': '1' }).end('busy')
    handler(request, response)
  }).on('upgrade', sockets)
  const port = await listen(server)

  return {
    port,
    failReads: (channelId, statuses) => void failing.set(channelId, [...statuses]),
    pace: (channelId, paceMs) => void paces.set(channelId, paceMs),
    async begin(channelId) {
      await hub.run(channelId, producer)
    },
    startsOf: (channelId) => starts.get(channelId) ?? 0,
    async close() {
      await hub.shutdown()
      await Promise.all([handler.close(), sockets.close()])
      server.closeAllConnections()
      server.close()
    },
  }
}
