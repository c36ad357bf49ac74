import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** The connection is gone, from whichever side. */
  closed: boolean
}

export interface HttpServer {
  readonly url: string
  readonly requests: Received[]
  /** What answers from now on. */
  answer: (request: Received, response: ServerResponse) => void
  close(): Promise<void>
}

/** A real server on 127.0.0.1 that remembers what it was asked. */
export async function startHttpServer(
  answer: HttpServer['answer'] = (_request, response) => response.end(),
): Promise<HttpServer> {
  const requests: Received[] = []
  const server = createServer((message, response) => {
    const parts: Buffer[] = []
    message.on('data', (part: Buffer) => parts.push(part))
    message.on('end', () => {
      const received: Received = {
        method: message.method ?? '',
        url: message.url ?? '',
        headers: message.headers,
        body: Buffer.concat(parts).toString(),
        closed: false,
      }
      response.on('close', () => (received.closed = true))
      requests.push(received)
      handle.answer(received, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const handle: HttpServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return handle
}

/** Begins an event stream; the head is sent at once. */
export function beginStream(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...headers })
  response.flushHeaders()
  return response
}
