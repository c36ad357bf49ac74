import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { listen } from './listen.js'

/** An answer given instead of the target's. */
export interface Override {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface SeenRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly lastEventId: string | undefined
}

/** What goes wrong from now on. Each call of `set` replaces all of it. */
export interface Faults {
  /**
   * - `pass` (default): bytes go through.
   * - `stall`: connections stay, nothing goes through until another mode is set.
   * - `refuse`: new connections are reset.
   */
  readonly mode?: 'pass' | 'stall' | 'refuse'
  /**
   * Size of the pieces a response's body is written in, each in a turn of the event loop of its own, so that they
   * leave as segments of their own. Default: as it comes.
   */
  readonly bytesPerWrite?: number
  /** Resets the connection of a response after so many bytes of its body. Asked once for each response. */
  readonly cutAfterBytes?: (request: SeenRequest) => number
  /** Answers some requests itself; undefined lets the request through. */
  readonly override?: (request: SeenRequest) => Override | undefined
}

export interface FaultProxy {
  readonly port: number
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Every request that came in, also the overridden. */
  readonly requests: readonly SeenRequest[]
  /** POSTs that were let through to this path. */
  posts(path: string): number
  set(faults: Faults): void
  /** Resets every connection of every client; returns how many. */
  destroyAll(): number
  /** Idempotent. */
  close(): Promise<void>
}

/** A proxy between a client and the server at `targetPort` on 127.0.0.1 that breaks what it is told to break. */
export async function createFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const requests: SeenRequest[] = []
  const posts = new Map<string, number>()
  let faults: Faults = {}
  let changed = Promise.resolve()
  let change: () => void = () => undefined

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    socket.setNoDelay(true)
    if (faults.mode === 'refuse') socket.resetAndDestroy()
  })

  async function whileStalled() {
    while (faults.mode === 'stall') await changed
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const { method = '', url: path = '' } = request
    const header = request.headers['last-event-id']
    const seen: SeenRequest = { method, path, lastEventId: Array.isArray(header) ? header[0] : header }
    requests.push(seen)
    await whileStalled()
    const override = faults.override?.(seen)
    if (override) {
      request.resume()
      response.writeHead(override.status, override.headers ?? {}).end(override.body ?? '')
      return
    }
    if (method === 'POST') posts.set(path, (posts.get(path) ?? 0) + 1)
    const { headers } = request
    const outgoing = httpRequest({ host: '127.0.0.1', port: targetPort, method, path, headers })
    response.on('close', () => outgoing.destroy())
    request.pipe(outgoing)
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    outgoing.on('error', () => response.destroy())
    response.writeHead(incoming.statusCode ?? 502, incoming.headers)
    response.flushHeaders()
    await relay(incoming, response, faults.cutAfterBytes?.(seen) ?? Infinity)
  }

  async function relay(incoming: IncomingMessage, response: ServerResponse, limit: number) {
    let passed = 0
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length;) {
        await whileStalled()
        const size = Math.min(faults.bytesPerWrite ?? chunk.length, limit - passed, chunk.length - at)
        if (size > 0 && !response.write(chunk.subarray(at, at + size))) await once(response, 'drain')
        at += size
        passed += size
        if (passed >= limit) {
          // What was written so far is to arrive, then the reset.
          await new Promise((resolve) => setImmediate(resolve))
          response.socket?.resetAndDestroy()
          return
        }
        if (faults.bytesPerWrite !== undefined) await new Promise((resolve) => setImmediate(resolve))
      }
    }
    response.end()
  }

  function set(next: Faults) {
    faults = next
    change()
    changed = new Promise((resolve) => (change = resolve))
  }

  function destroyAll() {
    const count = sockets.size
    for (const socket of [...sockets]) socket.resetAndDestroy()
    return count
  }

  set({})
  const port = await listen(server)
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    posts: (path) => posts.get(path) ?? 0,
    set,
    destroyAll,
    async close() {
      set({})
      destroyAll()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
