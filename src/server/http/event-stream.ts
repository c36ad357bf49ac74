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
  response.on('drain', onDrain)
  response.on('close', onClosed)
  // A reset by the client; 'close' follows.
  response.on('error', () => undefined)

  function write(bytes: Buffer | string): boolean {
    if (response.destroyed || response.writableEnded) return false
    // Looked at before the write: one event larger than the bound must still get through.
    if (response.writableLength > maxPendingBytes) {
      response.destroy()
      return false
    }
    return response.write(bytes)
  }

  return {
    batch: (batch) => write(framesOf(batch)),
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
