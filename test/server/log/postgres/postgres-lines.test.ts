import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { postgresLog } from '../../../../src/server/log/postgres/postgres-log.js'
import type { PostgresLogOptions } from '../../../../src/server/log/postgres/postgres-log-options.js'
import { eventually } from '../../../helpers/eventually.js'
import { createPostgresServer, noPostgres, type PostgresServer } from '../../../helpers/postgres-server.js'
import { createRedisLine, type RedisLine } from '../../../helpers/redis-line.js'
import { draft, newChannel } from '../event-log.contract.js'

const aRun = { ifLost: [draft('lost')], ifFinished: [draft('stopped')] }

describe.skipIf(noPostgres)(`postgresLog behind an address${noPostgres ? ` (${noPostgres})` : ''}`, () => {
  let postgres: PostgresServer
  let line: RedisLine
  const logs: EventLog[] = []
  beforeEach(async () => {
    postgres = await createPostgresServer({ by: 'port' })
    line = await createRedisLine(postgres.port)
  })
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()))
    await line.close()
    await postgres.close()
  })

  function open(port: number, options: Partial<PostgresLogOptions> = {}) {
    const connection = { ...postgres.connection, host: '127.0.0.1', port, max: 3, query_timeout: 1_000 }
    const log = postgresLog({
      connection,
      leaseMs: 40_000,
      offlineMs: 1_500,
      onError: () => undefined,
      ...options,
    })
    logs.push(log)
    return log
  }

  it('leaves no run behind that nobody fills, where the answer to its creation never came', async () => {
    const log = open(line.port)
    const other = open(postgres.port)
    await log.create(newChannel('known', aRun))
    line.swallow('answers')
    line.accept('mute')
    await expect(log.create(newChannel('a', aRun))).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    expect(await other.info('a')).toMatchObject({ status: 'active' })
    line.accept('all')
    line.cut()
    await eventually('it has ended', async () => (await other.info('a'))?.status === 'error')
    expect(await other.info('known')).toMatchObject({ status: 'active' })
  })

  it('leaves a standby that the address led to, and listens again where it leads now', async () => {
    const standby = await createPostgresServer({ by: 'port', standbyOf: postgres })
    try {
      line.leadTo(standby.port)
      const log = open(line.port, { offlineMs: 20_000 })
      const created = log.create(newChannel('a', aRun))
      // Longer than it takes to ask once for each connection that the pool may have.
      await new Promise((resolve) => setTimeout(resolve, 2_500))
      line.leadTo(postgres.port)
      expect(await created).toMatchObject({ status: 'active' })
      const seen: string[] = []
      await log.follow('a', {
        batch: ({ events }) => void seen.push(...events.map(({ data }) => data)),
        gone: () => undefined,
      })
      await open(postgres.port).finish('a')
      await eventually('the end is heard', () => seen.length > 0)
    } finally {
      await standby.close()
    }
  })
})
