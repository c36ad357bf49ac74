/** What is kept, and for how long. As in `memoryLog`. */
export interface LogRetention {
  /** Events kept of one channel. Default 10,000; `Infinity` switches it off. */
  readonly maxEvents?: number
  /** Bytes kept of one channel (UTF-8, of types and data). Default 4 MiB; `Infinity` switches it off. */
  readonly maxBytes?: number
  /**
   * Age of the oldest event kept, and how long an ended channel can still be read, in milliseconds.
   * Default 3,600,000 (one hour); `Infinity` switches it off.
   */
  readonly maxAgeMs?: number
  /** Active channels at once, shared out evenly over partitions. Default 100,000; `Infinity` switches it off. */
  readonly maxChannels?: number
  /** How long it is remembered that a channel existed, in milliseconds. Default one day; 0 switches it off. */
  readonly tombstoneMs?: number
  /**
   * Bytes of the events of all channels, shared out evenly over partitions: beyond it what ended first goes. Active ones
   * go on, each to its `maxBytes`. Default `Infinity`: `maxAgeMs` alone decides.
   */
  readonly maxTotalBytes?: number
}
