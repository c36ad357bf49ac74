import { afterAll, beforeAll, describe } from 'vitest'
import { postgresLog } from '../../../../src/server/log/postgres/postgres-log.js'
import { createPostgresServer, noPostgres, type PostgresServer } from '../../../helpers/postgres-server.js'
import { eventLogContract } from '../event-log.contract.js'

describe.skipIf(noPostgres)(`postgresLog${noPostgres ? ` (${noPostgres})` : ''}`, () => {
  let postgres: PostgresServer
  let prefixes = 0
  beforeAll(async () => {
    postgres = await createPostgresServer()
  })
  afterAll(() => postgres.close())

  eventLogContract({
    name: 'postgresLog',
    create: async (bounds) =>
      postgresLog({
        connection: { ...postgres.connection, max: 5 },
        prefix: `t${++prefixes}_`,
        retention: bounds,
        offlineMs: 60_000,
        leaseMs: 20_000,
      }),
  })
})
