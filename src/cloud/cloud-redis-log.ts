import { toControl, type ChannelLog, type ControlName } from './channel-log.js'
import type { LogEntry } from './wire.js'

/** As much of the Redis extension's `uniCloud.redis()` as the log uses. */
export interface CloudRedis {
  /** 'OK', or null when the key was there already. */
  set(key: string, value: string, ex: 'EX', seconds: number, nx: 'NX'): Promise<unknown>
  get(key: string): Promise<string | null>
  rpush(key: string, ...values: string[]): Promise<number>
  lrange(key: string, start: number, stop: number): Promise<string[]>
  hset(key: string, field: string, value: string): Promise<unknown>
  hmget(key: string, ...fields: string[]): Promise<(string | null)[]>
  expire(key: string, seconds: number): Promise<unknown>
}

const controlNames: readonly ControlName[] = ['stop', 'pushClientId', 'beatAt']

/**
 * A log in uniCloud's Redis extension: a list, a hash and an owner a channel, which expire by themselves.
 * @param prefix of the keys; default `sse-channel:`. `uni:`, `dcloud:` and `unicloud:` are the vendor's own.
 */
export function redisLog(redis: CloudRedis, prefix = 'sse-channel:'): ChannelLog {
  const entriesKey = (channelId: string) => `${prefix}${channelId}:entries`
  const ownerKey = (channelId: string) => `${prefix}${channelId}:owner`
  const controlKey = (channelId: string) => `${prefix}${channelId}:control`
  const secondsUntil = (at: number) => Math.max(1, Math.ceil((at - Date.now()) / 1000))

  return {
    async claim(channelId, owner, expiresAt) {
      const key = ownerKey(channelId)
      const set = await redis.set(key, owner, 'EX', secondsUntil(expiresAt), 'NX')
      // A claim whose answer was lost is sent again.
      return set === 'OK' || (await redis.get(key)) === owner
    },

    async append(channelId, entries, expiresAt) {
      const key = entriesKey(channelId)
      await redis.rpush(key, ...entries.map((entry) => JSON.stringify(entry)))
      await redis.expire(key, secondsUntil(expiresAt))
    },

    // Entry n is at index n, or later: an append that was sent twice is in the list twice.
    async read(channelId, from, limit) {
      const read: LogEntry[] = []
      for (let index = from; read.length < limit; index += limit) {
        const texts = await redis.lrange(entriesKey(channelId), index, index + limit - 1)
        for (const text of texts) {
          const entry = JSON.parse(text) as LogEntry
          if (entry.seq === from + read.length && read.length < limit) read.push(entry)
        }
        if (texts.length < limit) break
      }
      return read
    },

    async control(channelId) {
      const values = await redis.hmget(controlKey(channelId), ...controlNames)
      return toControl(Object.fromEntries(controlNames.map((name, index) => [name, values[index] ?? null])))
    },

    async setControl(channelId, name, value, expiresAt) {
      await redis.hset(controlKey(channelId), name, value)
      await redis.expire(controlKey(channelId), secondsUntil(expiresAt))
    },

    expire: () => Promise.resolve(),
  }
}
