import { afterAll, beforeAll, expect, it } from 'vitest'
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

it('says of Redis what does not work and what to do, as the store that it is', async () => {
  const open = (connection: string) => redisConversations({ connection, offlineMs: 300, prefix: 'words:' })
  const load = async (connection: string) => {
    const store = open(connection)
    try {
      return await store.load({ userId: 'ann', chatId: 'c' }).catch((error: Error) => error)
    } finally {
      await store.close()
    }
  }
  await redis.ask('ACL', 'SETUSER', 'weak', 'on', '>p', '~other:*', '+@all')
  const refused = await load(redis.url.replace('redis://', 'redis://weak:p@'))
  expect(refused).toMatchObject({
    code: 'SERVER_ERROR',
    cause: { message: expect.stringContaining('NOPERM') as string },
  })
  expect(String(refused)).toMatch(/^.*The store of conversations: Redis refused a command\. .*keys of prefix/)
  const away = await load('redis://127.0.0.1:1')
  expect(String(away)).toMatch(/The store of conversations gets no answer from Redis\. See that it runs/)
  const store = open(redis.url)
  await store.close()
  await expect(store.load({ userId: 'ann', chatId: 'c' })).rejects.toThrow(/is closed\. Close it last/)
  expect(() => redisConversations({} as never)).toThrow(/connection is missing: pass/)
})
