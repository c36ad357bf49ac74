import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import { createHub } from '../../../../src/server/hub/create-hub.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import type { RedisLogOptions } from '../../../../src/server/log/redis/redis-log-options.js'
import { json } from '../../../../src/server/hub/stream-format.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { draft, newChannel } from '../event-log.contract.js'

const all = { maxEvents: 10_000, maxBytes: 10_000_000 }
let redis: RedisServer
let logs: EventLog[] = []
let errors: ChannelError[] = []

beforeEach(async () => {
  redis = await createRedisServer()
  errors = []
})
afterEach(async () => {
  await Promise.all(logs.map((log) => log.close()))
  logs = []
  await redis.close()
})

function open(options: Partial<RedisLogOptions> = {}): EventLog {
  const onError = (error: ChannelError) => errors.push(error)
  const log = redisLog({ connection: redis.url, leaseMs: 5_000, offlineMs: 60_000, onError, ...options })
  logs.push(log)
  return log
}

const used = async () => Number(/^used_memory:(\d+)/m.exec(await redis.ask('INFO', 'memory'))?.[1])
const isReady = (log: EventLog) =>
  log.ready?.().then(
    () => true,
    () => false,
  ) ?? Promise.resolve(false)

describe('redisLog on a Redis whose memory is full', () => {
  it('refuses starts before their producer runs, says so once, and takes them again when there is room', async () => {
    const log = open()
    const hub = createHub({ log, format: json })
    await log.create(newChannel('a'))
    await redis.ask('CONFIG', 'SET', 'maxmemory', String(await used()))
    let produced = 0
    const start = () => hub.run(undefined, async () => void produced++)
    await expect(start()).rejects.toMatchObject({ code: 'SERVER_BUSY' })
    await expect(start()).rejects.toMatchObject({ code: 'SERVER_BUSY' })
    expect([produced, errors.length, await isReady(log)]).toEqual([0, 1, false])
    // What is there can be read and ended.
    expect(await log.read('a', undefined, all)).toMatchObject({ kind: 'events' })
    expect(await log.append('a', [draft('end')], 'error')).toHaveLength(1)
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0')
    expect(await isReady(log)).toBe(true)
    expect(await (await start()).ended).toBe('done')
  })

  it('still takes away what has expired', async () => {
    const log = open({ retention: { maxAgeMs: 500, tombstoneMs: 0 } })
    await log.create(newChannel('a'))
    await log.append('a', [draft('x'.repeat(100_000))], 'done')
    await redis.ask('CONFIG', 'SET', 'maxmemory', String(await used()))
    await eventually('it is gone', async () => (await redis.ask('KEYS', '*:a')) === '')
  })
})

describe('redisLog on a Redis that throws keys away', () => {
  it('says so, and tells those who follow what is gone', async () => {
    const log = open({ leaseMs: 1_000 })
    await log.create(newChannel('a'))
    await log.create(newChannel('b'))
    await log.append('b', [draft('0')])
    const gone: string[] = []
    for (const id of ['a', 'b']) await log.follow(id, { batch() {}, gone: () => gone.push(id) })
    await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', '1gb')
    await eventually('it is told', () => errors.length === 1)
    expect(errors[0]?.message).toContain('allkeys-lru')
    expect(log.keptMs?.()).toBe(0)
    // As an eviction does: one loses its hash, the other its events.
    await redis.ask('DEL', '{uni-sse}:m:a', '{uni-sse}:s:b')
    await eventually('they are told', () => gone.length === 2)
    expect(await log.read('a', undefined, all)).toEqual({ kind: 'none' })
    expect(await log.read('b', { epoch: '1', seq: 0 }, all)).toMatchObject({ kind: 'gap' })
  })
})

describe('redisLog on a Redis that was emptied', () => {
  it('tells readers and producers, and does not say that nothing was lost', async () => {
    const log = open()
    const hub = createHub({ log, format: json })
    let aborted = 0
    const run = await hub.run(undefined, async ({ signal, write }) => {
      await write(0)
      signal.addEventListener('abort', () => aborted++)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    })
    let gone = 0
    await log.follow(run.channelId, { batch() {}, gone: () => gone++ })
    await eventually('it counts', () => (log.keptMs?.() ?? 0) > 500)
    const emptiedAt = performance.now()
    await redis.ask('FLUSHALL')
    expect(await log.info(run.channelId)).toBeUndefined()
    expect(log.keptMs?.()).toBeLessThanOrEqual(performance.now() - emptiedAt)
    await eventually('all are told', () => gone === 1 && aborted === 1)
    expect(await run.ended).toBe('expired')
  })
})

describe('redisLog as a user who may not ask for INFO', () => {
  const rights = ['~{uni-sse}:*', '&{uni-sse}:*', '+@all', '-@dangerous']
  const user = ['ACL', 'SETUSER', 'app', 'on', '>secret', ...rights]

  it('takes every new connection for that of another Redis, and goes on', async () => {
    await redis.ask(...user)
    const connection = redis.url.replace('redis://', 'redis://app:secret@')
    const [a, b] = [open({ connection }), open({ connection })]
    const { epoch } = await a.create(newChannel('a', { kind: 'feed' }))
    await a.append('a', [draft('0')])
    await redis.kill()
    await redis.start()
    await redis.ask(...user)
    const [id] = await b.append('a', [draft('1')])
    expect(id).toMatch(new RegExp(`^${epoch}\\.[a-z0-9]+_1$`))
    expect(await a.read('a', { epoch, seq: 0 }, all)).toMatchObject({
      batch: { events: [{ id, data: '1' }] },
    })
  })
})
