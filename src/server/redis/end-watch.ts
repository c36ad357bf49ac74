/** Who waits for the end of a channel. */
export interface EndWatch {
  /** Calls once; returns its undo. */
  add(channelId: string, listener: () => void): () => void
  tell(channelId: string): void
  /** Channels that are waited for. */
  watched(): readonly string[]
}

export function createEndWatch(): EndWatch {
  const watches = new Map<string, Set<() => void>>()
  return {
    add(channelId, listener) {
      const listeners = watches.get(channelId) ?? new Set()
      watches.set(channelId, listeners)
      // Its own function, so that one listener may be added twice.
      const tell = () => listener()
      listeners.add(tell)
      return () => {
        listeners.delete(tell)
        if (listeners.size === 0 && watches.get(channelId) === listeners) watches.delete(channelId)
      }
    },
    tell(channelId) {
      const listeners = watches.get(channelId)
      watches.delete(channelId)
      for (const listener of [...(listeners ?? [])]) listener()
    },
    watched: () => [...watches.keys()],
  }
}
