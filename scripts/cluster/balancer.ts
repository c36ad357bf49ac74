import { Agent, createServer, request as forward, type IncomingMessage, type Server } from 'node:http'
import type { ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'

export interface Balancer {
  readonly server: Server
  /** Cuts every connection of every client; where they come back to is the next node's turn. Returns how many. */
  moveAll(): number
}

/** What may be sent again: nothing of it has reached a node. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ETIMEDOUT'])

/**
 * Gives each request to the next node in turn: no stickiness, so every reconnect meets another node.
 * A node that cannot be reached is passed over.
 * @param targets ports on 127.0.0.1
 */
export function createBalancer(targets: readonly number[]): Balancer {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  const clients = new Set<Socket>()
  let turn = 0
  const nextTarget = () => targets[turn++ % targets.length]

  function pass(request: IncomingMessage, response: ServerResponse, attempts: number) {
    const { method, url: path, headers } = request
    const outgoing = forward({ agent, host: '127.0.0.1', port: nextTarget(), method, path, headers })
    outgoing.on('response', (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers)
      response.flushHeaders()
      incoming.pipe(response)
      // Cut short: the client must see that, not an end in order.
      incoming.on('aborted', () => response.destroy())
      incoming.on('error', () => response.destroy())
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const again = NOT_REACHED.has(error.code ?? '') && attempts > 1
      if (again) return pass(request, response, attempts - 1)
      if (response.headersSent || response.destroyed) return void response.destroy()
      response.writeHead(502, { 'content-type': 'text/plain' }).end('No node answers.')
    })
    response.on('close', () => outgoing.destroy())
    // Not before it is connected: what was piped into a node that is not there could not be given to the next.
    outgoing.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => request.pipe(outgoing))
      else request.pipe(outgoing)
    })
  }

  const server = createServer((request, response) => pass(request, response, targets.length))
  server.on('connection', (socket) => {
    clients.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => clients.delete(socket)).on('error', () => undefined)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const node = connect({ host: '127.0.0.1', port: nextTarget() ?? 0 }, () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`]
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`)
      node.write(`${lines.join('\r\n')}\r\n\r\n`)
      node.write(head)
      node.pipe(socket).pipe(node)
    })
    node.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.on('close', () => node.destroy())
  })
  server.on('close', () => agent.destroy())

  return {
    server,
    moveAll() {
      const count = clients.size
      for (const socket of [...clients]) socket.destroy()
      return count
    },
  }
}
