import { ChannelError } from '../../core/channel-error.js'
import { ownerOf } from '../access/owner-of.js'
import type { EventDraft } from '../log/event-log.js'
import { eventBytes } from '../log/shared/event-bytes.js'
import type { ConnectionLimitOptions } from './connection-limits.js'
import { memoryLimiter } from './memory-limiter.js'
import { checkBucket, type Bucket, type RateLimiter } from './rate-limiter.js'

/** What one channel and one user may take. A user is a channel's `metadata.userId`. */
export interface HubLimits extends ConnectionLimitOptions {
  /** Messages sent to one channel. Default: any number. Runs are not counted: their producer is yours. */
  readonly perChannel?: Bucket
  /** Messages sent to all channels of one user, and runs started for them. Default: any number. */
  readonly perUser?: Bucket
  /** Active channels of one user. Default `Infinity`. */
  readonly channelsPerUser?: number
  /** Size of one event (UTF-8, of type and data). Default: what the log keeps of one channel. */
  readonly maxEventBytes?: number
  /** Where buckets are kept. Default: in this process. For all nodes together: `redisLimiter`. */
  readonly limiter?: RateLimiter
}

/** `HubLimits`, as the hub asks them. */
export interface LimitChecks {
  /** @throws {ChannelError} RATE_LIMITED, with when to try again */
  take(key: string, bucket: Bucket): Promise<void>
  /** @throws {ChannelError} RATE_LIMITED */
  sending(channelId: string, userId: unknown): Promise<void>
  /** Undefined: nothing to wait for. @throws {ChannelError} RATE_LIMITED */
  starting(userId: unknown): Promise<void> | undefined
  /** What the log is to hold a new channel of this user to. */
  quota(userId: unknown): { readonly key: string; readonly max: number } | undefined
  /** @throws {ChannelError} EVENT_TOO_LARGE; BAD_OPTIONS: a type that would break out of its line */
  check(event: EventDraft): EventDraft
}

const breaks = /[\r\n\0]/

export function createLimitChecks(limits: HubLimits = {}): LimitChecks {
  const { perChannel, perUser, channelsPerUser = Infinity, maxEventBytes = Infinity } = limits
  const limiter = limits.limiter ?? memoryLimiter()
  checkBucket(perChannel)
  checkBucket(perUser)

  async function take(key: string, bucket: Bucket) {
    const retryAfterMs = await limiter.take(key, bucket)
    if (retryAfterMs > 0) throw new ChannelError('RATE_LIMITED', undefined, { retryAfterMs })
  }

  const starting = (userId: unknown) => {
    const owner = ownerOf(userId)
    return perUser && typeof owner === 'string' ? take(`sender:${owner}`, perUser) : undefined
  }

  return {
    take,
    starting,
    async sending(channelId, userId) {
      if (perChannel) await take(`channel:${channelId}`, perChannel)
      await starting(userId)
    },
    quota(userId) {
      const owner = ownerOf(userId)
      if (channelsPerUser === Infinity || typeof owner !== 'string') return undefined
      return { key: owner, max: channelsPerUser }
    },
    check(event) {
      if (breaks.test(event.type))
        throw new ChannelError('BAD_OPTIONS', 'The type of an event has no line breaks and no NUL.')
      if (eventBytes(event) > maxEventBytes) throw new ChannelError('EVENT_TOO_LARGE')
      return event
    },
  }
}
