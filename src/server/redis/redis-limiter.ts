import type { RedisClientOptions } from 'redis'
import type { ChannelError } from '../../core/channel-error.js'
import type { RateLimiter } from '../limits/rate-limiter.js'
import { createConnection } from './connection.js'
import { defineScript } from './script.js'

export interface RedisLimiterOptions {
  /** As for `redisLog`. */
  readonly connection: string | RedisClientOptions
  /** Default `{uni-sse}:`. */
  readonly prefix?: string
  /** How long a request waits for a Redis that is away before it is refused, in milliseconds. Default 5,000. */
  readonly offlineMs?: number
  /** Hears once of every outage, and when Redis refuses. Must not throw. */
  readonly onError?: (error: ChannelError) => void
}

/** capacity, tokens a second. Answers the milliseconds to wait. */
const takeScript = defineScript(`
local capacity, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local level = redis.call('HMGET', KEYS[1], 't', 'a')
local tokens = tonumber(level[1] or capacity)
tokens = math.min(capacity, tokens + math.max(0, now - tonumber(level[2] or now)) / 1000 * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate * 1000) end
redis.call('HSET', KEYS[1], 't', string.format('%.6f', tokens), 'a', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens) / rate * 1000) + 1000)
return wait
`)

/** Buckets that all nodes share. */
export function redisLimiter(options: RedisLimiterOptions): RateLimiter {
  const { connection: to, prefix = '{uni-sse}:', offlineMs = 5_000, onError = () => undefined } = options
  const client = typeof to === 'string' ? { url: to } : to
  const connection = createConnection({ client, offlineMs, onOutage: onError, onRefused: onError })
  return {
    take: async (key, { capacity, perSecond }) =>
      Number(
        await connection.script(takeScript, `${prefix}rate:${key}`, [String(capacity), String(perSecond)]),
      ),
    close: connection.close,
  }
}
