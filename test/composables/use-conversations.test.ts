import { afterEach, expect, test } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import { memoryStorage, messageText, useChannelStore, useChat, useConversations } from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const tick = () => new Promise<void>((resolve) => setTimeout(resolve))
const scopes: EffectScope[] = []
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
})

function setup<T>(make: () => T): T & { leave(): void } {
  const scope = effectScope()
  scopes.push(scope)
  return { ...(scope.run(make) as T & object), leave: () => scope.stop() } as T & { leave(): void }
}

function talk(storage: ReturnType<typeof memoryStorage>, id: string) {
  const source = new ScriptedSource()
  const chat = setup(() => useChat({ id, storage, source }))
  function answer(text: string) {
    source.open()
    source.event('a_0', JSON.stringify({ type: 'text-delta', id: 't', delta: text }))
    source.event('a_1', '[DONE]')
    return tick()
  }
  return { ...chat, source, answer }
}

test('a conversation is listed with its first question, pinned ones first, and found by its title', async () => {
  const storage = memoryStorage()
  const list = setup(() => useConversations({ storage }))
  const [first, second] = [list.create(), list.create()]
  for (const [id, question] of [
    [first, 'How do I cook rice?'],
    [second, '天气怎么样'],
  ] as const) {
    const chat = talk(storage, id)
    void chat.sendMessage(question)
    await chat.answer('so')
    chat.leave()
  }
  expect(list.conversations.value.map(({ title }) => title).sort()).toEqual([
    'How do I cook rice?',
    '天气怎么样',
  ])
  await list.pin(first, true)
  await nextTick()
  expect(list.conversations.value[0]).toMatchObject({ id: first, isPinned: true })
  await list.rename(second, 'Weather')
  await nextTick()
  list.search.value = 'weath'
  expect(list.conversations.value.map(({ id }) => id)).toEqual([second])
  list.search.value = ''
  await list.remove(first)
  await nextTick()
  expect(list.conversations.value.map(({ id }) => id)).toEqual([second])
  expect(talk(storage, first).messages.value).toEqual([])
})

test('a conversation goes on while another one is open, and is unread until it is opened', async () => {
  const storage = memoryStorage()
  const list = setup(() => useConversations({ storage }))
  const first = talk(storage, 'first')
  void first.sendMessage('one')
  first.leave()
  const second = talk(storage, 'second')
  void second.sendMessage('two')
  await first.answer('1')
  await nextTick()
  expect(list.conversations.value.find(({ id }) => id === 'first')?.isUnread).toBe(true)
  const again = talk(storage, 'first')
  expect(again.messages.value.map((message) => messageText(message))).toEqual(['one', '1'])
  await nextTick()
  expect(list.conversations.value.find(({ id }) => id === 'first')?.isUnread).toBe(false)
})

test('a title that was given is not taken back by what is said next', async () => {
  const storage = memoryStorage()
  const list = setup(() => useConversations({ storage }))
  const chat = talk(storage, 'a')
  void chat.sendMessage('one')
  await chat.answer('1')
  await list.rename('a', 'Mine')
  void chat.sendMessage('two')
  await chat.answer('2')
  expect(list.conversations.value[0]?.title).toBe('Mine')
})

test('long lists come in pages', async () => {
  const storage = memoryStorage()
  for (let index = 0; index < 120; index++)
    await storage.save(`c${index}`, {
      writer: 'w',
      nodes: [],
      removed: [],
      frame: { leaf: undefined, queue: [], info: { title: `number ${index}`, updatedAt: index } },
    })
  const { conversations, hasMore, loadMore } = setup(() => useConversations({ storage }))
  expect([conversations.value.length, conversations.value[0]?.title]).toEqual([50, 'number 119'])
  loadMore()
  loadMore()
  expect([conversations.value.length, hasMore.value]).toEqual([120, false])
})
