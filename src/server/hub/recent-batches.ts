import { createBoundedQueue, type Budget } from '../bounded-queue.js'
import type { Batch } from '../log/event-log.js'

/** What is kept of one channel at the most: a few pages, so that a reader finds its place while the tail goes on. */
const MAX_CHARS = 1024 * 1024
/** About what an event weighs beside its data. */
const EVENT_CHARS = 100

/** For all channels of a hub, in characters. */
export const recentBudget = (): Budget => ({ max: 16 * 1024 * 1024, used: 0 })

/**
 * The last batches of a channel, for readers who are a little behind its tail: what has just come is not read from the
 * log again. Bounded for each channel and for all of them; what has no room is read as ever.
 */
export interface RecentBatches {
  keep(batch: Batch): void
  /** The rest of the batch in which this number is; undefined where it is not kept. */
  from(seq: number): Batch | undefined
  forget(): void
}

export function createRecentBatches(budget: Budget): RecentBatches {
  const queue = createBoundedQueue<Batch>(MAX_CHARS, budget)

  return {
    keep(batch) {
      const last = queue.items[queue.items.length - 1]
      // Readers go on from one to the next: there must be no hole.
      if (last && last.seq + last.events.length !== batch.seq) queue.clear()
      const chars = batch.events.reduce(
        (sum, { type, data }) => sum + type.length + data.length + EVENT_CHARS,
        0,
      )
      queue.push(batch, chars)
    },

    from(seq) {
      const found = queue.items.find((batch) => batch.seq + batch.events.length > seq)
      if (!found || found.seq > seq) return undefined
      if (found.seq === seq) return found
      return { seq, events: found.events.slice(seq - found.seq), ended: found.ended }
    },

    forget: queue.clear,
  }
}
