import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import { createRedisLine, type RedisLine } from '../../../helpers/redis-line.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { newChannel } from '../event-log.contract.js'

const OFFLINE_MS = 4_000
const later = (part: number) => new Promise((resolve) => setTimeout(resolve, part * OFFLINE_MS))

describe('redisLog whose Redis is away when calls begin', () => {
  let redis: RedisServer
  let line: RedisLine
  let log: EventLog
  beforeEach(async () => {
    redis = await createRedisServer()
    line = await createRedisLine(redis.port)
  })
  afterEach(async () => {
    await log.close()
    await line.close()
    await redis.close()
  })
  const open = () =>
    (log = redisLog({
      connection: line.url,
      leaseMs: 20_000,
      offlineMs: OFFLINE_MS,
      onError: () => undefined,
    }))

  it('gives a call its own time, though another one asks which Redis it is since earlier', async () => {
    line.accept('none')
    const early = open().info('a')
    await later(0.6)
    const late = log.create(newChannel('a'))
    await expect(early).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    line.accept('all')
    expect(await late).toMatchObject({ channelId: 'a', status: 'active' })
  })

  it('gives a reader its own time, though another one waits for the same channel since earlier', async () => {
    await open().create(newChannel('a'))
    line.accept('none')
    line.cut()
    const follower = { batch: () => undefined, gone: () => undefined }
    const early = log.follow('a', follower)
    await later(0.6)
    const late = log.follow('a', follower)
    await expect(early).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    line.accept('all')
    expect(await late).toMatchObject({ nextSeq: 0 })
  })
})
