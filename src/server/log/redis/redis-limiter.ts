import type { ChannelError } from '../../../core/channel-error.js'
import type { RateLimiter } from '../../limits/rate-limiter.js'
import { createConnection } from './connection.js'
import { linksOf, type RedisConnection } from './redis-client.js'
import { defineScript } from './script.js'
import { troublesOf } from './trouble.js'

/** What `redisLimiter()` takes. */
export interface RedisLimiterOptions {
  /** As for `redisLog`. */
  readonly connection: RedisConnection
  /** Default `{uni-sse}:`. */
  readonly prefix?: string
  /** How long a request waits for a Redis that is away before it is refused, in milliseconds. Default 5,000. */
  readonly offlineMs?: number
  /** Hears once of every outage, and when Redis refuses. Must not throw. */
  readonly onError?: (error: ChannelError) => void
}

/** Answers the milliseconds to wait. Takes no more memory than it frees: the bucket of a full Redis still counts. */
const takeScript = defineScript({
  does: 'frees',
  keys: ['bucket'],
  args: ['capacity', 'rate'],
  body: `
capacity, rate = tonumber(capacity), tonumber(rate)
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local level = redis.call('HMGET', bucket, 't', 'a')
local tokens = tonumber(level[1] or capacity)
tokens = math.min(capacity, tokens + math.max(0, now - tonumber(level[2] or now)) / 1000 * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate * 1000) end
redis.call('HSET', bucket, 't', string.format('%.6f', tokens), 'a', string.format('%.3f', now))
redis.call('PEXPIRE', bucket, math.ceil((capacity - tokens) / rate * 1000) + 1000)
return wait
`,
})

/** A silent Redis is given so long before another connection is tried, in milliseconds. */
const SILENCE_MS = 1_000

/** Buckets that all nodes share. */
export function redisLimiter(options: RedisLimiterOptions): RateLimiter {
  const { connection: to, prefix = '{uni-sse}:', offlineMs = 5_000, onError = () => undefined } = options
  const troubles = troublesOf('The rate limiter')
  const connection = createConnection({
    troubles,
    open: linksOf(to),
    offlineMs,
    silenceMs: SILENCE_MS,
    onError,
  })
  return {
    async take(key, { capacity, perSecond }) {
      const bucket = `${prefix}rate:${key}`
      return Number(
        await connection.script(bucket, takeScript, () => ({
          keys: { bucket },
          args: { capacity, rate: perSecond },
        })),
      )
    },
    close: connection.close,
  }
}
