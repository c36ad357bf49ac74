import { afterAll, beforeAll, describe } from 'vitest'
import { createPostgresServer, noPostgres, type PostgresServer } from '../../helpers/postgres-server.js'
import { takeoverContract } from './takeover.contract.js'

describe.skipIf(noPostgres)(`postgresLog${noPostgres ? ` (${noPostgres})` : ''}`, () => {
  let postgres: PostgresServer
  let prefixes = 0
  beforeAll(async () => {
    postgres = await createPostgresServer()
  })
  afterAll(() => postgres.close())

  takeoverContract({
    name: 'postgresLog',
    create: async () => ({
      LOG: 'postgres',
      WHERE: JSON.stringify([{ ...postgres.connection, max: 3 }, `t${++prefixes}_`]),
    }),
  })
})
