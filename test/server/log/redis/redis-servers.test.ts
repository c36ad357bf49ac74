import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import { createHub } from '../../../../src/server/hub/create-hub.js'
import { json } from '../../../../src/server/hub/stream-format.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import type { RedisLogOptions } from '../../../../src/server/log/redis/redis-log-options.js'
import { placesOf } from '../../../../src/server/log/redis/places.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { draft, eventLogContract, newChannel } from '../event-log.contract.js'

let servers: [RedisServer, RedisServer]
let prefixes = 0
const logs: EventLog[] = []
beforeAll(async () => {
  servers = [await createRedisServer(), await createRedisServer()]
})
afterAll(() => Promise.all(servers.map((server) => server.close())))
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
})

const connection = () => servers.map(({ url }) => url)

function open(options: Partial<RedisLogOptions> = {}) {
  const log = redisLog({ connection: connection(), offlineMs: 60_000, leaseMs: 20_000, ...options })
  logs.push(log)
  return log
}

eventLogContract({
  name: 'redisLog on two servers that know nothing of each other',
  create: async (bounds) =>
    redisLog({ connection: connection(), prefix: `t${++prefixes}:`, partitions: 6, retention: bounds }),
})

describe('redisLog on independent servers', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `channel${index}`)
  const keysOf = async (server: RedisServer, prefix: string) =>
    (await server.ask('KEYS', `${prefix}*m:channel*`)).split('\n').filter((key) => key !== '').length

  it('spreads channels over both, and lists and counts all of them on every node', async () => {
    const prefix = 'spread:'
    const [a, b] = [open({ prefix }), open({ prefix })]
    await Promise.all(ids.map((id) => a.create(newChannel(id))))
    const [one, two] = [await keysOf(servers[0], prefix), await keysOf(servers[1], prefix)]
    expect(one + two).toBe(ids.length)
    expect(Math.min(one, two)).toBeGreaterThan(0)
    expect((await b.list('active')).map(({ channelId }) => channelId).sort()).toEqual([...ids].sort())
    expect(await b.countActive()).toBe(ids.length)
  })

  it('holds a quota over all of them, and lets a name of one point at a channel of another', async () => {
    const log = open({ prefix: 'quota:' })
    const quota = { key: 'u1', max: 5 }
    const made = await Promise.allSettled(ids.map((id) => log.create(newChannel(id, { quota }))))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    const of = ids.filter((_, index) => made[index]?.status === 'fulfilled')
    await log.append(of[0] ?? '', [draft('0')], 'done')
    expect(await log.create(newChannel('another', { quota }))).toMatchObject({ status: 'active' })
    const names = Array.from({ length: 12 }, (_, index) => `name${index}`)
    for (const name of names) await log.point(name, 'another')
    expect(await Promise.all(names.map((name) => log.pointed(name)))).toEqual(names.map(() => 'another'))
  })

  it('goes on with what is on one while the other is away, is ready, and tells the outage once', async () => {
    const errors: ChannelError[] = []
    const prefix = 'half:'
    const log = open({ prefix, onError: (error) => errors.push(error) })
    const hub = createHub({ log, format: json })
    await Promise.all(ids.map((channelId) => hub.create({ channelId })))
    const onFirst = new Set(
      (await servers[0].ask('KEYS', `${prefix}*m:channel*`))
        .split('\n')
        .map((key) => key.slice(key.indexOf('m:') + 2)),
    )
    const [here = '', there = ''] = [ids.find((id) => onFirst.has(id)), ids.find((id) => !onFirst.has(id))]
    const heard: string[] = []
    const follower = (name: string) => ({
      batch: () => void heard.push(name),
      gone: () => void heard.push('gone'),
    })
    await log.follow(here, follower('here'))
    await log.follow(there, follower('there'))
    await servers[1].kill()
    await eventually('the outage is told', () => errors.length === 1)
    for (let i = 0; i < 20; i++) await hub.send({ channelId: here, data: i })
    await eventually('its follower hears', () => heard.includes('here'))
    expect(await hub.isReady()).toBe(true)
    const waiting = hub.send({ channelId: there, data: 'waits' })
    await servers[1].start()
    expect(await waiting).toMatchObject({ channelId: there })
    await eventually('the other hears, too', () => heard.includes('there'))
    expect(heard).not.toContain('gone')
    expect(errors).toHaveLength(1)
  })

  it('moves only what one more server takes', () => {
    for (const partitions of [5, 48, 200])
      for (let count = 1; count < 12; count++) {
        const before = placesOf(partitions, count)
        const moved = placesOf(partitions, count + 1).filter((place, index) => place !== before[index])
        expect(new Set(moved)).toEqual(new Set(moved.length > 0 ? [count] : []))
        expect(moved).toHaveLength(Math.floor(partitions / (count + 1)))
      }
  })

  it('spreads partitions over servers as evenly as they can be divided', () => {
    for (const partitions of [48, 50, 7])
      for (let count = 1; count <= 12; count++) {
        const places = placesOf(partitions, count)
        const counts = Array.from({ length: count }, (_, at) => places.filter((place) => place === at).length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }
  })

  it('refuses a list of none, and one of clusters and others', () => {
    expect(() => redisLog({ connection: [] })).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
    const cluster = { rootNodes: [{ url: servers[0].url }] }
    expect(() => redisLog({ connection: [servers[0].url, cluster] })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS' }),
    )
  })
})
