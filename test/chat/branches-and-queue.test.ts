import { afterEach, describe, expect, test } from 'vitest'
import { effectScope, ref, type EffectScope } from 'vue'
import { messageText, useChannelStore, useChat, type UseChatOptions } from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const tick = () => new Promise<void>((resolve) => setTimeout(resolve))
const scopes: EffectScope[] = []
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
})

function chat(options: UseChatOptions = {}) {
  const source = new ScriptedSource()
  const scope = effectScope()
  scopes.push(scope)
  const made = scope.run(() => useChat({ source, ...options }))
  if (!made) throw new Error('the scope is stopped')
  const texts = () => made.messages.value.map((message) => messageText(message))
  const { sendMessage } = made
  async function answer(text: string) {
    source.open()
    source.event('a_0', JSON.stringify({ type: 'text-delta', id: 't', delta: text }))
    source.event('a_1', '[DONE]')
    await tick()
  }
  async function turn(question: string, text: string) {
    void sendMessage(question)
    await answer(text)
  }
  return { source, texts, answer, turn, ...made }
}

const sentTexts = ({ last }: ScriptedSource) =>
  (last.intent as unknown as { input: { messages: never[] } }).input.messages.map((message) =>
    messageText(message),
  )

describe('branches', () => {
  test('an edited question keeps the former one and all that followed it', async () => {
    const { source, texts, answer, turn, messages, sendMessage, branches, switchBranch } = chat()
    await turn('one', '1')
    await turn('two', '2')
    const edited = messages.value[0]!.id
    void sendMessage({ text: 'uno', messageId: edited })
    expect(sentTexts(source)).toEqual(['uno'])
    expect(source.last.intent).toMatchObject({ input: { trigger: 'submit-message', messageId: edited } })
    await answer('I')
    expect(texts()).toEqual(['uno', 'I'])
    expect(branches(messages.value[0]!.id)).toEqual({ ids: [edited, messages.value[0]!.id], index: 1 })
    switchBranch(edited)
    expect(texts()).toEqual(['one', '1', 'two', '2'])
    await turn('three', '3')
    expect(sentTexts(source)).toEqual(['one', '1', 'two', '2', 'three'])
  })

  test('an answer that was asked for again is a sibling, and the request holds the path that was chosen', async () => {
    const { source, texts, answer, turn, messages, regenerate, branches, switchBranch } = chat()
    await turn('one', '1')
    void regenerate()
    await answer('I')
    const { ids, index } = branches(messages.value[1]!.id)
    expect([ids.length, index]).toEqual([2, 1])
    switchBranch(ids[0]!)
    await turn('two', '2')
    expect(sentTexts(source)).toEqual(['one', '1', 'two'])
    switchBranch(ids[1]!)
    expect(texts()).toEqual(['one', 'I'])
  })

  test('are not switched while an answer is being written, and edits need a question', async () => {
    const { turn, messages, sendMessage, switchBranch, branches } = chat()
    await turn('one', '1')
    const id = messages.value[1]!.id
    await expect(sendMessage({ text: 'x', messageId: id })).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
    expect(() => branches('nobody')).toThrow(/nobody/)
    void sendMessage('two')
    expect(() => switchBranch(id)).toThrow(expect.objectContaining({ code: 'RUN_ACTIVE' }))
  })
})

describe('a message that is sent while an answer is being written', () => {
  test('waits its turn, can be changed meanwhile, and its promise is that of its own answer', async () => {
    const { source, texts, answer, sendMessage, queue } = chat({ whenBusy: 'queue' })
    void sendMessage('one')
    const second = sendMessage('two')
    const third = sendMessage('three')
    await tick()
    queue.value = queue.value
      .filter((message) => messageText(message) !== 'three')
      .map((message) => ({ ...message, parts: [{ type: 'text', text: 'zwei' }] }))
    expect(await third).toBe('stopped')
    await answer('1')
    expect(queue.value).toEqual([])
    expect(sentTexts(source)).toEqual(['one', '1', 'zwei'])
    await answer('2')
    expect(await second).toBe('done')
    expect(texts()).toEqual(['one', '1', 'zwei', '2'])
  })

  test('goes on waiting after a stop, until something is sent again', async () => {
    const { source, sendMessage, stop, queue, answer, texts } = chat({ whenBusy: 'queue' })
    void sendMessage('one')
    source.open()
    void sendMessage('two')
    await tick()
    await stop()
    expect([source.dials.length, queue.value.length]).toEqual([1, 1])
    void sendMessage('three')
    await tick()
    await answer('2')
    await answer('3')
    expect(texts().slice(-4)).toEqual(['two', '2', 'three', '3'])
  })

  test('takes the place of the answer, whose producer is told', async () => {
    const { source, sendMessage, messages } = chat({ whenBusy: 'replace' })
    void sendMessage('one')
    source.open()
    void sendMessage('two')
    await tick()
    expect(source.stops).toHaveLength(1)
    expect(source.dials).toEqual(['start', 'start'])
    expect(messages.value.map(({ status }) => status)).toEqual([undefined, 'stopped', undefined, 'submitted'])
  })

  test('stop() resolves when the answer has come to its end', async () => {
    const finished: boolean[] = []
    const { source, sendMessage, stop } = chat({ onFinish: ({ isAbort }) => void finished.push(isAbort) })
    void sendMessage('one')
    source.open()
    await stop()
    expect(finished).toEqual([true])
  })
})

describe('reactive options', () => {
  test('another id shows another conversation; the first one is there again when its id is', async () => {
    const id = ref('a')
    const { texts, turn, messages, id: shown } = chat({ id })
    await turn('one', '1')
    id.value = 'b'
    expect([shown.value, texts()]).toEqual(['b', []])
    await turn('two', '2')
    id.value = 'a'
    expect(texts()).toEqual(['one', '1'])
    messages.value = []
    expect(texts()).toEqual([])
  })

  test('other messages replace those that are there', () => {
    const given = ref([{ id: 'q', role: 'user' as const, parts: [{ type: 'text' as const, text: 'one' }] }])
    const { texts, setMessages } = chat({ messages: given })
    given.value = []
    expect(texts()).toEqual([])
    expect(() => setMessages(7 as never)).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
  })

  test('a storage needs a name for what is stored', () => {
    expect(() => chat({ storage: { load: () => undefined } as never })).toThrow(/needs an id/)
  })
})
