import { afterEach, describe, expect, it } from 'vitest'
import { createConversations } from '../../../src/server/conversations/create-conversations.js'
import { memoryConversations } from '../../../src/server/conversations/memory-conversations.js'
import { serveConversations, shown, user, type ServedConversations } from './serve-conversations.js'

let served: ServedConversations | undefined
afterEach(() => served?.close())

const saved = (key: string, parent?: string) => ({
  nodes: [{ key, ...(parent !== undefined && { parent }), message: user(key, `text of ${key}`) }],
  removed: [],
  frame: { leaf: key, queue: [], info: { title: key } },
})

const refused = { status: 409, body: { error: { code: 'CONVERSATION_LIMIT' } } }

describe('limits of what is kept', () => {
  it('refuse one more conversation of a user, saved or begun by a start, and nothing of it is there', async () => {
    const { json, say, asked, hub } = (served = await serveConversations({ limits: { perUser: 2 } }))
    await json('/~conversations/a', 'ann', saved('1'))
    await say({ id: 'b', message: user('1', 'one') })
    expect(await json('/~conversations/c', 'ann', saved('1'))).toMatchObject(refused)
    const started = await say({ id: 'c', message: user('1', 'one') })
    expect([started.status, JSON.parse(started.text)]).toMatchObject([409, refused.body])
    expect([asked.length, await hub.listActive()]).toEqual([1, []])
    expect((await json('/~conversations/c')).status).toBe(404)
    // Those that are there go on, and others have room of their own.
    expect((await say({ id: 'a', message: user('2', 'two') })).status).toBe(200)
    expect((await say({ id: 'c', message: user('1', 'one') }, 'bob')).status).toBe(200)
    await json('/~conversations/a/delete', 'ann', {})
    expect((await say({ id: 'c', message: user('1', 'one') })).status).toBe(200)
  })

  it('refuse one more message of a conversation; what is there may be changed and made shorter', async () => {
    const { json, say, load } = (served = await serveConversations({ limits: { messages: 3 } }))
    await say({ id: 'c', message: user('1', 'one') })
    expect((await say({ id: 'c', message: user('2', 'two') })).status).toBe(409)
    expect(shown(await load('c'))).toEqual(['user one', 'assistant 1: one done'])
    const { rev, leaf } = await load('c')
    expect(await json('/~conversations/c', 'ann', { rev, ...saved('2', leaf) })).toMatchObject({
      status: 200,
    })
    const now = (await load('c')).rev
    expect(await json('/~conversations/c', 'ann', { rev: now, ...saved('3', '2') })).toMatchObject(refused)
    const exchange = { ...saved('3', leaf), removed: ['2'] }
    expect(await json('/~conversations/c', 'ann', { rev: now, ...exchange })).toMatchObject({ status: 200 })
    expect(shown(await load('c')).at(-1)).toBe('user text of 3')
  })

  it('are whole numbers above 0, or Infinity', async () => {
    const { hub } = (served = await serveConversations({ limits: { perUser: Infinity } }))
    const make = (limits: object) => () => createConversations(hub, { store: memoryConversations(), limits })
    for (const wrong of [{ perUser: 0 }, { messages: 1.5 }, { perUser: NaN }, { messages: '9' }])
      expect(make(wrong)).toThrow(/whole number above 0/)
    expect(make({ messages: Infinity })).not.toThrow()
  })
})

describe('names of fields that every object has', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']

  it('are names as any other: of conversations, messages, keys, and of what is in metadata', async () => {
    const { json, say, load } = (served = await serveConversations())
    for (const name of names) {
      const metadata = JSON.parse(`{"${name}": {"polluted": true}, "own": 1}`) as object
      const message = { ...user(name, `asked as ${name}`), metadata }
      await say({ id: name, message, answerId: name === 'toString' ? 'constructor' : 'toString' })
      const first = await load(name)
      expect(shown(first)).toEqual([`user asked as ${name}`, `assistant 1: asked as ${name} done`])
      expect(JSON.stringify(first.nodes[0]?.message.metadata)).toBe(JSON.stringify(metadata))
      let last = first
      for (const key of names.filter((one) => !last.nodes.some((node) => node.key === one))) {
        const own = { rev: last.rev, ...saved(key, last.leaf) }
        expect(await json(`/~conversations/${name}`, 'ann', own)).toMatchObject({ status: 200 })
        last = await load(name)
        expect([last.leaf, shown(last).at(-1)]).toEqual([key, `user text of ${key}`])
      }
      const gone = { rev: last.rev, nodes: [], removed: names, frame: { queue: [], info: {} } }
      expect(await json(`/~conversations/${name}`, 'ann', gone)).toMatchObject({ status: 200 })
      expect((await load(name)).nodes).toEqual([])
      expect((await json(`/~conversations/${name}/describe`, 'ann', { title: name })).body).toMatchObject({
        info: { id: name, title: name },
      })
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect((await json('/~conversations')).body).toMatchObject({ conversations: { length: names.length } })
    for (const name of names)
      expect((await json(`/~conversations/${name}/delete`, 'ann', {})).body).toEqual({ removed: true })
  })

  it('find nothing where there is nothing', async () => {
    const { json } = (served = await serveConversations())
    for (const name of names) {
      expect((await json(`/~conversations/${name}`)).status).toBe(404)
      expect((await json(`/~conversations/${name}/describe`, 'ann', { title: 'x' })).status).toBe(404)
    }
  })
})
