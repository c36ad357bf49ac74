import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import type { RedisLogOptions } from '../../../../src/server/log/redis/redis-log-options.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { draft, newChannel } from '../event-log.contract.js'

let redis: RedisServer
let admin: ReturnType<typeof createClient>
let log: EventLog
let errors: ChannelError[]

beforeAll(async () => {
  redis = await createRedisServer()
  admin = createClient({ url: redis.url })
  admin.on('error', () => undefined)
  await admin.connect()
})
afterAll(async () => {
  admin.destroy()
  await redis.close()
})
afterEach(() => log.close())

function open(options: Partial<RedisLogOptions> = {}) {
  errors = []
  const onError = (error: ChannelError) => errors.push(error)
  return (log = redisLog({ connection: redis.url, onError, ...options }))
}

/** One number of `INFO`. */
async function statistic(section: string, pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await admin.info(section))?.[1] ?? 0)
}

describe('redisLog', () => {
  it('asks a Redis that refuses to publish to it no more than a few times a second, and says so once', async () => {
    await admin.sendCommand(['ACL', 'SETUSER', 'writer', 'on', '>secret', '~*', '&*', '+@all', '-subscribe'])
    open({ connection: redis.url.replace('redis://', 'redis://writer:secret@') })
    const refused = () => statistic('commandstats', /cmdstat_subscribe:.*rejected_calls=(\d+)/)
    await eventually('it is refused', async () => (await refused()) > 0)
    const [before, begun] = [await refused(), Date.now()]
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect((await refused()) - before).toBeLessThan(((Date.now() - begun) / 1_000) * 25)
    expect(errors).toMatchObject([{ code: 'SERVER_ERROR', message: /refused/ }])
    expect(String(errors[0]?.cause)).toContain('NOPERM')
  })

  it('keeps its connections while nothing happens, however short its patience', async () => {
    open({ offlineMs: 400 })
    await log.create(newChannel('a'))
    const made = () => statistic('stats', /total_connections_received:(\d+)/)
    const before = await made()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await made()).toBe(before)
    let heard = 0
    await log.follow('a', { batch: () => heard++, gone() {} })
    await log.append('a', [draft('0')])
    await eventually('it still reads', () => heard === 1)
  })
})
