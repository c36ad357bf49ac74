import type { Clock } from '../../../core/clock.js'
import type { ChannelInfo } from '../event-log.js'

export interface Tombstone {
  readonly info: ChannelInfo
  /** Until when it is remembered, in milliseconds since 1970. */
  readonly until: number
}

/** Channels that are gone and are remembered for a while, the newest `max` of them. */
export interface Tombstones {
  put(tombstone: Tombstone): void
  /** As long as it is remembered. */
  find(channelId: string): Tombstone | undefined
  delete(channelId: string): boolean
  /** All that are remembered now. */
  all(): readonly Tombstone[]
  sweep(): void
  clear(): void
  readonly size: number
}

/** @param onForgotten called when one is forgotten before its time */
export function createTombstones(max: number, clock: Clock, onForgotten: () => void): Tombstones {
  const tombstones = new Map<string, Tombstone>()
  const isKept = ({ until }: Tombstone) => until > clock.now()
  return {
    put(tombstone) {
      const { channelId } = tombstone.info
      tombstones.delete(channelId)
      tombstones.set(channelId, tombstone)
      for (const oldest of tombstones.keys()) {
        if (tombstones.size <= max) break
        tombstones.delete(oldest)
        onForgotten()
      }
    },
    find(channelId) {
      const found = tombstones.get(channelId)
      return found && isKept(found) ? found : undefined
    },
    delete: (channelId) => tombstones.delete(channelId),
    all: () => [...tombstones.values()].filter(isKept),
    sweep() {
      for (const [channelId, tombstone] of tombstones) if (!isKept(tombstone)) tombstones.delete(channelId)
    },
    clear: () => tombstones.clear(),
    get size() {
      return tombstones.size
    },
  }
}
