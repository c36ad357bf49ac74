import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import {
  ChannelError,
  memoryStorage,
  messageText,
  useChannelStore,
  useChat,
  useConversations,
} from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'
import { createPhone } from './phone.js'
import { said } from './said.js'

const delta = (text: string) => JSON.stringify({ type: 'text-delta', id: 't', delta: text })

let phone: ReturnType<typeof createPhone>
beforeEach(() => {
  vi.useFakeTimers()
  phone = createPhone()
})
afterEach(() => {
  phone.off()
  useChannelStore().clear()
  vi.useRealTimers()
})

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms)

async function answerWith(source: ScriptedSource, text: string) {
  source.open()
  source.event('a_0', delta(text))
  source.event('a_1', '[DONE]')
  await after(1)
}

describe('a tab whose neighbour writes an answer', () => {
  /** One writes, the other sees it. */
  async function writing() {
    const [one, other] = [phone.open({ whenBusy: 'queue' }), phone.open({ whenBusy: 'queue' })]
    void one.sendMessage('one')
    one.source.open('named-by-the-server')
    one.source.event('a_0', delta('half'))
    await after(500)
    expect(said(other.messages.value)).toEqual(['user: one', 'assistant: half streaming'])
    return { one, other }
  }

  test('reads on when that is silent for long, and shows the rest', async () => {
    const { one, other } = await writing()
    one.kill()
    await after(29_000)
    expect(other.source.dials).toEqual([])
    await after(2_000)
    expect(other.source.dials).toEqual(['read from the start'])
    expect(other.source.last.intent.channelId).toBe('named-by-the-server')
    await answerWith(other.source, 'half, and the rest')
    expect(said(other.messages.value)).toEqual(['user: one', 'assistant: half, and the rest done'])
    expect(said(phone.launch().messages.value)).toEqual(said(other.messages.value))
  })

  test('does not while that goes on, nor when it has ended', async () => {
    const { one, other } = await writing()
    for (let index = 1; index < 5; index++) {
      await after(20_000)
      one.source.event(`a_${index}`, delta(' more'))
    }
    await after(500)
    one.source.event('a_5', '[DONE]')
    await after(120_000)
    expect(other.source.dials).toEqual([])
    expect(said(other.messages.value)).toEqual(['user: one', 'assistant: half more more more more done'])
  })

  test('asks for nothing that waits for a network there', async () => {
    const { one, other } = await writing()
    one.source.event('a_1', '[DONE]')
    await after(1)
    const stored = await one.storage.load('talk')
    const [question, answer] = stored?.nodes ?? []
    const waiting = {
      ...answer!,
      key: 'w',
      parent: question!.key,
      message: { id: 'w', role: 'assistant', parts: [], status: 'submitted', channelId: 'x'.repeat(24) },
      request: { trigger: 'submit-message', messageId: 'q', isUnsent: true },
    } as const
    const frame = { leaf: 'w', queue: [], info: {} }
    await one.storage.save('talk', { writer: 'w', nodes: [waiting], removed: [], frame })
    await after(120_000)
    expect(other.messages.value.at(-1)?.id).toBe('w')
    expect(other.source.dials).toEqual([])
  })
})

describe('a conversation that is removed', () => {
  test('in another tab while its answer is written is stopped here, and does not come back by itself', async () => {
    const [one, other] = [phone.open(), phone.open()]
    void one.sendMessage('one')
    one.source.open()
    one.source.event('a_0', delta('half'))
    await after(500)
    await other.storage.remove('talk')
    await after(1)
    expect(one.source.live).toBe(0)
    one.source.event('a_1', delta(' more'))
    await after(5_000)
    expect(await other.storage.load('talk')).toBeUndefined()
    expect(await other.storage.list()).toEqual([])
    expect([...phone.kept.keys()].filter((key) => key.startsWith('talk'))).toEqual([])
    // Whoever goes on in it wants it: it is written anew, as a whole.
    void one.sendMessage('again')
    await answerWith(one.source, 'yes')
    expect(said(other.messages.value)).toEqual(said(one.messages.value))
    expect(said(other.messages.value)).toHaveLength(4)
  })

  test('from the list is gone also where its page has given it a key', async () => {
    const source = new ScriptedSource()
    const storage = memoryStorage()
    const scope = effectScope()
    const { chat, list } = scope.run(() => ({
      chat: useChat({ source, id: 'c', key: 'own', storage }),
      list: useConversations({ storage }),
    }))!
    void chat.sendMessage('one')
    source.open()
    source.event('a_0', delta('half'))
    await after(500)
    await list.remove('c')
    await after(5_000)
    expect([list.conversations.value, await storage.list()]).toEqual([[], []])
    expect(source.live).toBe(0)
    scope.stop()
  })
})

describe('what only one tab has', () => {
  test('for want of room is not lost when another one writes, and is stored as soon as there is room', async () => {
    const [one, other] = [phone.open(), phone.open()]
    void one.sendMessage('one')
    await answerWith(one.source, '1')
    phone.fill(0)
    void one.sendMessage('unstored')
    await answerWith(one.source, 'a long answer '.repeat(20))
    expect(one.error.value?.code).toBe('STORAGE_FULL')
    phone.fill(Infinity)
    void other.sendMessage('two')
    await answerWith(other.source, '2')
    const { nodes = [] } = (await other.storage.load('talk')) ?? {}
    const texts = nodes.map(({ message }) => messageText(message).trim())
    expect(texts.sort()).toEqual(['1', '2', 'a long answer '.repeat(20).trim(), 'one', 'two', 'unstored'])
    expect(nodes.every(({ parent }) => parent === undefined || nodes.some(({ key }) => key === parent))).toBe(
      true,
    )
    const { ids } = one.branches(one.messages.value[2]!.id)
    expect(ids).toHaveLength(2)
  })
})

describe('a conversation in which nothing is said', () => {
  test('is not listed, whatever is done with it', async () => {
    const chat = phone.launch()
    await chat.stop()
    chat.setMessages([])
    await chat.resumeStream()
    await expect(chat.regenerate()).rejects.toMatchObject({
      code: 'BAD_OPTIONS',
    } satisfies Partial<ChannelError>)
    await after(1_000)
    expect(await chat.storage.list()).toEqual([])
  })
})

describe('two storages of one app', () => {
  test('keep conversations of one id apart: nobody is shown another user’s', async () => {
    const [ann, bob] = [memoryStorage(), memoryStorage()]
    const scope = effectScope()
    const open = (storage: typeof ann) => {
      const source = new ScriptedSource()
      return { source, storage, ...scope.run(() => useChat({ source, id: 'assistant', storage }))! }
    }
    const first = open(ann)
    void first.sendMessage('of ann')
    await answerWith(first.source, '1')
    const second = open(bob)
    expect(second.messages.value).toEqual([])
    void second.sendMessage('of bob')
    await answerWith(second.source, '2')
    expect(said(first.messages.value)).toEqual(['user: of ann', 'assistant: 1 done'])
    const titles = async (storage: typeof ann) => (await storage.list()).map(({ title }) => title)
    expect([await titles(ann), await titles(bob)]).toEqual([['of ann'], ['of bob']])
    // Pages of one storage share it.
    expect(said(open(ann).messages.value)).toEqual(said(first.messages.value))
    scope.stop()
  })
})
