import { createServer } from 'node:http'
import { connect, createServer as createTcpServer, type Socket } from 'node:net'
import { createHub } from '../src/server/hub/create-hub.js'
import { createHandler } from '../src/server/http/create-handler.js'
import { memoryLog } from '../src/server/log/memory/memory-log.js'
import { createSocketHandler } from '../src/server/socket/create-socket-handler.js'
import { listen } from '../test/helpers/listen.js'

/** Half of a round trip, in milliseconds: what a phone on a fair network has. */
const ONE_WAY_MS = 25

/** Deltas a client has read before it goes to the background, and those written while it is away. */
export const BEFORE = 200
export const AFTER = 20

export interface Lab {
  readonly base: string
  /** A page that runs the script, of the same origin. */
  readonly page: string
  /** Lets the run of this channel write what a client has missed. */
  release(channelId: string): Promise<void>
  /** One round trip for a short answer, median, in milliseconds. */
  roundTripMs(): Promise<number>
  close(): Promise<void>
}

/** A server of ours behind a network with latency, whose runs pause in the middle. */
export async function openLab(script: string): Promise<Lab> {
  const gates = new Map<string, () => void>()
  const hub = createHub({ log: memoryLog(), onError: () => undefined })
  const options = {
    basePath: '/api/chat',
    cors: '*' as const,
    start: () =>
      async function* ({ channelId }: { channelId: string }) {
        yield { type: 'start' }
        yield { type: 'text-start', id: '1' }
        for (let i = 0; i < BEFORE; i++) yield { type: 'text-delta', id: '1', delta: `旧${i} ` }
        await new Promise<void>((resolve) => gates.set(channelId, resolve))
        for (let i = 0; i < AFTER; i++) yield { type: 'text-delta', id: '1', delta: `新${i} ` }
        await new Promise<void>((resolve) => gates.set(channelId, resolve))
      },
  }
  const handler = createHandler(hub, options)
  const sockets = createSocketHandler(hub, options)
  const pages: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/ping': ['text/plain', 'pong'],
    '/page': ['text/html; charset=utf-8', '<!doctype html><script src="/page.js"></script>'],
    '/page.js': ['text/javascript; charset=utf-8', script],
  }
  const server = createServer((request, response) => {
    const [type, body] = pages[request.url ?? ''] ?? []
    if (type) response.writeHead(200, { 'content-type': type }).end(body)
    else handler(request, response)
  }).on('upgrade', sockets)
  const target = await listen(server)
  const open = new Set<Socket>()
  const network = createTcpServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from)
      from.setNoDelay(true)
      from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), ONE_WAY_MS))
      from.on('close', () => {
        open.delete(from)
        setTimeout(() => to.destroy(), ONE_WAY_MS)
      })
      from.on('error', () => undefined)
    }
  })
  const port = await listen(network as unknown as Parameters<typeof listen>[0])
  const origin = `http://127.0.0.1:${port}`

  return {
    base: `${origin}/api/chat`,
    page: `${origin}/page`,
    async release(channelId) {
      gates.get(channelId)?.()
      // Written when the log has it.
      for (;;) {
        const { events } = await hub.getInfo(channelId)
        if (events >= BEFORE + AFTER + 2) return
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
    async roundTripMs() {
      const times: number[] = []
      for (let i = 0; i < 15; i++) {
        const begun = performance.now()
        await (await fetch(`${origin}/ping`)).text()
        times.push(performance.now() - begun)
      }
      return times.sort((a, b) => a - b)[7] as number
    },
    async close() {
      await hub.shutdown()
      await Promise.all([handler.close(), sockets.close()])
      for (const socket of open) socket.destroy()
      network.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
