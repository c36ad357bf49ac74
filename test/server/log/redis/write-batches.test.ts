import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { draft, newChannel } from '../event-log.contract.js'

let redis: RedisServer
const logs: EventLog[] = []
const errors: ChannelError[] = []
beforeAll(async () => {
  redis = await createRedisServer('everysec')
})
afterAll(() => redis.close())
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
  errors.length = 0
})

function open(prefix: string) {
  const onError = (error: ChannelError) => errors.push(error)
  const log = redisLog({ connection: redis.url, prefix, leaseMs: 60_000, onError })
  logs.push(log)
  return log
}

/** How often Redis was given this command. */
async function calls(command: string): Promise<number> {
  const stats = await redis.ask('INFO', 'commandstats')
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
}

const ids = Array.from({ length: 200 }, (_, index) => `channel${index}`)

async function openAll(prefix: string) {
  const log = open(prefix)
  await Promise.all(ids.map((id) => log.create(newChannel(id))))
  return log
}

const appendAll = (log: EventLog) => Promise.all(ids.map((id) => log.append(id, [draft('0')])))

describe('redisLog', () => {
  it('brings what is written to 200 channels in one turn to Redis with a few scripts', async () => {
    const log = await openAll('few:')
    await appendAll(log)
    const before = await calls('evalsha')
    await appendAll(log)
    expect((await calls('evalsha')) - before).toBeLessThan(20)
  })

  it('refuses a write to a channel whose keys are none of its own, says so once, and takes those beside it', async () => {
    const log = await openAll('beside:')
    await redis.ask('SET', 'beside:s:channel7', 'of somebody else')
    const results = await Promise.allSettled(ids.map((id) => log.append(id, [draft('0')])))
    const refused = ids.filter((_, index) => results[index]?.status === 'rejected')
    expect(refused).toEqual(['channel7'])
    expect(results[7]).toMatchObject({ reason: { code: 'SERVER_ERROR' } })
    expect(errors).toMatchObject([{ code: 'SERVER_ERROR', message: /refused/ }])
    expect(String(errors[0]?.cause)).toContain('WRONGTYPE')
  })

  it('sends a script that Redis has forgotten whole once, however many wait for it', async () => {
    const log = await openAll('forgotten:')
    await redis.ask('SCRIPT', 'FLUSH')
    const before = await calls('eval')
    await Promise.all(ids.map((id) => log.info(id)))
    await appendAll(log)
    expect((await calls('eval')) - before).toBeLessThan(10)
  })
})
