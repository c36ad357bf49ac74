/** A run that this node has ended for another one, which hears of it from Redis. */
export interface RecentStop {
  readonly channelId: string
  /** The epoch it was ended under: another run of its name is not meant. */
  readonly stem: string
}

/** Should Redis lose a stop with a failover, it is said again: its run's owner may not have heard it. */
export interface RecentStops {
  add(stop: RecentStop): void
  all(): readonly RecentStop[]
}

const REMEMBERED_MS = 60_000
const MAX_STOPS = 10_000

export function createRecentStops(): RecentStops {
  const stops = new Map<string, { readonly stop: RecentStop; readonly at: number }>()

  function forget() {
    const old = performance.now() - REMEMBERED_MS
    for (const [channelId, { at }] of stops) {
      if (at > old && stops.size <= MAX_STOPS) return
      stops.delete(channelId)
    }
  }

  return {
    add(stop) {
      stops.delete(stop.channelId)
      stops.set(stop.channelId, { stop, at: performance.now() })
      forget()
    },
    all() {
      forget()
      return [...stops.values()].map(({ stop }) => stop)
    },
  }
}
