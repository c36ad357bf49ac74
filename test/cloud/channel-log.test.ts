import { describe, expect, test, vi } from 'vitest'
import type { ChannelLog } from '../../src/cloud/channel-log.js'
import { databaseLog } from '../../src/cloud/database-log.js'
import { redisLog } from '../../src/cloud/cloud-redis-log.js'
import type { LogEntry } from '../../src/cloud/wire.js'
import { createMemoryDatabase } from '../../scripts/local-cloud/cloud/memory-database.js'
import { createMemoryRedis } from '../../scripts/local-cloud/cloud/memory-redis.js'

const HOUR = 3_600_000
const inAnHour = () => Date.now() + HOUR
const message = (seq: number): LogEntry => ({
  seq,
  kind: 'message',
  message: { text: `字${seq}`, $set: { 'a.b': seq } },
})
const entries = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => message(from + index))

const database = createMemoryDatabase()
const redis = createMemoryRedis()
const logs: readonly { name: string; log: ChannelLog; stored: () => number }[] = [
  { name: 'database', log: databaseLog(database), stored: () => database.size },
  { name: 'redis', log: redisLog(redis), stored: () => redis.keys.length },
]

// One suite for every log: what a channel relies on.
describe.each(logs)('the $name log', ({ name, log, stored }) => {
  let channel = 0
  const newChannel = () => `${name}-${++channel}`

  test('gives back what was appended, in order, message untouched', async () => {
    const id = newChannel()
    await log.append(id, entries(0, 2), inAnHour())
    await log.append(id, [message(2), { seq: 3, kind: 'end', message: null }], inAnHour())
    expect(await log.read(id, 0, 10)).toEqual([...entries(0, 3), { seq: 3, kind: 'end', message: null }])
  })

  test('reads from any position, also inside of an append', async () => {
    const id = newChannel()
    await log.append(id, entries(0, 5), inAnHour())
    expect((await log.read(id, 3, 10)).map(({ seq }) => seq)).toEqual([3, 4])
    expect(await log.read(id, 5, 10)).toEqual([])
  })

  test('reads hundreds of appends without a hole, and no more than asked for', async () => {
    const id = newChannel()
    for (let seq = 0; seq < 250; seq++) await log.append(id, [message(seq)], inAnHour())
    expect((await log.read(id, 0, 1_000)).map(({ seq }) => seq)).toEqual(
      entries(0, 250).map(({ seq }) => seq),
    )
    expect((await log.read(id, 10, 201)).map(({ seq }) => seq)).toEqual(
      entries(10, 201).map(({ seq }) => seq),
    )
  })

  test('an append that is sent again changes nothing', async () => {
    const id = newChannel()
    await log.append(id, entries(0, 3), inAnHour())
    await log.append(id, entries(0, 3), inAnHour())
    await log.append(id, entries(3, 2), inAnHour())
    expect(await log.read(id, 0, 10)).toEqual(entries(0, 5))
    expect((await log.read(id, 4, 10)).map(({ seq }) => seq)).toEqual([4])
  })

  test('a channel is the first owner’s for good, however often and at once it is asked for', async () => {
    const id = newChannel()
    const owners = ['one', 'two', 'three']
    const claims = await Promise.all(owners.map((owner) => log.claim(id, owner, inAnHour())))
    expect(claims.filter(Boolean)).toHaveLength(1)
    const again = await Promise.all(owners.map((owner) => log.claim(id, owner, inAnHour())))
    expect(again).toEqual(claims)
    expect(await log.claim(newChannel(), 'two', inAnHour())).toBe(true)
  })

  test('an owner is no entry and no control value', async () => {
    const id = newChannel()
    await log.claim(id, 'one', inAnHour())
    await log.append(id, entries(0, 1), inAnHour())
    expect(await log.read(id, 0, 10)).toEqual(entries(0, 1))
    expect(await log.control(id)).toEqual({ stop: false, pushClientId: undefined, beatAt: 0 })
  })

  test('channels do not see each other', async () => {
    const [one, other] = [newChannel(), newChannel()]
    await log.append(one, entries(0, 1), inAnHour())
    await log.setControl(one, 'stop', '1', inAnHour())
    expect(await log.read(other, 0, 10)).toEqual([])
    expect((await log.control(other)).stop).toBe(false)
  })

  test('control values are independent of each other and of the entries', async () => {
    const id = newChannel()
    expect(await log.control(id)).toEqual({ stop: false, pushClientId: undefined, beatAt: 0 })
    await log.setControl(id, 'pushClientId', 'cid-2', inAnHour())
    await log.setControl(id, 'beatAt', '1700000000000', inAnHour())
    await log.setControl(id, 'stop', '1', inAnHour())
    expect(await log.control(id)).toEqual({ stop: true, pushClientId: 'cid-2', beatAt: 1_700_000_000_000 })
    expect(await log.read(id, 0, 10)).toEqual([])
  })

  test('nothing is left after it expired', async () => {
    const id = newChannel()
    vi.useFakeTimers({ now: Date.now() + 10 * HOUR })
    await log.claim(id, 'one', inAnHour())
    await log.append(id, entries(0, 2), inAnHour())
    await log.setControl(id, 'beatAt', '1', inAnHour())
    vi.setSystemTime(Date.now() + HOUR - 2_000)
    await log.expire(Date.now())
    expect(await log.read(id, 0, 10)).toHaveLength(2)
    vi.setSystemTime(Date.now() + 4_000)
    await log.expire(Date.now())
    expect(await log.read(id, 0, 10)).toEqual([])
    expect(stored()).toBe(0)
    vi.useRealTimers()
  })
})
