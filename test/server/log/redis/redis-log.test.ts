import { afterAll, beforeAll } from 'vitest'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { eventLogContract } from '../event-log.contract.js'

let redis: RedisServer
let prefixes = 0
beforeAll(async () => {
  redis = await createRedisServer()
})
afterAll(() => redis.close())

eventLogContract({
  name: 'redisLog',
  create: async (bounds) =>
    redisLog({ connection: redis.url, prefix: `{t${++prefixes}}:`, retention: bounds }),
})
