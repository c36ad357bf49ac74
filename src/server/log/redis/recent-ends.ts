import type { Write } from '../shared/channel-writer.js'

/** Ends this node wrote lately: should Redis lose one with a failover, it is written again. */
export interface RecentEnds {
  add(write: Write): void
  all(): readonly Write[]
}

/** A replica that is further behind than this has lost more than an end, in milliseconds. */
const REMEMBERED_MS = 60_000
const MAX_ENDS = 2_000
/** With the text that went with it. A longer one ends as lost. */
const MAX_CHARS = 16_384

export function createRecentEnds(): RecentEnds {
  const ends = new Map<Write, number>()

  function forget() {
    const old = performance.now() - REMEMBERED_MS
    for (const [write, at] of ends) {
      if (at > old && ends.size <= MAX_ENDS) return
      ends.delete(write)
    }
  }

  return {
    add(write) {
      if (write.chunks.reduce((sum, chunk) => sum + chunk.length, 0) > MAX_CHARS) return
      ends.set(write, performance.now())
      forget()
    },
    all() {
      forget()
      return [...ends.keys()]
    },
  }
}
