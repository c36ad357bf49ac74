import { formatSse } from '../../core/sse.js'
import type { Batch } from '../log/event-log.js'

const frames = new WeakMap<Batch, Buffer>()

/** Bytes of a batch, made once for all connections that get the same batch object. */
export function framesOf(batch: Batch): Buffer {
  let bytes = frames.get(batch)
  if (!bytes) frames.set(batch, (bytes = Buffer.from(batch.events.map(formatSse).join(''))))
  return bytes
}

export const BEAT = Buffer.from(': hb\n\n')

/** @param delayMs the wish for the pause before a reconnect */
export const retryFrame = (delayMs: number) => Buffer.from(`retry: ${delayMs}\n\n`)

/** An event outside the channel's order: it has no id. */
export const looseFrame = (type: string, data: string) => Buffer.from(formatSse({ id: '', type, data }))
