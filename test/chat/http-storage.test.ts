import { createServer, request as httpRequest, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { ChatStorage, StoredConversation } from '../../src/chat/storage/chat-storage.js'
import { servedStorage } from '../../src/chat/storage/served-storage.js'
import { pathOf, type MessageNode } from '../../src/chat/message-tree.js'
import {
  messageText,
  onlyNewMessage,
  useChannelStore,
  useChat,
  type UseChatOptions,
} from '../../src/index.js'
import { createMemoryDevice, type DeviceStorage } from '../../src/platform/device-storage.js'
import { deferred } from '../helpers/deferred.js'
import { eventually } from '../helpers/eventually.js'
import { listen, unlisten } from '../helpers/listen.js'
import {
  echo,
  serveConversations,
  type ServedConversations,
} from '../server/conversations/serve-conversations.js'

let served: ServedConversations
let gate: Server
let base: string
/** What happens to a request: to the server, into nothing, or an answer instead. */
let passing: 'on' | 'cut' | number = 'on'
let requests: string[] = []
let goOn = deferred()
const scopes: EffectScope[] = []

beforeEach(async () => {
  passing = 'on'
  requests = []
  goOn = deferred()
  goOn.resolve()
  served = await serveConversations({
    limits: { perUser: 300 },
    start: (request) =>
      async function* (context) {
        await goOn.promise
        yield* echo(request)(context) as AsyncIterable<object>
      },
  })
  gate = createServer((incoming, response) => {
    requests.push(`${incoming.method} ${incoming.url}`)
    if (passing === 'cut') return void incoming.socket.destroy()
    if (typeof passing === 'number')
      return void response
        .writeHead(passing, { 'content-type': 'application/json' })
        .end('{"error":{"code":"FORBIDDEN","message":"no"}}')
    const { method, headers, url = '' } = incoming
    const onwards = httpRequest(new URL(url, served.base), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    onwards.on('error', () => response.destroy())
    incoming.pipe(onwards)
  })
  base = `http://127.0.0.1:${await listen(gate)}/api/chat`
})
afterEach(async () => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  await unlisten(gate)
  await served.close()
})

const open = (device: DeviceStorage = createMemoryDevice(), user = 'ann') =>
  servedStorage(device, { url: base, headers: () => ({ 'x-user': user }) })

let chats = 0
/** A page on a device of its own. */
function page(device = createMemoryDevice(), options: UseChatOptions = { prepareRequest: onlyNewMessage }) {
  const scope = effectScope()
  scopes.push(scope)
  const storage = open(device)
  const chat = scope.run(() =>
    useChat({
      url: base,
      headers: { 'x-user': 'ann' },
      id: 'c',
      key: `page ${++chats}`,
      storage,
      ...options,
    }),
  )
  if (!chat) throw new Error('the scope is stopped')
  const texts = () => chat.messages.value.map((message) => messageText(message))
  return { ...chat, storage, texts }
}

const node = (key: string, text = key, parent?: string): MessageNode => ({
  key,
  parent,
  message: { id: key, role: 'user', parts: [{ type: 'text', text }] },
})

const change = (leaf: string, ...nodes: MessageNode[]) => ({
  writer: 'w',
  nodes,
  removed: [],
  frame: { leaf, queue: [], info: { title: 'T' } },
})

const shownIn = (stored: StoredConversation | undefined) =>
  stored &&
  pathOf({ nodes: new Map(stored.nodes.map((one) => [one.key, one])), leaf: stored.leaf }).map(
    ({ message }) => messageText(message),
  )

const atServer = async (id = 'c') => {
  const loaded = await served.conversations.load({ userId: 'ann', chatId: id })
  return loaded && shownIn(loaded as unknown as StoredConversation)
}
const atServerIs = (texts: readonly string[] | undefined) =>
  eventually(
    `the server has ${JSON.stringify(texts)}`,
    async () => JSON.stringify(await atServer()) === JSON.stringify(texts),
  )

describe('a chat whose conversation is on the server', () => {
  it('sends the new message alone, and another device sees the same', async () => {
    const here = page()
    await here.sendMessage('one')
    await here.sendMessage('two')
    expect(here.texts()).toEqual(['one', '1: one', 'two', '3: two'])
    const starts = served.asked.map(({ body }) => body as { message?: unknown; messages?: unknown })
    expect(starts.every(({ message, messages }) => message !== undefined && messages === undefined)).toBe(
      true,
    )
    await atServerIs(here.texts())

    const there = page()
    await eventually('it is there', () => there.texts().length === 4)
    expect(there.texts()).toEqual(here.texts())
    await there.sendMessage('three')
    await atServerIs(['one', '1: one', 'two', '3: two', 'three', '5: three'])
    const { nodes } = (await served.conversations.load({ userId: 'ann', chatId: 'c' })) ?? { nodes: [] }
    expect(nodes).toHaveLength(6)

    await here.sendMessage('four')
    expect(served.asked[3]?.messages).toHaveLength(5)
  })

  it('keeps branches: what was edited and what was asked for again', async () => {
    const here = page()
    await here.sendMessage('one')
    await here.regenerate()
    await here.sendMessage({ text: 'edited', messageId: here.messages.value[0]?.id ?? '' })
    await atServerIs(['edited', '1: edited'])
    await eventually('all is stored', async () => {
      const loaded = await served.conversations.load({ userId: 'ann', chatId: 'c' })
      return loaded?.nodes.length === 5
    })
    const there = page()
    await eventually('it is there', () => there.texts().length === 2)
    const [first] = there.branches(there.messages.value[0]?.id ?? '').ids
    there.switchBranch(first ?? '')
    expect(there.texts()).toEqual(['one', '1: one'])
  })

  it('has each message once where requests hold the whole path, whatever the server called the answer', async () => {
    const here = page(createMemoryDevice(), {})
    await here.sendMessage('one')
    await here.sendMessage('two')
    await atServerIs(['one', '1: one', 'two', '3: two'])
    const there = page(createMemoryDevice(), {})
    await eventually('it is there', () => there.texts().length === 4)
    await there.sendMessage('three')
    await atServerIs(['one', '1: one', 'two', '3: two', 'three', '5: three'])
    const { nodes } = (await served.conversations.load({ userId: 'ann', chatId: 'c' })) ?? { nodes: [] }
    expect(nodes).toHaveLength(6)
  })

  it('shows at the next launch at once what it has shown', async () => {
    const device = createMemoryDevice()
    const before = page(device)
    await before.sendMessage('one')
    await atServerIs(['one', '1: one'])
    passing = 'cut'
    expect(page(device).texts()).toEqual(['one', '1: one'])
  })

  it('reads an answer on that another device has asked for', async () => {
    goOn = deferred()
    const here = page()
    const saying = here.sendMessage('one')
    await eventually('it is asked', () => served.asked.length === 1)
    await eventually('it is stored', async () => (await atServer())?.length === 2)
    const there = page()
    await eventually(
      'it reads',
      () => there.status.value === 'streaming' || there.status.value === 'submitted',
    )
    goOn.resolve()
    await saying
    await eventually('it has all', () => there.texts()[1] === '1: one' && there.status.value === 'ready')
    expect(served.asked).toHaveLength(1)
  })
})

describe('httpStorage', () => {
  it('shows the copy at once, and what others have changed soon after', async () => {
    const device = createMemoryDevice()
    await open(device).save('c', change('1', node('1')))
    await atServerIs(['1'])
    const other = open()
    const theirs = await other.load('c')
    expect(shownIn(theirs)).toEqual(['1'])
    await other.save('c', change('2', node('2', '2', '1')))
    await atServerIs(['1', '2'])

    const again = open(device)
    const told: string[] = []
    again.subscribe((id) => told.push(id))
    expect(shownIn(again.load('c') as StoredConversation)).toEqual(['1'])
    await eventually('it is told', () => told.length > 0)
    expect(shownIn(again.load('c') as StoredConversation)).toEqual(['1', '2'])
  })

  it('keeps what is said without a network, and sends it when there is one, also after a restart', async () => {
    const device = createMemoryDevice()
    const first = open(device)
    passing = 'cut'
    void first.save('c', change('1', node('1')))
    void first.save('c', change('2', node('2', '2', '1')))
    void first.save('c', { ...change('1'), removed: ['2'] })
    await eventually('it was tried', () => requests.length > 0)
    expect(shownIn((await open(device).load('c')) as StoredConversation)).toEqual(['1'])
    passing = 'on'
    void open(device).list()
    await atServerIs(['1'])
    await eventually('all is sent', () => device.get(`uni-sse-channel@${base}:/http/unsent`) === undefined)
  })

  it('takes in what another device was faster with, before it sends its own', async () => {
    const [a, b] = [open(), open()]
    await a.save('c', change('1', node('1')))
    await atServerIs(['1'])
    await b.load('c')
    await b.save('c', change('b', node('b', 'of b', '1')))
    await atServerIs(['1', 'of b'])
    // Behind, it only renames: the path is not taken back to where it was.
    await a.save('c', { ...change('1'), frame: { leaf: '1', queue: [], info: { title: 'renamed' } } })
    await eventually('it is renamed', async () => {
      const loaded = await served.conversations.load({ userId: 'ann', chatId: 'c' })
      return loaded?.info.title === 'renamed'
    })
    expect(await atServer()).toEqual(['1', 'of b'])
    // Who says something, shows what it has said; nothing of the other is lost.
    await a.save('c', change('a', node('a', 'of a', '1')))
    await atServerIs(['1', 'of a'])
    const loaded = await served.conversations.load({ userId: 'ann', chatId: 'c' })
    expect(loaded?.nodes.map(({ key }) => key).sort()).toEqual(['1', 'a', 'b'])
  })

  it('sends and keeps what is called like a field of every object, as any other', async () => {
    const names = ['__proto__', 'constructor', 'toString']
    const device = createMemoryDevice()
    const storage = open(device)
    for (const name of names) expect(await storage.load(name)).toBeUndefined()
    for (const name of names) {
      await storage.save(name, change('constructor', node('constructor'), node('1', 'one', 'constructor')))
      await eventually('it is sent', async () => (await atServer(name))?.length === 1)
      await storage.save(name, change('toString', node('toString', 'two', 'constructor')))
      await eventually('it is sent, too', async () => (await atServer(name))?.length === 2)
    }
    await eventually('all is sent', () => device.get(`uni-sse-channel@${base}:/http/unsent`) === undefined)
    // What others removed is not taken for something of this device that is not sent yet.
    for (const name of names) {
      const other = open()
      await other.load(name)
      await other.save(name, { ...change('constructor'), removed: ['toString', '1'] })
      await eventually('it is removed', async () => (await atServer(name))?.length === 1)
      const again = open(device)
      void again.load(name)
      await eventually('it is removed here', () => {
        const { nodes } = again.load(name) as StoredConversation
        return nodes.length === 1
      })
      await again.remove(name)
      await eventually('all of it is removed', async () => (await atServer(name)) === undefined)
    }
  })

  it('keeps what the server has no room for, and sends it when there is', async () => {
    for (let i = 0; i < 300; i++)
      await served.conversations.change(
        { userId: 'ann', chatId: `old${i}` },
        { rev: undefined, nodes: [node('1')], removed: [], frame: undefined },
      )
    const storage = open()
    await storage.save('c', change('1', node('1')))
    let told: unknown
    await eventually('it is told', () => {
      try {
        void storage.save('c', change('2', node('2', '2', '1')))
      } catch (error) {
        told = error
      }
      return told !== undefined
    })
    expect(told).toMatchObject({ code: 'CONVERSATION_LIMIT' })
    expect(await atServer()).toBeUndefined()
    await storage.remove('old0')
    await eventually('there is room', async () => (await atServer('old0')) === undefined)
    try {
      void storage.save('c', change('3', node('3', '3', '2')))
    } catch {
      // Of the tries before there was room.
    }
    await atServerIs(['1', '2', '3'])
  })

  it('keeps users of one device apart: what one has not sent waits for them, and nobody is shown another’s', async () => {
    const device = createMemoryDevice()
    const signedIn = (user: string, more: { readonly prefix?: string } = {}) =>
      servedStorage(device, { url: base, headers: () => ({ 'x-user': user }), user, ...more })
    passing = 'cut'
    await signedIn('ann').save('c', change('1', node('1', 'of ann')))
    await eventually('it was tried', () => requests.length > 0)
    passing = 'on'
    const bob = signedIn('bob')
    expect(await bob.list()).toEqual([])
    expect(await bob.load('c')).toBeUndefined()
    await bob.save('c', change('2', node('2', 'of bob')))
    const ofBob = async () => served.conversations.load({ userId: 'bob', chatId: 'c' })
    await eventually('it is sent', async () => (await ofBob()) !== undefined)
    expect((await ofBob())?.nodes.map(({ key }) => key)).toEqual(['2'])
    expect(await atServer()).toBeUndefined()
    const ann = signedIn('ann')
    expect(shownIn(ann.load('c') as StoredConversation)).toEqual(['of ann'])
    await atServerIs(['of ann'])
    // Another app of the same origin, whoever uses it; and names that look like keys.
    expect(await signedIn('dan', { prefix: 'other:' }).list()).toEqual([])
    for (const user of ['ann:c', 'ann/c', 'ann:', '%61nn'])
      expect(await signedIn(user).load('c')).toBeUndefined()
    expect(() => signedIn('')).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
  })

  it('does not bring back what another device has removed', async () => {
    const [a, b] = [open(), open()]
    await a.save('c', change('1', node('1')))
    await atServerIs(['1'])
    await b.load('c')
    await b.remove('c')
    await atServerIs(undefined)
    const told: string[] = []
    a.subscribe((id) => told.push(id))
    await a.save('c', { ...change('1'), frame: { leaf: '1', queue: [], info: { title: 'x' } } })
    await eventually('it is gone here, too', () => a.load('c') instanceof Promise)
    expect(await a.load('c')).toBeUndefined()
    expect(await atServer()).toBeUndefined()
  })

  it('does not bring back what another tab has removed, or what is removed while it is being looked for', async () => {
    const device = createMemoryDevice()
    const [a, b] = [open(device), open(device)]
    await a.save('c', change('1', node('1')))
    await atServerIs(['1'])
    await b.remove('c')
    await atServerIs(undefined)
    const before = requests.length
    await a.save('c', change('2', node('2')))
    expect([await a.load('c'), device.get(`uni-sse-channel@${base}:/http/unsent`)]).toEqual([
      undefined,
      undefined,
    ])
    expect(requests.slice(before).filter((request) => request.startsWith('POST'))).toEqual([])

    await a.save('d', change('1', node('1')))
    await eventually('it is sent', async () => (await atServer('d')) !== undefined)
    const other = open()
    const looked = other.load('d')
    await other.remove('d')
    await looked
    await eventually('it is removed there', async () => (await atServer('d')) === undefined)
    expect([await other.load('d'), await other.list()]).toEqual([undefined, []])
  })

  it('lists all, in pages, with what is not sent yet; without a network what it knows', async () => {
    for (let i = 0; i < 205; i++)
      await served.conversations.change(
        { userId: 'ann', chatId: `c${i}` },
        { rev: undefined, nodes: [node('1')], removed: [], frame: undefined },
      )
    const device = createMemoryDevice()
    expect(await open(device).list()).toHaveLength(205)
    passing = 'cut'
    const storage = open(device)
    void storage.save('new', change('1', node('1')))
    void storage.remove('c7')
    const ids = (await storage.list()).map(({ id }) => id)
    expect(ids).toHaveLength(205)
    expect(ids).toContain('new')
    expect(ids).not.toContain('c7')
    passing = 'on'
    void open(device).list()
    await eventually('it is removed there', async () => (await atServer('c7')) === undefined)
  })

  it('tells what the server refuses, and goes on showing what is here', async () => {
    const storage = open()
    passing = 403
    void storage.save('c', change('1', node('1')))
    let told: unknown
    await eventually('it is told', () => {
      try {
        void storage.save('c', change('1', node('1')))
      } catch (error) {
        told = error
      }
      return told !== undefined
    })
    expect(told).toMatchObject({ code: 'FORBIDDEN' })
    expect(shownIn(storage.load('c') as StoredConversation)).toEqual(['1'])
    await expect(open().load('none') as Promise<unknown>).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('sends no piece of an answer: the server has it from the run', async () => {
    const storage: ChatStorage = open()
    const message = { ...node('1').message, role: 'assistant', status: 'streaming' } as const
    await storage.save('c', change('1', { ...node('1'), message }))
    await atServerIs(['1'])
    const before = requests.length
    for (let i = 0; i < 5; i++)
      void storage.save('c', {
        writer: 'w',
        nodes: [],
        removed: [],
        growth: { key: '1', change: { p: [[0, 'x']] } },
      })
    expect(shownIn(storage.load('c') as StoredConversation)).toEqual(['1xxxxx'])
    expect(requests.slice(before).filter((line) => line.startsWith('POST'))).toEqual([])
  })
})
