import type { EndedStatus } from '../event-log.js'

/** Hears how a channel ended; undefined where the log was closed before it did. */
export type EndListener = (status: EndedStatus | undefined) => void

/** Who waits for the end of a channel. */
export interface EndWatch {
  /** Calls once; returns its undo. */
  add(channelId: string, listener: EndListener): () => void
  tell(channelId: string, status: EndedStatus | undefined): void
  has(channelId: string): boolean
  /** Channels that are waited for. */
  watched(): readonly string[]
}

export function createEndWatch(): EndWatch {
  const watches = new Map<string, Set<EndListener>>()
  return {
    add(channelId, listener) {
      const listeners = watches.get(channelId) ?? new Set()
      watches.set(channelId, listeners)
      // Its own function, so that one listener may be added twice.
      const tell: EndListener = (status) => listener(status)
      listeners.add(tell)
      return () => {
        listeners.delete(tell)
        if (listeners.size === 0 && watches.get(channelId) === listeners) watches.delete(channelId)
      }
    },
    tell(channelId, status) {
      const listeners = watches.get(channelId)
      watches.delete(channelId)
      for (const listener of [...(listeners ?? [])]) listener(status)
    },
    has: (channelId) => watches.has(channelId),
    watched: () => [...watches.keys()],
  }
}
