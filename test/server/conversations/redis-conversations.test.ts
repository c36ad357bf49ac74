import { afterAll, beforeAll } from 'vitest'
import { redisConversations } from '../../../src/server/conversations/redis-conversations.js'
import { createRedisServer, type RedisServer } from '../../helpers/redis-server.js'
import { conversationStoreContract } from './conversation-store.contract.js'

let redis: RedisServer
let prefixes = 0
beforeAll(async () => {
  redis = await createRedisServer()
})
afterAll(() => redis.close())

conversationStoreContract({
  name: 'redisConversations',
  create: async () => redisConversations({ connection: redis.url, prefix: `t${++prefixes}:` }),
})
