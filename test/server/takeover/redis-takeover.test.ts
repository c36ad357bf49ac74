import { afterAll, beforeAll } from 'vitest'
import { createRedisServer, type RedisServer } from '../../helpers/redis-server.js'
import { takeoverContract } from './takeover.contract.js'

let redis: RedisServer
beforeAll(async () => {
  redis = await createRedisServer()
})
afterAll(() => redis.close())

takeoverContract({
  name: 'redisLog',
  async create() {
    await redis.ask('FLUSHALL')
    return { LOG: 'redis', WHERE: redis.url }
  },
})
