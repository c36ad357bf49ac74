import { connect, createServer, type Server, type Socket } from 'node:net'
import { listen } from './listen.js'

/** What happens to one connection. Bytes are those from the server to the client, heads included. */
export interface ConnectionPlan {
  /** `refuse`: reset at once. Default `pass`. */
  readonly mode?: 'pass' | 'refuse'
  /** After so many bytes `fate` strikes. Default: never. */
  readonly afterBytes?: number
  /**
   * - `reset` (default): RST.
   * - `end`: FIN, as a proxy that gives up politely.
   * - `silence`: nothing more, in either direction, and no FIN: half-open.
   */
  readonly fate?: 'reset' | 'end' | 'silence'
  /** Size of the pieces bytes are written in, each in a turn of its own. */
  readonly bytesPerWrite?: number
  /** Before the first byte, in milliseconds. */
  readonly delayMs?: number
  /** Before the first byte, too. */
  readonly heldUntil?: Promise<void>
}

export interface TcpProxy {
  readonly port: number
  /** Connections so far. */
  readonly connections: number
  /** Bytes that got through to clients so far. */
  readonly bytes: number
  /** Asked for every new connection, which are counted from 0. */
  plan: (connection: number) => ConnectionPlan
  /** Resets every connection. */
  destroyAll(): void
  close(): Promise<void>
}

/** Breaks connections below HTTP and WebSocket, so every transport meets the same faults. */
export async function createTcpProxy(
  targetPort: number,
  plan: TcpProxy['plan'] = () => ({}),
): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const server: Server = createServer((client) => {
    keep(client)
    const { mode, ...faults } = proxy.plan(connections++)
    if (mode === 'refuse') return void client.resetAndDestroy()
    const upstream = connect(targetPort, '127.0.0.1')
    keep(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroySoon())
    client.on('data', (bytes) => upstream.writable && upstream.write(bytes))
    client.on('end', () => upstream.end())
    relay(upstream, client, faults, (size) => (bytes += size)).catch(() => client.destroy())
  })
  let connections = 0
  let bytes = 0

  const proxy: TcpProxy = {
    port: await listen(server as Parameters<typeof listen>[0]),
    get connections() {
      return connections
    },
    get bytes() {
      return bytes
    },
    plan,
    destroyAll() {
      for (const socket of [...sockets]) socket.resetAndDestroy()
    },
    async close() {
      proxy.destroyAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

async function relay(upstream: Socket, client: Socket, plan: ConnectionPlan, count: (bytes: number) => void) {
  const { afterBytes = Infinity, fate = 'reset', bytesPerWrite = Infinity, delayMs = 0 } = plan
  let left = afterBytes
  let first = true
  for await (const bytes of upstream as AsyncIterable<Buffer>) {
    if (first && delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
    if (first) await plan.heldUntil
    first = false
    for (let at = 0; at < bytes.length;) {
      const size = Math.min(bytesPerWrite, bytes.length - at, left)
      if (client.destroyed) return
      if (size > 0) client.write(bytes.subarray(at, at + size))
      at += size
      count(size)
      left -= size
      if (left <= 0) {
        // What was written is to arrive before the reset.
        await turn()
        await turn()
        return strike(client, upstream, fate)
      }
      if (bytesPerWrite !== Infinity) await turn()
    }
  }
}

function strike(client: Socket, upstream: Socket, fate: 'reset' | 'end' | 'silence') {
  if (fate === 'reset') client.resetAndDestroy()
  else if (fate === 'end') client.end()
  else {
    client.removeAllListeners('data')
    client.resume()
    // The server's side goes, the client's does not hear of it.
    upstream.removeAllListeners('close')
    upstream.destroy()
  }
}
