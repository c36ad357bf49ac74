import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EventSource } from '../../src/client.js'
import { createHub } from '../../src/server/hub/create-hub.js'
import type { EventLog } from '../../src/server/log/event-log.js'
import type { Hub } from '../../src/server/hub/hub.js'
import { createHandler } from '../../src/server/http/create-handler.js'
import { memoryLog } from '../../src/server/log/memory/memory-log.js'
import { redisLog } from '../../src/server/log/redis/redis-log.js'
import { eventually } from '../helpers/eventually.js'
import { listen, unlisten } from '../helpers/listen.js'
import { createRedisServer, type RedisServer } from '../helpers/redis-server.js'

type Snippet = (...args: unknown[]) => Promise<unknown>

/** Runs a snippet as it stands; what it declares or exports as `main` can be called. */
function snippet(name: string, vk: object, lines: string[] = []): (name: string) => Snippet {
  const file = new URL(`../fixtures/vk-sse-channel-snippets/${name}.js`, import.meta.url)
  const source = readFileSync(file, 'utf8')
  const realm = {
    vk,
    exports: {} as Record<string, Snippet>,
    require: () => vk,
    calculateChange: () => 0.5,
    console: { log: (...parts: unknown[]) => lines.push(parts.join(' ')), error: () => undefined },
    Error,
  }
  runInNewContext(source, realm)
  return (wanted) =>
    (realm.exports[wanted] ?? (realm as unknown as Record<string, Snippet>)[wanted]) as Snippet
}

async function messagesOf(hub: Hub, channelId: string): Promise<unknown[]> {
  const { events } = await hub.getInfo(channelId)
  const messages: unknown[] = []
  for await (const event of hub.read(channelId)) {
    messages.push(JSON.parse(event.data))
    if (messages.length === events) break
  }
  return messages
}

function suite(name: string, openLog: () => EventLog) {
  describe(`the snippets of vk.sseChannel on ${name}`, () => {
    let hub: Hub
    let vk: object
    let log: EventLog
    beforeEach(() => {
      log = openLog()
      hub = createHub({ log })
      const user = { checkToken: async () => ({ code: 1, uid: 'u1', userInfo: { nickname: '小明' } }) }
      vk = { sseChannel: hub, user }
      return () => log.close()
    })

    it('create a channel and describe it', async () => {
      const answer = await snippet('create', vk)('main')({}, {})
      expect(JSON.parse(JSON.stringify(answer))).toMatchObject({
        code: 0,
        data: { channelId: 'user-notifications', status: 'active', kind: 'feed' },
      })
      const { createdAt, expiresAt } = await hub.getInfo('user-notifications')
      expect((expiresAt ?? 0) - createdAt).toBe(3_600_000)
    })

    it('send a message to it', async () => {
      await snippet('create', vk)('main')({}, {})
      expect(await snippet('send', vk)('main')({}, {})).toEqual({ code: 0, msg: '消息发送成功' })
      expect(await messagesOf(hub, 'user-notifications')).toMatchObject([
        { type: 'notification', message: '您有一条新消息' },
      ])
    })

    it('create a channel that belongs to a user', async () => {
      expect(await snippet('create-with-user', vk)('main')({}, {})).toMatchObject({
        data: {
          channelId: 'user-u1-notifications',
          metadata: { userId: 'u1', userInfo: { nickname: '小明' } },
        },
      })
    })

    it('send to many channels, with a result for each', async () => {
      await hub.create({ channelId: 'channel-1' })
      await hub.create({ channelId: 'channel-3' })
      const answer = await snippet('batch-send', vk)('main')({}, {})
      expect(JSON.parse(JSON.stringify(answer))).toMatchObject({
        code: 0,
        data: [
          { ok: true, channelId: 'channel-1' },
          { ok: false, channelId: 'channel-2', error: { code: 'CHANNEL_NOT_FOUND' } },
          { ok: true, channelId: 'channel-3' },
        ],
      })
      expect(await messagesOf(hub, 'channel-3')).toEqual([{ message: '消息3' }])
    })

    it('look at channels and close one', async () => {
      await hub.create({ channelId: 'user-notifications' })
      await hub.create({ channelId: 'another' })
      const { data } = (await snippet('manage', vk)('main')({}, {})) as {
        data: { channelInfo: object; activeChannels: { channelId: string }[] }
      }
      expect(data.channelInfo).toMatchObject({ channelId: 'user-notifications', status: 'active' })
      expect(data.activeChannels.map((channel) => channel.channelId).sort()).toEqual([
        'another',
        'user-notifications',
      ])
      expect(await hub.getInfo('user-notifications')).toMatchObject({ status: 'done' })
      expect(await hub.listActive()).toMatchObject([{ channelId: 'another' }])
    })

    it('notify users, carry live data and serve a chat room', async () => {
      const ids = ['user-u1-notifications', 'stock-600519-updates', 'game-g1-updates', 'chat-room-r1']
      for (const channelId of ids) await hub.create({ channelId })
      await snippet('notifications', vk)('sendNotification')('u1', '你好')
      await snippet('notifications', vk)('markAsRead')('u1', 'm1')
      await snippet('live-data', vk)('updateStockPrice')('600519', 1688)
      await snippet('live-data', vk)('updateGameScore')('g1', '2:1')
      await snippet('chat-room', vk)('sendChatMessage')('r1', '大家好', 'u1')
      await snippet('chat-room', vk)('updateChatRoomPresence')('r1', 'u2', 'join')
      await snippet('batch-notifications', vk)('batchSendNotifications')([{ userId: 'u1', message: '再见' }])
      const types = async (channelId: string) =>
        ((await messagesOf(hub, channelId)) as { type: string }[]).map((message) => message.type)
      expect(await types('user-u1-notifications')).toEqual(['notification', 'mark-read', 'notification'])
      expect(await types('stock-600519-updates')).toEqual(['price-update'])
      expect(await types('game-g1-updates')).toEqual(['score-update'])
      expect(await types('chat-room-r1')).toEqual(['message', 'presence'])
    })

    it('clean up what has expired, so that its name is free and its tombstone gone', async () => {
      await hub.create({ channelId: 'short', timeout: 0.05 })
      await hub.create({ channelId: 'long' })
      await eventually('it expires', async () => (await hub.listExpired()).length === 1)
      await expect(hub.send({ channelId: 'short', data: 1 })).rejects.toMatchObject({
        code: 'CHANNEL_NOT_FOUND',
      })
      expect(await hub.getInfo('short')).toMatchObject({ status: 'expired' })
      const lines: string[] = []
      await snippet('clean-up', vk, lines)('cleanupExpiredChannels')()
      expect(lines).toEqual(['清理了 1 个过期通道'])
      expect(await hub.listExpired()).toEqual([])
      await expect(hub.getInfo('short')).rejects.toMatchObject({ code: 'CHANNEL_NOT_FOUND' })
    })

    it('tell statistics', async () => {
      await hub.create({ channelId: 'a' })
      await hub.send({ channelId: 'a', data: 'xx' })
      await hub.send({ channelId: 'a', data: 'xxxx' })
      const lines: string[] = []
      await snippet('stats', vk, lines)('monitorSSEConnections')()
      expect(lines).toEqual([
        'SSE连接统计:',
        '- 活跃通道数: 1',
        '- 总消息数: 2',
        '- 平均消息大小: 5',
        '- 最大并发连接数: 0',
      ])
    })

    it('send to a channel that is not there by creating it', async () => {
      const send = snippet('send-safely', vk)('sendSSEMessageSafely')
      expect(await send('fresh', { n: 1 })).toBe(true)
      expect(await send('fresh', { n: 2 })).toBe(true)
      expect(await messagesOf(hub, 'fresh')).toEqual([{ n: 1 }, { n: 2 }])
      expect(await send('no such name', { n: 1 })).toBe(false)
    })

    it('let only the owner of a channel in', async () => {
      const validate = snippet('access', vk)('validateChannelAccess')
      await hub.create({ channelId: 'a', metadata: { userId: 'u1' } })
      expect(await validate('a', 'u1')).toBe(true)
      await expect(validate('a', 'u2')).rejects.toThrow('无权访问此通道')
    })

    it('filter and limit what is sent', async () => {
      const filter = snippet('filter', vk)('filterSensitiveContent') as unknown as (text: string) => string
      expect(filter('my Password and credit card')).toBe('my *** and ***')
      const check = snippet('rate-limit', vk)('checkRateLimit')
      expect(await check('a')).toBe(true)
      await expect(check('a')).rejects.toThrow('发送频率过高')
      expect(await check('b')).toBe(true)
    })
  })
}

describe('the snippets of vk.sseChannel for a page', () => {
  /** As a page has it: addresses are of its own origin. */
  function listening(name: string, origin: string) {
    const said: unknown[][] = []
    const later: (() => void)[] = []
    class PageEventSource extends EventSource {
      constructor(path: string) {
        super(origin + path)
        sources.push(this)
      }
    }
    const file = new URL(`../fixtures/vk-sse-channel-snippets/${name}.js`, import.meta.url)
    const say = (...parts: unknown[]) => said.push(parts)
    runInNewContext(readFileSync(file, 'utf8'), {
      EventSource: PageEventSource,
      console: { log: say, error: say },
      setTimeout: (run: () => void) => later.push(run),
      initSSEConnection: () => say('anew'),
      JSON,
    })
    return { said, later }
  }
  const sources: EventSource[] = []
  let hub: Hub
  let server: Server
  let origin: string
  beforeEach(async () => {
    hub = createHub({ log: memoryLog() })
    const start = () => async () => undefined
    const [routed, plain] = ['/http/router/sse/channel', '/sse/channel'].map((basePath) =>
      createHandler(hub, { basePath, start }),
    )
    server = createServer((request, response) =>
      routed?.(request, response, () => plain?.(request, response)),
    )
    origin = `http://127.0.0.1:${await listen(server)}`
    return async () => {
      for (const source of sources.splice(0)) source.close()
      await Promise.all([routed?.close(), plain?.close()])
      await unlisten(server)
    }
  })

  it('hear what was sent and what is sent', async () => {
    await hub.create({ channelId: 'user-notifications' })
    await hub.send({ channelId: 'user-notifications', data: { message: '您有一条新消息' } })
    const { said } = listening('listen', origin)
    await eventually('the first is heard', () => said.length === 1)
    await hub.send({ channelId: 'user-notifications', data: { message: '再见' } })
    await eventually('the second is heard', () => said.length === 2)
    expect(JSON.parse(JSON.stringify(said))).toEqual([
      ['收到消息:', { message: '您有一条新消息' }],
      ['收到消息:', { message: '再见' }],
    ])
  })

  it('learn that a channel is not there, and try again later', async () => {
    const { said, later } = listening('listen-errors', origin)
    await eventually('it is told', () => later.length === 1)
    expect(said).toEqual([['SSE连接已关闭']])
    later[0]?.()
    expect(said[1]).toEqual(['anew'])
  })
})

suite('memory', () => memoryLog())

let redis: RedisServer
let prefixes = 0
beforeAll(async () => {
  redis = await createRedisServer()
})
afterAll(() => redis.close())
suite('Redis', () => redisLog({ connection: redis.url, prefix: `{t${++prefixes}}:` }))
