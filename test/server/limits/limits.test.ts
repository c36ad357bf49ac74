import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../src/core/channel-error.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import { createHandler } from '../../../src/server/http/create-handler.js'
import { memoryLimiter } from '../../../src/server/limits/memory-limiter.js'
import type { RateLimiter } from '../../../src/server/limits/rate-limiter.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { redisLimiter } from '../../../src/server/log/redis/redis-limiter.js'
import { json } from '../../../src/server/hub/stream-format.js'
import { manualClock } from '../../helpers/manual-clock.js'
import { createRedisServer, type RedisServer } from '../../helpers/redis-server.js'

let redis: RedisServer
beforeAll(async () => {
  redis = await createRedisServer()
})
afterAll(() => redis.close())

const subjects: Readonly<Record<string, () => RateLimiter>> = {
  memoryLimiter: () => memoryLimiter(),
  redisLimiter: () => redisLimiter({ connection: redis.url }),
}

describe.each(Object.entries(subjects))('%s', (name, create) => {
  it('lets as many through at once as the bucket holds, then as fast as it fills', async () => {
    const limiter = create()
    const bucket = { capacity: 3, perSecond: 0.5 }
    const waits: number[] = []
    for (let i = 0; i < 5; i++) waits.push(await limiter.take(`${name}a`, bucket))
    expect(waits.slice(0, 3)).toEqual([0, 0, 0])
    expect(waits[4]).toBeGreaterThan(0)
    expect(waits[4]).toBeLessThanOrEqual(2_000)
    expect(await limiter.take(`${name}b`, bucket)).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(waits[4] ?? 0) + 1))
    expect(await limiter.take(`${name}a`, bucket)).toBe(0)
    limiter.close()
  })
})

describe('redisLimiter', () => {
  it('shares its buckets with other nodes', async () => {
    const [a, b] = [redisLimiter({ connection: redis.url }), redisLimiter({ connection: redis.url })]
    const bucket = { capacity: 1, perSecond: 0.001 }
    expect(await a.take('shared', bucket)).toBe(0)
    expect(await b.take('shared', bucket)).toBeGreaterThan(900_000)
    a.close()
    b.close()
  })
})

describe('memoryLimiter', () => {
  it('never holds more than the bucket, however long nothing was taken', async () => {
    const clock = manualClock()
    const limiter = memoryLimiter(clock)
    const bucket = { capacity: 2, perSecond: 1 }
    clock.advance(1_000_000)
    const waits: number[] = []
    for (let i = 0; i < 3; i++) waits.push(await limiter.take('a', bucket))
    expect(waits).toEqual([0, 0, 1_000])
    clock.advance(500)
    expect(await limiter.take('a', bucket)).toBe(500)
    clock.advance(500)
    expect(await limiter.take('a', bucket)).toBe(0)
  })
})

describe('a bucket', () => {
  it('loses nothing when the clock of the machine is put back', async () => {
    const clock = manualClock()
    clock.advance(3_600_000)
    const limiter = memoryLimiter(clock)
    const bucket = { capacity: 3, perSecond: 1 }
    expect(await limiter.take('a', bucket)).toBe(0)
    clock.advance(-3_600_000)
    expect(await limiter.take('a', bucket)).toBe(0)
  })

  it.each([
    { capacity: 0, perSecond: 1 },
    { capacity: 1, perSecond: 0 },
    { capacity: Number.NaN, perSecond: 1 },
  ])('of %j is refused, which would never let anything through', (bucket) => {
    const refused = expect.objectContaining({ code: 'BAD_OPTIONS' })
    const log = memoryLog()
    expect(() => createHub({ log, limits: { perUser: bucket } })).toThrow(refused)
    expect(() => createHub({ log, limits: { perChannel: bucket } })).toThrow(refused)
    const start = () => async () => undefined
    expect(() => createHandler(createHub({ log }), { start, limits: { requests: bucket } })).toThrow(refused)
  })
})

describe('a hub with limits', () => {
  const hubWith = (limits: Parameters<typeof createHub>[0]['limits']) =>
    createHub({ log: memoryLog(), format: json, onError: () => undefined, ...(limits && { limits }) })

  it('limits the messages of a channel and of a user', async () => {
    const hub = hubWith({
      perChannel: { capacity: 2, perSecond: 0.001 },
      perUser: { capacity: 3, perSecond: 0.001 },
    })
    for (const channelId of ['a', 'b']) await hub.create({ channelId, metadata: { userId: 'u1' } })
    const send = (channelId: string) => hub.send({ channelId, data: 1 })
    await send('a')
    await send('a')
    const refused = await send('a').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'RATE_LIMITED' })
    expect((refused as ChannelError).retryAfterMs).toBeGreaterThan(900_000)
    await send('b')
    await expect(send('b')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await expect(
      hub.run(undefined, async () => undefined, { metadata: { userId: 'u1' } }),
    ).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await hub.run(undefined, async () => undefined, { metadata: { userId: 'u2' } })
  })

  it('limits the active channels of a user', async () => {
    const hub = hubWith({ channelsPerUser: 1 })
    await hub.create({ channelId: 'a', metadata: { userId: 'u1' } })
    await expect(hub.create({ channelId: 'b', metadata: { userId: 'u1' } })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    })
    await hub.create({ channelId: 'c', metadata: { userId: 'u2' } })
    await hub.close('a')
    await hub.create({ channelId: 'b', metadata: { userId: 'u1' } })
  })

  it('knows a user by a number, too', async () => {
    const hub = hubWith({ channelsPerUser: 1, perUser: { capacity: 1, perSecond: 0.001 } })
    await hub.create({ channelId: 'a', metadata: { userId: 7 } })
    await hub.send({ channelId: 'a', data: 1 })
    const limited = { code: 'RATE_LIMITED' }
    await expect(hub.send({ channelId: 'a', data: 1 })).rejects.toMatchObject(limited)
    await expect(hub.create({ channelId: 'b', metadata: { userId: '7' } })).rejects.toMatchObject(limited)
  })

  it('refuses events over the size, sent or produced', async () => {
    const hub = hubWith({ maxEventBytes: 100 })
    await hub.create({ channelId: 'a' })
    await expect(hub.send({ channelId: 'a', data: 'x'.repeat(100) })).rejects.toMatchObject({
      code: 'EVENT_TOO_LARGE',
    })
    const run = await hub.run(undefined, async ({ write }) => write('x'.repeat(100)))
    expect(await run.ended).toBe('error')
  })
})
