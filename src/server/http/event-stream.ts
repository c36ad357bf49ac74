import type { ServerResponse } from 'node:http'
import { formatSse } from '../../core/sse.js'
import type { Batch } from '../event-log.js'

/** Bytes of a batch, made once for all connections that get the same batch object. */
const frames = new WeakMap<Batch, Buffer>()

export function framesOf(batch: Batch): Buffer {
  let bytes = frames.get(batch)
  if (!bytes) frames.set(batch, (bytes = Buffer.from(batch.events.map(formatSse).join(''))))
  return bytes
}

/** The same as one chunk of a chunked body. */
const chunks = new WeakMap<Batch, Buffer>()

function chunkOf(batch: Batch): Buffer {
  let bytes = chunks.get(batch)
  if (!bytes) {
    const frames = framesOf(batch)
    bytes = Buffer.concat([Buffer.from(`${frames.length.toString(16)}\r\n`), frames, CRLF])
    chunks.set(batch, bytes)
  }
  return bytes
}

const CRLF = Buffer.from('\r\n')

export const BEAT = Buffer.from(': hb\n\n')

export interface EventStreamOptions {
  /** A connection with more unsent bytes than this is destroyed. */
  readonly maxPendingBytes: number
  /** Called once when the connection is over, whoever ended it. */
  readonly onClosed: () => void
  /** Called when a write that returned false has gone out. */
  readonly onDrain: () => void
}

/** The SSE side of one HTTP response whose head is sent. */
export interface EventStream {
  /** False: wait for `onDrain` before sending more that can wait. */
  batch(batch: Batch): boolean
  event(type: string, data: string): void
  /** @param delayMs the wish for the pause before a reconnect */
  retry(delayMs: number): void
  beat(): void
  /** Ends the response in order. */
  end(): void
  destroy(): void
}

export function createEventStream(response: ServerResponse, options: EventStreamOptions): EventStream {
  const { maxPendingBytes, onClosed, onDrain } = options
  const { socket } = response
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

  function isWritable(): boolean {
    if (response.destroyed || response.writableEnded) return false
    // Looked at before the write: one event larger than the bound must still get through.
    if (response.writableLength <= maxPendingBytes) return true
    response.destroy()
    return false
  }

  const write = (bytes: Buffer | string) => isWritable() && response.write(bytes)

  function batch(events: Batch): boolean {
    if (!isWritable()) return false
    // What `response.write` does is to write length, bytes and line break, for every connection anew: a third of the cost.
    if (socket && isPlain && response.chunkedEncoding && response.socket === socket)
      return socket.write(chunkOf(events))
    return response.write(framesOf(events))
  }

  return {
    batch,
    event: (type, data) => void write(formatSse({ id: '', type, data })),
    retry: (delayMs) => void write(`retry: ${delayMs}\n\n`),
    beat() {
      // Unsent bytes will do as a sign of life once they arrive.
      if (response.writableLength === 0) write(BEAT)
    },
    end: () => void response.end(),
    destroy: () => void response.destroy(),
  }
}
