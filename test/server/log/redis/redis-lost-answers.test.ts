import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisLine, type RedisLine } from '../../../helpers/redis-line.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { draft, newChannel } from '../event-log.contract.js'

const aRun = { ifLost: [draft('lost')], ifFinished: [draft('stopped')] }

describe('redisLog whose Redis does what it is told, and its answer never comes', () => {
  let redis: RedisServer
  let line: RedisLine
  let log: EventLog
  let other: EventLog
  beforeEach(async () => {
    redis = await createRedisServer()
    line = await createRedisLine(redis.port)
    const open = (connection: string) =>
      redisLog({ connection, leaseMs: 10_000, offlineMs: 1_500, onError: () => undefined })
    log = open(line.url)
    other = open(redis.url)
    // Redis knows the scripts: one that it does not know has an answer more.
    await log.create(newChannel('known', aRun))
    await log.append('known', [draft('0')], 'done')
  })
  afterEach(async () => {
    await Promise.all([log.close(), other.close()])
    await line.close()
    await redis.close()
  })

  /** Nothing comes back until `heal`. */
  function deafen() {
    line.swallow('answers')
    line.accept('mute')
  }
  function heal() {
    line.accept('all')
    line.cut()
  }

  it('leaves no run behind that nobody fills: whoever waits for it hears that it is lost', async () => {
    deafen()
    await expect(log.create(newChannel('a', aRun))).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    expect(await other.info('a')).toMatchObject({ status: 'active' })
    heal()
    await eventually('it has ended', async () => (await other.info('a'))?.status === 'error', 30_000)
  })

  it('lets the next run have the name, which is not taken for the one before', async () => {
    deafen()
    await expect(log.create(newChannel('a', aRun))).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    await other.remove('a')
    heal()
    await eventually('it is reached', () =>
      log.create(newChannel('a', { ...aRun, tombstone: 'replace' })).then(
        () => true,
        () => false,
      ),
    )
    // Longer than until the beat that gives up what was left.
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await log.append('a', [draft('0')])
    expect(await other.info('a')).toMatchObject({ status: 'active', events: 1 })
  })
})
