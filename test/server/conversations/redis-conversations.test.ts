import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConversationHead } from '../../../src/server/conversations/conversation-store.js'
import { redisConversations } from '../../../src/server/conversations/redis-conversations.js'
import { eventually } from '../../helpers/eventually.js'
import { createRedisLine } from '../../helpers/redis-line.js'
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

it('knows a write and a removal again whose answers were lost with the connection', async () => {
  const line = await createRedisLine(redis.port)
  const store = redisConversations({ connection: line.url, prefix: 'lost:' })
  const name = { userId: 'ann', chatId: 'c' }
  const info = { id: 'c', title: 't', isPinned: false, createdAt: 1, updatedAt: 1 }
  const head = { info } as unknown as ConversationHead
  const write = (ifRev: number, most?: number) =>
    store.write(name, { ifRev, head, put: [], removed: [], ...(most !== undefined && { most }) })
  /** Done, and the answer lost. */
  async function lose<T>(call: () => Promise<T>, isDone: () => Promise<boolean>): Promise<T> {
    line.swallow('answers')
    const answer = call()
    await eventually('it is done', isDone)
    line.cut()
    return answer
  }
  const key = Buffer.from('"ann"').toString('base64url')
  const revision = () => redis.ask('HGET', `lost:{${key}}:chat:c`, 'r')
  try {
    // Redis knows the scripts from here on.
    expect(await write(0, 1)).toBe(true)
    expect(await store.remove(name)).toBe(true)
    expect(
      await lose(
        () => write(0, 1),
        async () => (await revision()) === '1',
      ),
    ).toBe(true)
    expect(
      await lose(
        () => write(1),
        async () => (await revision()) === '2',
      ),
    ).toBe(true)
    expect(await write(1)).toBe(false)
    expect(
      await lose(
        () => store.remove(name),
        async () => (await revision()) === '',
      ),
    ).toBe(true)
    expect(await store.remove(name)).toBe(false)
  } finally {
    await store.close()
    await line.close()
  }
})
