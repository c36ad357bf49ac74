import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { HandlerOptions } from '../../../src/server/http/handler-options.js'
import { resumable } from '../../../src/server/hub/resumable.js'
import { redisConversations } from '../../../src/server/conversations/redis-conversations.js'
import { redisLog } from '../../../src/server/log/redis/redis-log.js'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'
import { createRedisServer, type RedisServer } from '../../helpers/redis-server.js'
import { createTcpProxy, type TcpProxy } from '../../helpers/tcp-proxy.js'
import { serveConversations, shown, user, type ServedConversations } from './serve-conversations.js'

let redis: RedisServer
const nodes: ServedConversations[] = []
const proxies: TcpProxy[] = []
let prefixes = 0
beforeAll(async () => {
  redis = await createRedisServer()
})
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()))
})
afterAll(() => redis.close())

/** A node of its own, whose line to Redis can be cut. */
async function node(prefix: number, start?: Parameters<typeof serveConversations>[0]) {
  const proxy = await createTcpProxy(redis.port)
  proxies.push(proxy)
  const connection = `redis://127.0.0.1:${proxy.port}`
  const quiet = { offlineMs: 5_000, onError: () => undefined }
  const log = redisLog({ connection, prefix: `{l${prefix}}:`, leaseMs: 2_000, ...quiet })
  const store = redisConversations({ connection, prefix: `c${prefix}:`, ...quiet })
  const served = await serveConversations({ log, store, ...start })
  nodes.push({
    ...served,
    async close() {
      await served.close()
      await log.close()
    },
  })
  const cut = () => {
    proxy.plan = () => ({ mode: 'refuse' })
    proxy.destroyAll()
  }
  /** A node without its line keeps its readers, who go on when it is back. */
  const mend = () => void (proxy.plan = () => ({}))
  return { served, store, cut, mend }
}

it('a conversation is the same on every node, and an answer is stored by the one that wrote it', async () => {
  const prefix = ++prefixes
  const [a, b] = [await node(prefix), await node(prefix)]
  await a.served.say({ id: 'c', message: user('q1', 'one') })
  await b.served.say({ id: 'c', message: user('q2', 'two') })
  expect(shown(await a.served.load('c'))).toEqual([
    'user one',
    'assistant 1: one done',
    'user two',
    'assistant 3: two done',
  ])
})

it('an answer whose node is cut off is folded by another one, with what had come', async () => {
  const prefix = ++prefixes
  const came = deferred()
  const a = await node(prefix, {
    start: () =>
      async function* ({ signal }) {
        yield { type: 'text-delta', id: 't', delta: 'what was ' }
        yield { type: 'text-delta', id: 't', delta: 'said' }
        came.resolve()
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
  })
  const b = await node(prefix)
  const id = 'the-run-of-a-dead-node'
  const saying = a.served.say({ id: 'c', message: user('q1', 'one') }, 'ann', id).catch(() => undefined)
  await came.promise
  await eventually('it is in Redis', async () => (await b.served.hub.getInfo(id)).events === 2)
  a.cut()
  await eventually('another node finds it', async () => {
    const [, answer] = shown(await b.served.load('c'))
    return answer === 'assistant what was said error'
  })
  await b.served.say({ id: 'c', message: user('q2', 'two') })
  expect(b.served.asked[0]?.messages).toHaveLength(3)
  a.mend()
  await saying
})

it('an answer that another process goes on with is stored by that, though nobody reads or loads it', async () => {
  const prefix = ++prefixes
  const [came, goOn] = [deferred(), deferred()]
  const answer = resumable<string, { type: string; id?: string; delta?: string }>(
    'answer',
    async function* ({ input, written, signal }) {
      if (written.length === 0) {
        yield { type: 'text-delta', id: 't', delta: `begun for ${input}` }
        came.resolve()
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      }
      await goOn.promise
      yield { type: 'text-delta', id: 't', delta: ', and ended elsewhere' }
    },
  )
  const start: HandlerOptions['start'] = () => answer('one')
  const a = await node(prefix, { resumable: [answer], start })
  const b = await node(prefix, { resumable: [answer], start })
  const id = 'the-run-that-is-taken-over'
  const saying = a.served.say({ id: 'c', message: user('q1', 'one') }, 'ann', id).catch(() => undefined)
  await came.promise
  await eventually('it is in Redis', async () => (await b.served.hub.getInfo(id)).events === 1)
  let isTaken = false
  b.served.hub.observe(({ kind }) => void (isTaken ||= kind === 'takeover'))
  a.cut()
  await eventually('it is taken over', () => isTaken)
  goOn.resolve()
  // Looked at in the store itself: whoever loads a conversation folds what is open.
  await eventually('it is stored', async () => {
    const record = await b.store.load({ userId: 'ann', chatId: 'c' })
    return (
      record?.nodes.some(({ run, message }) => run?.state === 'settled' && message.status === 'done') === true
    )
  })
  expect(shown(await b.served.load('c'))).toEqual([
    'user one',
    'assistant begun for one, and ended elsewhere done',
  ])
  expect(b.served.errors).toEqual([])
  a.mend()
  await saying
})
