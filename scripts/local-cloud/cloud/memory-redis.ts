// A stand-in for the Redis extension's `uniCloud.redis()`: texts, lists and hashes that expire. It can't show the real
// one's latency, memory limit, eviction, nor lost connections.
import type { CloudRedis } from '../../../src/cloud/cloud-redis-log.js'

type Value = string | string[] | Map<string, string>

export function createMemoryRedis(): CloudRedis & { readonly keys: string[] } {
  const values = new Map<string, Value>()
  const expiries = new Map<string, number>()

  function live(key: string): Value | undefined {
    if ((expiries.get(key) ?? Infinity) <= Date.now()) {
      values.delete(key)
      expiries.delete(key)
    }
    return values.get(key)
  }

  function list(key: string): string[] {
    const value = live(key) ?? []
    if (!Array.isArray(value)) throw wrongType()
    return value
  }

  function hash(key: string): Map<string, string> {
    const value = live(key) ?? new Map<string, string>()
    if (!(value instanceof Map)) throw wrongType()
    return value
  }

  return {
    get keys() {
      return [...values.keys()].filter((key) => live(key) !== undefined)
    },
    async set(key, text, _ex, seconds) {
      if (live(key) !== undefined) return null
      values.set(key, text)
      expiries.set(key, Date.now() + seconds * 1000)
      return 'OK'
    },
    async get(key) {
      const value = live(key) ?? null
      if (value !== null && typeof value !== 'string') throw wrongType()
      return value
    },
    async rpush(key, ...added) {
      const value = [...list(key), ...added]
      values.set(key, value)
      return value.length
    },
    lrange: async (key, start, stop) => list(key).slice(start, stop + 1),
    async hset(key, field, text) {
      values.set(key, new Map(hash(key)).set(field, text))
      return 1
    },
    hmget: async (key, ...fields) => fields.map((field) => hash(key).get(field) ?? null),
    async expire(key, seconds) {
      if (live(key) === undefined) return 0
      expiries.set(key, Date.now() + seconds * 1000)
      return 1
    },
  }
}

function wrongType(): Error {
  return new Error('WRONGTYPE Operation against a key holding the wrong kind of value')
}
