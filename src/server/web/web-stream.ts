import { formatSse } from '../../core/sse.js'
import { BEAT, framesOf, type EventStream, type EventStreamOptions } from '../http/event-stream.js'

export interface WebStream {
  readonly stream: EventStream
  readonly body: ReadableStream<Uint8Array>
}

/** What may wait before the log is asked to wait. */
const HIGH_WATER_BYTES = 64 * 1024

/** The SSE side of one Web `Response`. */
export function createWebStream({ maxPendingBytes, onClosed, onDrain }: EventStreamOptions): WebStream {
  let state: 'open' | 'closed' = 'open'
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined

  function close(settle: () => void) {
    if (state === 'closed') return
    state = 'closed'
    settle()
    onClosed()
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => void (controller = given),
      pull: () => onDrain(),
      cancel: () => close(() => undefined),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
  )

  const pending = () => HIGH_WATER_BYTES - (controller?.desiredSize ?? HIGH_WATER_BYTES)
  const destroy = () => close(() => controller?.error(new Error('The client is too slow.')))

  function write(bytes: Uint8Array | string): boolean {
    if (state === 'closed') return false
    // Looked at before the write: one event larger than the bound must still get through.
    if (pending() > maxPendingBytes) {
      destroy()
      return false
    }
    controller?.enqueue(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    return pending() < HIGH_WATER_BYTES
  }

  const stream: EventStream = {
    batch: (batch) => write(framesOf(batch)),
    event: (type, data) => void write(formatSse({ id: '', type, data })),
    retry: (delayMs) => void write(`retry: ${delayMs}\n\n`),
    beat() {
      if (pending() === 0) write(BEAT)
    },
    end: () => close(() => controller?.close()),
    destroy,
  }
  return { stream, body }
}
