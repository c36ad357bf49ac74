import { createCluster } from 'redis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHub } from '../../../../src/server/hub/create-hub.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLimiter } from '../../../../src/server/log/redis/redis-limiter.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import type { RedisLogOptions } from '../../../../src/server/log/redis/redis-log-options.js'
import { json } from '../../../../src/server/hub/stream-format.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisCluster, type RedisCluster } from '../../../helpers/redis-cluster.js'
import { eventLogContract, newChannel } from '../event-log.contract.js'

let cluster: RedisCluster
let prefixes = 0
const logs: EventLog[] = []
beforeAll(async () => {
  cluster = await createRedisCluster('one each')
}, 120_000)
afterAll(() => cluster.close())
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
})

const factory = () => createCluster({ rootNodes: [...cluster.rootNodes] })

function open(options: Partial<RedisLogOptions> = {}) {
  const log = redisLog({ connection: factory, offlineMs: 60_000, leaseMs: 20_000, ...options })
  logs.push(log)
  return log
}

eventLogContract({
  name: 'redisLog on a cluster',
  create: async (bounds) =>
    redisLog({ connection: factory, prefix: `t${++prefixes}:`, partitions: 6, retention: bounds }),
})

describe('redisLog on a cluster', () => {
  it.each([{ prefix: 'app:' }, { prefix: '{tag}:' }])(
    'lets two nodes run, read and stop together: %j',
    async (options) => {
      const [a, b] = [
        open(options),
        open({ ...options, connection: { rootNodes: [...cluster.rootNodes] } }),
      ].map((log) => createHub({ log, format: json }))
      const runs = await Promise.all(
        Array.from({ length: 8 }, () =>
          a!.run(undefined, async ({ write, signal }) => {
            for (const piece of [1, 2, 3]) await write(piece)
            await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          }),
        ),
      )
      const seen = runs.map(async ({ channelId }) => {
        const data: unknown[] = []
        for await (const event of b!.read(channelId)) data.push(JSON.parse(event.data))
        return data
      })
      await eventually('all are written', async () => {
        const infos = await Promise.all(runs.map(({ channelId }) => b!.getInfo(channelId)))
        return infos.every(({ events }) => events === 3)
      })
      await Promise.all(runs.map(({ channelId }) => b!.stop(channelId)))
      expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual(runs.map(() => 'stopped'))
      for (const data of await Promise.all(seen)) expect(data).toEqual([1, 2, 3, { outcome: 'stopped' }])
    },
  )

  it('holds a user to a quota wherever the channels are, and shares a bucket', async () => {
    const log = open({ prefix: 'quota:' })
    const made = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) =>
        log.create(newChannel(`room${i}`, { quota: { key: 'ann', max: 5 } })),
      ),
    )
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    const limiter = redisLimiter({ connection: factory, prefix: 'quota:' })
    const bucket = { capacity: 1, perSecond: 0.001 }
    expect(await limiter.take('ann', bucket)).toBe(0)
    expect(await limiter.take('ann', bucket)).toBeGreaterThan(0)
    limiter.close()
  })

  it('brings a reader every event when a master dies in the middle of the run', async () => {
    const [a, b] = ['a', 'b'].map(() =>
      createHub({ log: open({ prefix: 'dies:', partitions: 12 }), format: json }),
    )
    const killed = { yes: false }
    const runs = await Promise.all(
      Array.from({ length: 12 }, () =>
        a!.run(undefined, async ({ write }) => {
          for (let i = 0; i < 10; i++) await write(i)
          await eventually('the master is dead', () => killed.yes, 60_000)
          for (let i = 10; i < 20; i++) await write(i)
        }),
      ),
    )
    const seen = runs.map(async ({ channelId }) => {
      const data: unknown[] = []
      for await (const event of b!.read(channelId)) data.push(JSON.parse(event.data))
      return data
    })
    await eventually('all are written', async () => {
      const infos = await Promise.all(runs.map(({ channelId }) => b!.getInfo(channelId)))
      return infos.every(({ events }) => events === 10)
    })
    await cluster.masters[2]!.kill()
    killed.yes = true
    const whole = [...Array.from({ length: 20 }, (_, i) => i), { outcome: 'done' }]
    for (const data of await Promise.all(seen)) expect(data).toEqual(whole)
  }, 120_000)
})
