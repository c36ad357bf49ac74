import { ChannelError } from '../../core/channel-error.js'

/** A token bucket. */
export interface Bucket {
  /** How many may come at once. */
  readonly capacity: number
  /** How many it regains in a second. */
  readonly perSecond: number
}

/** @throws {ChannelError} BAD_OPTIONS: one that would never let anything through, or never fill */
export function checkBucket<B extends Bucket | undefined>(bucket: B): B {
  if (bucket && !(bucket.capacity >= 1 && bucket.perSecond > 0))
    throw new ChannelError(
      'BAD_OPTIONS',
      'A bucket has a capacity of 1 or more and fills with more than 0 a second.',
    )
  return bucket
}

/** Where the buckets are: in this process, or in Redis for all nodes. */
export interface RateLimiter {
  /** Takes one token. @returns 0, or when there was none the milliseconds until there is one */
  take(key: string, bucket: Bucket): Promise<number>
  close(): void
}
