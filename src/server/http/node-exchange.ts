import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from './exchange.js'
import { discardBody } from './read-body.js'

/** How long the rest of a refused body is read away before the connection is cut, in milliseconds. */
const DISCARD_MS = 2_000

export function nodeExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const { method = '' } = request
  return {
    method,
    isClosed: () => response.destroyed,
    onClose: (listener) => void response.once('close', listener),
    destroy: () => void response.destroy(),

    reply({ status, headers, body }) {
      if (response.headersSent) return void response.destroy()
      if (response.destroyed) return
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      response.writeHead(status, { ...headers, ...length })
      response.end(method === 'HEAD' ? undefined : body)
      discardBody(request, DISCARD_MS)
    },

    stream(head, { onDrain, onClosed }) {
      response.writeHead(200, head)
      response.flushHeaders()
      response.socket?.setNoDelay(true)
      response.on('drain', onDrain)
      response.on('close', onClosed)
      // A reset by the client; 'close' follows.
      response.on('error', () => undefined)
      return {
        pendingBytes: () => response.writableLength,
        write: (bytes) => !response.destroyed && !response.writableEnded && response.write(bytes),
        end: () => void response.end(),
        destroy: () => void response.destroy(),
      }
    },
  }
}
