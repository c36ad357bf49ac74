import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from './exchange.js'
import { chunkOf } from './chunk-of.js'
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
      const { socket } = response
      socket?.setNoDelay(true)
      // Compression, tracing and the like put their own `write` on a response: then it is not ours to go around.
      const isPlain = !Object.prototype.hasOwnProperty.call(response, 'write')
      response.on('drain', onDrain)
      socket?.on('drain', onDrain)
      response.on('close', () => {
        // The socket may live on for the next request.
        socket?.off('drain', onDrain)
        onClosed()
      })
      // A reset by the client; 'close' follows.
      response.on('error', () => undefined)
      return {
        pendingBytes: () => response.writableLength,
        write(bytes) {
          if (response.destroyed || response.writableEnded) return false
          // `response.write` writes length, bytes and line break of a chunk one by one, for each connection anew.
          if (socket && isPlain && response.chunkedEncoding && response.socket === socket)
            return socket.write(chunkOf(bytes))
          return response.write(bytes)
        },
        end: () => void response.end(),
        destroy: () => void response.destroy(),
      }
    },
  }
}
