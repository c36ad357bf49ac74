import type { Batch, EventLog, Following } from '../log/event-log.js'
import { createRecentBatches, recentBudget } from './recent-batches.js'

/** Someone at the tail of a channel. Its methods must not throw. */
export interface TailListener {
  batch(batch: Batch): void
  gone(): void
}

/**
 * The tail of one channel, followed once however many listen.
 * What is appended within one turn of the event loop becomes one batch, the same object for every listener: what is
 * made of it (bytes to send) can be made once.
 */
export interface Feed {
  /** Resolves when `nextSeq` is known. Rejects when there is no such channel, or the log cannot be read. */
  readonly ready: Promise<void>
  /**
   * `joined` when `seq` is where the next batch begins or beyond, until it leaves.
   * `behind`: read on and try again. `over`: the channel has ended or is gone, what is left can only be read.
   */
  join(seq: number, listener: TailListener): 'joined' | 'behind' | 'over'
  /** What has just come from `seq` on, where that is still known: it need not be read from the log. */
  recent(seq: number): Batch | undefined
  leave(listener: TailListener): void
  /** Gives back what `feeds.acquire` gave. */
  release(): void
}

export interface Feeds {
  /**
   * `isNew`: nobody else had it, so what becomes of `ready` is what becomes of this call. Of one that others began
   * earlier a failure says less: they may have waited for a log that is back since, or have looked before the channel
   * was there. One that failed is given to nobody any more.
   */
  acquire(channelId: string): { readonly feed: Feed; readonly isNew: boolean }
}

export function createFeeds(log: EventLog): Feeds {
  const feeds = new Map<string, { readonly feed: Feed; users: number; readonly stop: () => void }>()
  const budget = recentBudget()

  function open(channelId: string) {
    const listeners = new Set<TailListener>()
    let following: Following | undefined
    let nextSeq = 0
    const waiting: Batch[] = []
    const recent = createRecentBatches(budget)
    let state: 'open' | 'over' = 'open'
    let flushing: NodeJS.Immediate | undefined

    function flush() {
      flushing = undefined
      const batch = merge(waiting)
      waiting.length = 0
      nextSeq = batch.seq + batch.events.length
      if (isAwaited()) recent.keep(batch)
      if (batch.ended) close()
      for (const listener of [...listeners]) listener.batch(batch)
    }

    /** Somebody is on the way here: a fast producer would otherwise stay ahead of whoever reads from the log. */
    const isAwaited = () => entry.users > listeners.size

    /** A channel created anew under this id gets a feed of its own. */
    function close() {
      state = 'over'
      if (feeds.get(channelId) === entry) feeds.delete(channelId)
    }

    function gone() {
      if (flushing) clearImmediate(flushing)
      if (waiting.length > 0) flush()
      close()
      recent.forget()
      for (const listener of [...listeners]) listener.gone()
    }

    async function follow() {
      const follower = {
        batch(batch: Batch) {
          const last = waiting[waiting.length - 1]
          // Trimmed before it was read: what is before the hole must not be joined to what is behind it.
          if (last && last.seq + last.events.length !== batch.seq) flush()
          waiting.push(batch)
          flushing = flushing ?? setImmediate(flush)
        },
        gone,
      }
      const found = await log.follow(channelId, follower)
      if (state === 'over') return found.stop()
      following = found
      // A batch that came while this was on its way may have been flushed already.
      nextSeq = Math.max(nextSeq, found.nextSeq)
    }

    const entry = {
      users: 0,
      feed: {
        ready: follow(),
        join(seq: number, listener: TailListener) {
          if (state === 'over') return 'over'
          if (seq < nextSeq) return 'behind'
          listeners.add(listener)
          if (!isAwaited()) recent.forget()
          return 'joined'
        },
        recent: recent.from,
        leave: (listener: TailListener) => void listeners.delete(listener),
        release() {
          if (--entry.users > 0) {
            if (!isAwaited()) recent.forget()
            return
          }
          entry.stop()
        },
      },
      stop() {
        close()
        recent.forget()
        following?.stop()
        if (flushing) clearImmediate(flushing)
      },
    }
    // Whoever acquires it awaits `ready` too, and comes later than this.
    entry.feed.ready.catch(close)
    return entry
  }

  return {
    acquire(channelId) {
      const other = feeds.get(channelId)
      const entry = other ?? open(channelId)
      if (!other) feeds.set(channelId, entry)
      entry.users++
      return { feed: entry.feed, isNew: !other }
    },
  }
}

function merge(batches: readonly Batch[]): Batch {
  const [first, ...rest] = batches as [Batch, ...Batch[]]
  if (rest.length === 0) return first
  return {
    seq: first.seq,
    events: batches.flatMap((batch) => batch.events),
    ended: batches.some((batch) => batch.ended),
  }
}
