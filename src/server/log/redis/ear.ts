import type { Partition } from './partitions.js'

/**
 * Whether what is published is heard: every beat of this node publishes something to it. A connection may be deaf
 * without being lost.
 */
export interface Ear {
  /** A beat was answered; the next comes after `everyMs`. */
  expect(partition: Partition, everyMs: number): void
  heard(partition: Partition): void
}

const PATIENCE_MS = 1_500

export function createEar(onDeaf: (partition: Partition) => void): Ear {
  /** Since when nothing was heard of answered beats. */
  const deafSince = new Map<Partition, number>()
  const heard = new Set<Partition>()

  return {
    expect(partition, everyMs) {
      const now = performance.now()
      if (heard.delete(partition)) return void deafSince.delete(partition)
      const since = deafSince.get(partition) ?? now
      deafSince.set(partition, since)
      if (now - since <= Math.max(PATIENCE_MS, 2 * everyMs)) return
      deafSince.delete(partition)
      onDeaf(partition)
    },
    heard: (partition) => void heard.add(partition),
  }
}
