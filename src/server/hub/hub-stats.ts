/** Of this process since it began, except `activeChannels`: of the whole log, now. */
export interface HubStats {
  readonly activeChannels: number
  /** Events written by this process. */
  readonly totalMessages: number
  /** Mean size of their data, in bytes; 0 before the first. */
  readonly avgMessageSize: number
  /** Readers connected now. */
  readonly connections: number
  /** Most readers connected at once. */
  readonly maxConcurrent: number
}

export interface HubStatsCounter {
  count(bytes: number): void
  /** A reader came; call the result once when it goes. */
  connect(): () => void
  snapshot(activeChannels: number): HubStats
}

export function createHubStats(): HubStatsCounter {
  let messages = 0
  let totalBytes = 0
  let connections = 0
  let maxConcurrent = 0
  const gone = () => void connections--
  return {
    count(bytes) {
      messages++
      totalBytes += bytes
    },
    connect() {
      maxConcurrent = Math.max(maxConcurrent, ++connections)
      return gone
    },
    snapshot: (activeChannels) => ({
      activeChannels,
      totalMessages: messages,
      avgMessageSize: messages === 0 ? 0 : totalBytes / messages,
      connections,
      maxConcurrent,
    }),
  }
}
