import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ByteSink, Exchange, SinkListener } from './exchange.js'
import { chunkOf } from './chunk-of.js'
import { discardBody } from './read-body.js'

/** How long the rest of a refused body is read away before the connection is cut, in milliseconds. */
const DISCARD_MS = 2_000

export function nodeExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const { method = '' } = request
  return {
    method,
    isClosed: () => isGone(response),
    onClose: (listener) => void response.once('close', listener),
    destroy: () => void response.destroy(),

    reply({ status, headers, body }) {
      if (response.headersSent) return void response.destroy()
      if (isGone(response)) return
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      response.writeHead(status, { ...headers, ...length })
      response.end(method === 'HEAD' ? undefined : body)
      discardBody(request, DISCARD_MS)
    },

    stream(head, listener) {
      response.writeHead(200, head)
      response.flushHeaders()
      response.socket?.setNoDelay(true)
      return new ResponseSink(response, listener)
    },
  }
}

/** That of HTTP/2 looks like one of HTTP/1, but for this: only its stream knows. */
const isGone = (response: ServerResponse & { readonly stream?: { readonly destroyed: boolean } }) =>
  response.destroyed || response.stream?.destroyed === true

/** A class for the reason given at OpenStream. */
class ResponseSink implements ByteSink {
  private readonly socket: Socket | undefined
  /** `response.write` writes length, bytes and line break of a chunk one by one, for each connection anew. */
  private readonly way: 'response' | 'socket'
  private forgetDrain: (() => void) | undefined = undefined

  constructor(
    private readonly response: ServerResponse,
    private readonly listener: SinkListener,
  ) {
    this.socket = response.socket ?? undefined
    // Compression, tracing and the like put their own `write` on a response: then it is not ours to go around.
    const isPlain = !Object.prototype.hasOwnProperty.call(response, 'write')
    this.way = isPlain && response.chunkedEncoding ? 'socket' : 'response'
    response.on('close', () => {
      // The socket may live on for the next request.
      this.forgetDrain?.()
      listener.onClosed()
    })
    response.on('error', ignore)
  }

  pendingBytes(): number {
    return this.response.writableLength
  }

  write(bytes: Uint8Array): boolean {
    const { response, socket } = this
    if (isGone(response) || response.writableEnded) return false
    const direct = this.way === 'socket' && socket && response.socket === socket
    const went = direct ? socket.write(chunkOf(bytes)) : response.write(bytes)
    if (!went) this.whenDrained(direct ? socket : response)
    return went
  }

  end(): void {
    this.response.end()
  }

  destroy(): void {
    this.response.destroy()
  }

  /** Listens only while it must: most connections never block. */
  private whenDrained(from: Socket | ServerResponse) {
    if (this.forgetDrain) return
    const drained = () => {
      this.forgetDrain = undefined
      this.listener.onDrain()
    }
    from.once('drain', drained)
    this.forgetDrain = () => from.off('drain', drained)
  }
}

/** A reset by the client; 'close' follows. */
const ignore = () => undefined
