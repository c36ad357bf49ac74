import { formatSse } from '../../core/sse.js'
import type { Batch } from '../event-log.js'
import type { ByteSink } from './exchange.js'

/** Bytes of a batch, made once for all connections that get the same batch object. */
const frames = new WeakMap<Batch, Buffer>()

function framesOf(batch: Batch): Buffer {
  let bytes = frames.get(batch)
  if (!bytes) frames.set(batch, (bytes = Buffer.from(batch.events.map(formatSse).join(''))))
  return bytes
}

const BEAT = Buffer.from(': hb\n\n')

/** The SSE side of one answer whose head is sent. */
export interface EventStream {
  /** False: wait for the sink's `onDrain` before sending more that can wait. */
  batch(batch: Batch): boolean
  event(type: string, data: string): void
  /** @param delayMs the wish for the pause before a reconnect */
  retry(delayMs: number): void
  beat(): void
  /** Ends the response in order. */
  end(): void
  destroy(): void
}

/**
 * @param maxPendingBytes a connection with more unsent bytes than this is destroyed
 * @param onSlow called when that happens
 */
export function createEventStream(
  sink: ByteSink,
  maxPendingBytes: number,
  onSlow: () => void = () => undefined,
): EventStream {
  function write(bytes: Uint8Array): boolean {
    // Looked at before the write: one event larger than the bound must still get through.
    if (sink.pendingBytes() > maxPendingBytes) {
      onSlow()
      sink.destroy()
      return false
    }
    return sink.write(bytes)
  }

  return {
    batch: (batch) => write(framesOf(batch)),
    event: (type, data) => void write(Buffer.from(formatSse({ id: '', type, data }))),
    retry: (delayMs) => void write(Buffer.from(`retry: ${delayMs}\n\n`)),
    beat() {
      // Unsent bytes will do as a sign of life once they arrive.
      if (sink.pendingBytes() === 0) write(BEAT)
    },
    end: sink.end,
    destroy: sink.destroy,
  }
}
