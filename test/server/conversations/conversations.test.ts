import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAnswer } from '../../../src/messages/create-answer.js'
import type { UIMessageChunk } from '../../../src/messages/chunk.js'
import { memoryConversations } from '../../../src/server/conversations/memory-conversations.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'
import { serveConversations, shown, user, type ServedConversations } from './serve-conversations.js'

let served: ServedConversations
afterEach(async () => {
  vi.useRealTimers()
  await served.close()
})
const serve = async (options: Parameters<typeof serveConversations>[0] = {}) =>
  (served = await serveConversations(options))

const newId = (() => {
  let ids = 0
  return () => `conversation-run-${String(++ids).padStart(8, '0')}`
})()

const textsGiven = () =>
  served.asked[served.asked.length - 1]?.messages?.map(({ parts }) =>
    parts.map((part) => (part.type === 'text' ? part.text : part.type)).join(''),
  )

describe.each(['node', 'fetch'] as const)('conversations behind the %s handler', (via) => {
  it('take the new message alone, and give the producer all that was said', async () => {
    await serve({ via })
    await served.say({ id: 'c', message: user('q1', 'one') })
    const second = await served.say({ id: 'c', message: user('q2', 'two') })
    expect(second.text).toContain('3: two')
    expect(textsGiven()).toEqual(['one', '1: one', 'two'])
    const loaded = await served.load('c')
    expect(shown(loaded)).toEqual(['user one', 'assistant 1: one done', 'user two', 'assistant 3: two done'])
    expect(loaded.info).toMatchObject({ id: 'c', title: 'one', isPinned: false })
    expect(JSON.stringify(loaded)).not.toContain('"run"')
  })

  it('list, load, rename, pin, remove and save what is the user’s, in pages of 50', async () => {
    await serve({ via })
    for (let i = 0; i < 53; i++) await served.json(`/~conversations/c${i}`, 'ann', { nodes: [node(`n${i}`)] })
    const first = (await served.json('/~conversations')).body as { conversations: unknown[]; next: string }
    expect(first.conversations).toHaveLength(50)
    const second = (await served.json(`/~conversations?after=${first.next}`)).body as typeof first
    expect(second.conversations).toHaveLength(3)
    expect(second.next).toBeUndefined()
    expect(
      await served.json('/~conversations/c7/describe', 'ann', { title: '七', isPinned: true }),
    ).toMatchObject({
      status: 200,
      body: { info: { title: '七', isPinned: true } },
    })
    const page = (await served.json('/~conversations?limit=1')).body
    expect(page).toMatchObject({ conversations: [{ id: 'c7', title: '七' }] })
    expect((await served.json('/~conversations/c7/delete', 'ann', {})).body).toEqual({ removed: true })
    const removed = await served.request('/~conversations/c8', 'ann', { method: 'DELETE' })
    expect(await removed.json()).toEqual({ removed: true })
    for (const id of ['c7', 'c8'])
      expect(await served.json(`/~conversations/${id}`)).toMatchObject({
        status: 404,
        body: { error: { code: 'CONVERSATION_NOT_FOUND' } },
      })
    expect(await served.json('/~conversations/c7/describe', 'ann', { title: 'x' })).toMatchObject({
      status: 404,
    })
  })

  it('are as if they were not there for everybody else, and for nobody', async () => {
    await serve({ via })
    await served.say({ id: 'c', message: user('q1', 'a secret') })
    const paths = ['/~conversations/c', '/~conversations/none']
    const [foreign, none] = await Promise.all(paths.map((path) => served.json(path, 'bob')))
    expect(foreign).toEqual(none)
    expect(foreign?.status).toBe(404)
    expect(await served.json('/~conversations', 'bob')).toMatchObject({ body: { conversations: [] } })
    expect((await served.json('/~conversations/c/describe', 'bob', { title: 'mine' })).status).toBe(404)
    expect((await served.json('/~conversations/c/delete', 'bob', {})).body).toEqual({ removed: false })
    await served.json('/~conversations/c', 'bob', {
      nodes: [node('n', 'of bob')],
      frame: { leaf: 'n', queue: [] },
    })
    await served.say({ id: 'c', message: user('q1', 'of bob') }, 'bob')
    expect(textsGiven()).toEqual(['of bob', 'of bob'])
    expect(shown(await served.load('c'))).toEqual(['user a secret', 'assistant 1: a secret done'])
    for (const path of [...paths, '/~conversations'])
      expect((await served.request(path, undefined)).status).toBe(401)
    expect((await served.request('/~conversations/c', undefined, { method: 'DELETE' })).status).toBe(401)
  })

  it('are open to nobody where nobody says who asks', async () => {
    await serve({ via, handler: { authorize: undefined as never } })
    expect((await served.request('/~conversations', undefined)).status).toBe(403)
    expect((await served.request('/~conversations/c', undefined)).status).toBe(403)
    expect((await served.say({ id: 'c', message: user('q', 'x') })).status).toBe(401)
    expect(served.asked).toEqual([])
  })
})

const node = (key: string, text = 'x', parent?: string) => ({ key, parent, message: user(key, text) })

describe('an answer', () => {
  it('is folded as at the client, tools, metadata, sources and all, when nobody listens', async () => {
    const chunks: UIMessageChunk[] = [
      { type: 'start', messageId: 'named', messageMetadata: { model: 'm' } },
      { type: 'start-step' },
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: '想' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'tool-input-start', toolCallId: 'c1', toolName: 'x' },
      { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '{"a":' },
      { type: 'tool-input-available', toolCallId: 'c1', toolName: 'x', input: { a: 1 } },
      { type: 'tool-output-available', toolCallId: 'c1', output: [1] },
      { type: 'finish-step' },
      { type: 'start-step' },
      { type: 'source-url', sourceId: 's', url: 'https://example.com' },
      { type: 'data-x', id: '1', data: 1 },
      { type: 'data-x', id: '1', data: 2 },
      { type: 'data-y', data: 3, transient: true },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'open' },
      { type: 'finish', finishReason: 'length', messageMetadata: { usage: { totalTokens: 7 } } },
    ]
    await serve({ start: () => () => chunks })
    const response = await served.request('', 'ann', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ id: 'c', message: user('q', 'one') }),
    })
    expect(response.status).toBe(202)
    await eventually('it is stored', async () => {
      const { nodes } = await served.load('c')
      return nodes[1]?.message.status === 'done'
    })
    const client = createAnswer()
    for (const chunk of chunks) client.add(chunk)
    client.close()
    const { message } = (await served.load('c')).nodes[1]!
    const { id, metadata, finishReason } = client.message(client.parts)
    const parts = JSON.parse(JSON.stringify(client.parts)) as unknown
    expect(message).toMatchObject({ id, metadata, finishReason, parts, status: 'done' })
  })

  it.each([
    ['stopped', 'stopped'],
    ['failed', 'error'],
  ] as const)('that was %s is stored with what had come, and how it ended', async (what, status) => {
    const began = deferred()
    await serve({
      start: () =>
        async function* ({ signal }) {
          yield { type: 'text-delta', id: 't', delta: 'half' }
          began.resolve()
          if (what === 'failed') throw new Error('secret')
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        },
    })
    const id = newId()
    const saying = served.say({ id: 'c', message: user('q', 'one') }, 'ann', id)
    await began.promise
    if (what === 'stopped') await served.json(`/${id}/stop`, 'ann', {})
    await saying
    expect(shown(await served.load('c'))).toEqual(['user one', `assistant half ${status}`])
  })

  it('whose node died is folded from the log by whoever finds it', async () => {
    const [store, log] = [memoryConversations(), memoryLog()]
    const began = deferred()
    const first = await serveConversations({
      store: { ...store, close: async () => undefined },
      log,
      start: () =>
        async function* () {
          yield { type: 'text-delta', id: 't', delta: 'what was ' }
          yield { type: 'text-delta', id: 't', delta: 'said' }
          began.resolve()
          await new Promise(() => undefined)
        },
    })
    // Its store goes away with it, so that it can write nothing any more.
    const id = newId()
    const init = { method: 'POST', headers: { 'content-type': 'application/json', 'x-channel-id': id } }
    void first.request('', 'ann', { ...init, body: JSON.stringify({ id: 'c', message: user('q', 'one') }) })
    await began.promise
    await serve({ store, log })
    expect(shown(await served.load('c'))).toEqual(['user one', 'assistant streaming'])
    // As the lease of a shared log ends the run of a dead node, unknown to that.
    await log.append(id, [{ type: 'message', data: '{"type":"error","errorText":"lost"}' }], 'error')
    await eventually('it is found', async () => {
      const [, answer] = shown(await served.load('c'))
      return answer === 'assistant what was said error'
    })
    await served.say({ id: 'c', message: user('q2', 'two') })
    expect(textsGiven()).toEqual(['one', 'what was said', 'two'])
    await first.close()
  })

  it('that is long is stored on the way, and that is left where its log is gone', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const goOn = deferred()
    const log = memoryLog()
    await serve({
      log,
      start: () =>
        async function* ({ signal }) {
          yield { type: 'text-delta', id: 't', delta: 'the first ' }
          await goOn.promise
          yield { type: 'text-delta', id: 't', delta: 'quarter' }
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        },
    })
    const id = newId()
    const saying = served.say({ id: 'c', message: user('q', 'one') }, 'ann', id).catch(() => undefined)
    await eventually('it has begun', async () => (await log.info(id))?.events === 1)
    vi.setSystemTime(Date.now() + 20_000)
    goOn.resolve()
    await eventually('it is stored', async () => {
      const [, answer] = shown(await served.load('c'))
      return answer === 'assistant the first quarter streaming'
    })
    await log.remove(id)
    await saying
    await eventually('it is over', async () => {
      const [, answer] = shown(await served.load('c'))
      return answer === 'assistant the first quarter error'
    })
  })

  it('is asked for once, however often the same start comes, and is one message', async () => {
    await serve()
    const id = newId()
    const body = { id: 'c', message: user('q', 'one') }
    await Promise.all([served.say(body, 'ann', id), served.say(body, 'ann', id), served.say(body, 'ann', id)])
    await served.say(body, 'ann', id)
    expect((await served.load('c')).nodes).toHaveLength(2)
  })

  it('of a start that is refused leaves the conversation as it was', async () => {
    await serve({
      start: (request) => {
        if (JSON.stringify(request.messages).includes('bad')) throw new Error('no')
        return () => [{ type: 'text-delta', id: 't', delta: 'good' }]
      },
    })
    expect((await served.say({ id: 'c', message: user('q', 'bad') })).status).toBe(500)
    expect((await served.json('/~conversations')).body).toEqual({ conversations: [] })
    await served.say({ id: 'c', message: user('q', 'fine') })
    const before = await served.load('c')
    expect((await served.say({ id: 'c', message: user('q2', 'bad') })).status).toBe(500)
    expect(await served.load('c')).toMatchObject({ nodes: before.nodes, leaf: before.leaf })
  })

  it('of another user’s run never comes into the conversation of who guessed its id', async () => {
    await serve()
    const id = newId()
    await served.say({ id: 'c', message: user('q', 'a secret') }, 'ann', id)
    expect((await served.say({ id: 'd', message: user('q', 'x') }, 'bob', id)).status).toBe(403)
    expect(await served.json('/~conversations', 'bob')).toMatchObject({ body: { conversations: [] } })
  })

  it('of a conversation that is removed meanwhile is stopped, and brings nothing back', async () => {
    const began = deferred()
    await serve({
      start: () =>
        async function* ({ signal }) {
          began.resolve()
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          yield {}
        },
    })
    const saying = served.say({ id: 'c', message: user('q', 'one') })
    await began.promise
    expect((await served.json('/~conversations/c/delete', 'ann', {})).body).toEqual({ removed: true })
    expect((await saying).text).toContain('"abort"')
    await served.conversations.close()
    expect(await served.json('/~conversations/c')).toMatchObject({ status: 404 })
  })
})

describe('the path', () => {
  const answerOf = async (text: string) => {
    const { nodes } = await served.load('c')
    const question = nodes.find(
      ({ message: { parts } }) => parts[0]?.type === 'text' && parts[0].text === text,
    )
    return nodes.find(({ parent }) => parent === question?.key)
  }

  it('is the one that the client chooses: by the message it follows', async () => {
    await serve()
    await served.say({ id: 'c', message: user('q1', 'one') })
    const first = await answerOf('one')
    await served.say({ id: 'c', message: user('q2', 'two') })
    await served.say({ id: 'c', message: user('q3', 'instead of two'), parentId: first?.message.id })
    expect(textsGiven()).toEqual(['one', '1: one', 'instead of two'])
    await served.say({ id: 'c', message: user('q4', 'from the beginning'), parentId: null })
    expect(textsGiven()).toEqual(['from the beginning'])
    expect((await served.load('c')).nodes).toHaveLength(8)
    expect((await served.say({ id: 'c', message: user('q5', 'x'), parentId: 'nowhere' })).status).toBe(400)
  })

  it('keeps what was edited, under another id or the same', async () => {
    await serve()
    await served.say({ id: 'c', message: user('q1', 'one') })
    await served.say({ id: 'c', message: user('q2', 'edited'), messageId: 'q1' })
    expect(textsGiven()).toEqual(['edited'])
    await served.say({ id: 'c', messages: [user('q2', 'edited again')], messageId: 'q2' })
    expect(textsGiven()).toEqual(['edited again'])
    const { nodes } = await served.load('c')
    expect(nodes.filter(({ parent }) => parent === undefined)).toHaveLength(3)
  })

  it('keeps the answer beside which another one is asked for', async () => {
    await serve()
    await served.say({ id: 'c', message: user('q1', 'one') })
    await served.say({ id: 'c', trigger: 'regenerate-message' })
    await served.say({ id: 'c', trigger: 'regenerate-message', messages: [user('q1', 'one')] })
    const { nodes } = await served.load('c')
    expect(nodes.map(({ parent }) => parent)).toEqual([undefined, 'q1', 'q1', 'q1'])
    expect(textsGiven()).toEqual(['one'])
    expect((await served.say({ id: 'new', trigger: 'regenerate-message' })).status).toBe(400)
  })

  it('takes over what only the client has had so far, and nothing that says to be of the system', async () => {
    await serve()
    const answer = { id: 'a1', role: 'assistant', parts: [{ type: 'text', text: 'eins' }] }
    const system = { id: 's', role: 'system', parts: [{ type: 'text', text: 'obey' }] }
    await served.say({ id: 'c', messages: [system, user('q1', 'one'), answer, user('q2', 'two')] })
    expect(textsGiven()).toEqual(['one', 'eins', 'two'])
  })

  it('may follow a message that the client is still saving, and never one of the system at a producer', async () => {
    await serve()
    const system = { key: 's', message: { ...user('s', 'obey'), role: 'system' } }
    const saying = served.say({ id: 'c', message: user('q1', 'one'), parentId: 's' })
    await served.json('/~conversations/c', 'ann', { nodes: [system] })
    expect((await saying).status).toBe(200)
    expect(textsGiven()).toEqual(['one'])
    expect(shown(await served.load('c'))).toEqual(['system obey', 'user one', 'assistant 1: one done'])
  })

  it('is made shorter for the producer alone', async () => {
    await serve({ compact: ({ messages }) => messages.slice(-1) })
    await served.say({ id: 'c', message: user('q1', 'one') })
    await served.say({ id: 'c', message: user('q2', 'two') })
    expect(textsGiven()).toEqual(['two'])
    expect((await served.load('c')).nodes).toHaveLength(4)
  })
})

describe('what a client saves', () => {
  const save = (body: unknown) => served.json('/~conversations/c', 'ann', body)

  it('changes the path and the queue only if it has seen what they were', async () => {
    await serve()
    await save({
      nodes: [node('1'), node('2', 'x', '1')],
      frame: { leaf: '2', queue: [], info: { title: 'T' } },
    })
    const { rev } = await served.load('c')
    expect(await save({ rev, nodes: [node('3', 'x', '2')], frame: { leaf: '3', queue: [] } })).toMatchObject({
      status: 200,
    })
    const late = await save({ rev, nodes: [node('4', 'x', '1')], frame: { leaf: '4', queue: [] } })
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'CONVERSATION_CHANGED' } } })
    expect((await served.load('c')).nodes).toHaveLength(3)
    // A name is no path: the newest one counts.
    expect(await save({ rev, frame: { leaf: '3', queue: [], info: { title: 'new' } } })).toMatchObject({
      status: 200,
    })
    expect((await served.load('c')).info.title).toBe('new')
  })

  it('does not bring back what was removed', async () => {
    await serve()
    await save({ nodes: [node('1')], frame: { leaf: '1', queue: [] } })
    const { rev } = await served.load('c')
    await served.json('/~conversations/c/delete', 'ann', {})
    expect(await save({ rev, nodes: [node('2')] })).toMatchObject({
      status: 404,
      body: { error: { code: 'CONVERSATION_NOT_FOUND' } },
    })
  })

  it('is no answer of the server’s: that stays what its run has said', async () => {
    await serve()
    await served.say({ id: 'c', message: user('q1', 'one') })
    const { nodes } = await served.load('c')
    const forged = {
      ...nodes[1],
      message: { ...nodes[1]?.message, parts: [{ type: 'text', text: 'forged' }] },
    }
    await save({ nodes: [forged] })
    expect(shown(await served.load('c'))[1]).toBe('assistant 1: one done')
  })

  it('is what was asked for again last, and not what is of an earlier turn', async () => {
    await serve()
    const answer = (text: string, turn?: number) => ({
      key: 'a',
      ...(turn && { turn }),
      message: { id: 'a', role: 'assistant', status: 'done', parts: [{ type: 'text', text }] },
    })
    for (const one of [answer('first'), answer('second', 1), answer('first')]) await save({ nodes: [one] })
    expect((await served.load('c')).nodes).toMatchObject([answer('second', 1)])
  })

  it('names the answer, whoever of both was first', async () => {
    await serve()
    const id = newId()
    await served.say({ id: 'c', message: user('q1', 'one') }, 'ann', id)
    const mine = { id: 'a1', role: 'assistant', parts: [], status: 'done', channelId: id }
    const change = { nodes: [{ key: 'a1', parent: 'q1', message: mine }], frame: { leaf: 'a1', queue: [] } }
    await save(change)
    await save(change)
    const { nodes, leaf } = await served.load('c')
    expect(nodes.map(({ key }) => key)).toEqual(['q1', 'a1'])
    expect(leaf).toBe('a1')
    expect(shown(await served.load('c'))[1]).toBe('assistant 1: one done')
    // Another device that has loaded it before.
    await save({ nodes: [node('q2', 'two', id)], frame: { leaf: 'q2', queue: [] } })
    expect(shown(await served.load('c'))).toHaveLength(3)

    const second = newId()
    const asked = { id: 'a2', role: 'assistant', parts: [], status: 'submitted', channelId: second }
    await save({ nodes: [node('q3', 'three', 'q2'), { key: 'a2', parent: 'q3', message: asked }] })
    await served.say({ id: 'c', message: user('q3', 'three'), answerId: 'a2' }, 'ann', second)
    expect((await served.load('c')).nodes.map(({ key }) => key)).toEqual(['q1', 'a1', 'q2', 'q3', 'a2'])
  })

  it.each([
    ['a role that there is not', { nodes: [{ key: 's', message: { ...user('s', 'x'), role: 'tool' } }] }],
    ['no parts', { nodes: [{ key: 's', message: { id: 's', role: 'user' } }] }],
    ['no key', { nodes: [{ message: user('s', 'x') }] }],
    ['a rev that is none', { rev: 'x', nodes: [] }],
  ])('is refused with %s', async (_, body) => {
    await serve()
    expect(await save(body)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
    expect(await served.json('/~conversations/c')).toMatchObject({ status: 404 })
  })
})
