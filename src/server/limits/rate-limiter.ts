/** A token bucket. */
export interface Bucket {
  /** How many may come at once. */
  readonly capacity: number
  /** How many it regains in a second. */
  readonly perSecond: number
}

/** Where the buckets are: in this process, or in Redis for all nodes. */
export interface RateLimiter {
  /** Takes one token. @returns 0, or when there was none the milliseconds until there is one */
  take(key: string, bucket: Bucket): Promise<number>
  close(): void
}
