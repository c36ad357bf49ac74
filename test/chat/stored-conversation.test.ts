import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ChannelError, messageText, useChannelStore, type ChatMessage } from '../../src/index.js'
import type { ScriptedSource } from '../helpers/scripted-source.js'
import { createPhone } from './phone.js'
import { said } from './said.js'

const delta = (text: string) => JSON.stringify({ type: 'text-delta', id: 't', delta: text })

/** All that a page can show of it. */
const plain = (messages: readonly ChatMessage[]) => JSON.parse(JSON.stringify(messages)) as unknown

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

const settled = () => vi.advanceTimersByTimeAsync(1)
const soon = () => vi.advanceTimersByTimeAsync(500)

async function answerWith(source: ScriptedSource, text: string) {
  source.open()
  source.event('a_0', delta(text))
  source.event('a_1', '[DONE]')
  await settled()
}

describe('after the app was killed', () => {
  test('in the middle of an answer, the next launch shows what was shown and reads the rest', async () => {
    const first = phone.launch()
    void first.sendMessage('one')
    first.source.open('named-by-the-server')
    for (const [index, piece] of ['Half ', 'of ', 'it'].entries()) {
      first.source.event(`a_${index}`, delta(piece))
      await soon()
    }
    const shown = plain(first.messages.value)
    first.kill()

    const next = phone.launch()
    expect(plain(next.messages.value)).toMatchObject([{}, { status: 'submitted' }])
    expect(messageText(next.messages.value[1]!)).toBe('Half of it')
    expect(shown).toMatchObject([{ role: 'user' }, { parts: [{ text: 'Half of it' }] }])
    expect(next.source.dials).toEqual(['read from the start'])
    expect(next.source.last.intent.channelId).toBe('named-by-the-server')
    await answerWith(next.source, 'Half of it, and the rest')
    expect(said(next.messages.value)).toEqual(['user: one', 'assistant: Half of it, and the rest done'])
  })

  test('after an answer, its parts, metadata and ids are all there, and nothing is asked', async () => {
    const first = phone.launch()
    void first.sendMessage({ text: 'one', metadata: { from: 'me' } })
    first.source.open()
    first.source.event('a_0', JSON.stringify({ type: 'start', messageId: 'm', messageMetadata: { a: 1 } }))
    first.source.event(
      'a_1',
      JSON.stringify({ type: 'tool-input-available', toolCallId: 'c', toolName: 'x', input: 1 }),
    )
    await soon()
    first.source.event('a_2', delta('text'))
    first.source.event('a_3', JSON.stringify({ type: 'finish', finishReason: 'length' }))
    first.source.event('a_4', '[DONE]')
    await settled()
    const shown = plain(first.messages.value)
    first.kill()
    const next = phone.launch()
    expect(plain(next.messages.value)).toEqual(shown)
    expect(next.source.dials).toEqual([])
  })

  test('before anything came, the answer is read, and asked again by retry() alone, with all that went with it', async () => {
    const first = phone.launch()
    void first.sendMessage('one', { body: { model: 'large' } })
    const id = first.messages.value[1]?.channelId
    first.kill()
    const next = phone.launch()
    expect(next.source.dials).toEqual(['read from the start'])
    expect(next.source.last.intent.channelId).toBe(id)
    next.source.lose(new ChannelError('CHANNEL_NOT_FOUND'))
    await settled()
    void next.retry()
    await settled()
    expect(next.source.dials).toEqual(['read from the start', 'start'])
    expect(next.source.last.intent).toMatchObject({ input: { model: 'large', trigger: 'submit-message' } })
  })

  test('messages that waited are sent in their order, each once', async () => {
    const first = phone.launch({ whenBusy: 'queue' })
    void first.sendMessage('one')
    first.source.open()
    void first.sendMessage('two')
    void first.sendMessage('three')
    await settled()
    expect(first.queue.value.map((message) => messageText(message))).toEqual(['two', 'three'])
    const [two] = first.queue.value
    first.kill()
    const next = phone.launch({ whenBusy: 'queue' })
    await answerWith(next.source, '1')
    await settled()
    expect(next.source.dials).toEqual(['read from the start', 'start'])
    expect(next.source.last.intent.channelId).toBe(two?.channelId)
    await answerWith(next.source, '2')
    await settled()
    await answerWith(next.source, '3')
    expect(said(next.messages.value)).toEqual([
      'user: one',
      'assistant: 1 done',
      'user: two',
      'assistant: 2 done',
      'user: three',
      'assistant: 3 done',
    ])
    expect(next.queue.value).toEqual([])
  })

  test('branches are there, with the one that was chosen', async () => {
    const first = phone.launch()
    void first.sendMessage('one')
    await answerWith(first.source, 'first')
    void first.regenerate()
    await answerWith(first.source, 'second')
    first.switchBranch(first.branches(first.messages.value[1]!.id).ids[0]!)
    first.kill()
    const next = phone.launch()
    expect(said(next.messages.value)).toEqual(['user: one', 'assistant: first done'])
    const { ids, index } = next.branches(next.messages.value[1]!.id)
    expect([ids.length, index]).toEqual([2, 0])
    next.switchBranch(ids[1]!)
    expect(said(next.messages.value)).toEqual(['user: one', 'assistant: second done'])
  })
})

describe('what is written', () => {
  test('an append costs the append, however long the conversation is', async () => {
    const chat = phone.launch()
    const costs: number[] = []
    for (let turn = 0; turn < 60; turn++) {
      const before = phone.written
      void chat.sendMessage('the same question')
      await answerWith(chat.source, 'the same answer')
      costs.push(phone.written - before)
    }
    expect(costs[59]).toBeLessThan(costs[5]! * 1.2)
  })

  test('an answer costs at most three times its own size', async () => {
    const chat = phone.launch()
    void chat.sendMessage('q')
    chat.source.open()
    let size = 0
    const before = phone.written
    for (let index = 0; index < 200; index++) {
      const piece = `word number ${index} of an answer, `
      size += piece.length
      chat.source.event(`a_${index}`, delta(piece))
      if (index % 4 === 0) await soon()
    }
    chat.source.event('a_200', '[DONE]')
    await settled()
    expect(phone.written - before).toBeLessThan(size * 3)
    expect(phone.written - before).toBeGreaterThan(size)
  })

  test('no room is told, nothing is lost of what is in view, and it is written when there is room again', async () => {
    const onError = vi.fn()
    const chat = phone.launch({ onError })
    void chat.sendMessage('one')
    phone.fill(100)
    await answerWith(chat.source, 'a long answer '.repeat(20))
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'STORAGE_FULL' })
    expect([chat.status.value, chat.error.value?.code]).toEqual(['ready', 'STORAGE_FULL'])
    phone.fill(Infinity)
    chat.clearError()
    expect(chat.error.value).toBeUndefined()
    void chat.sendMessage('two')
    await answerWith(chat.source, '2')
    const shown = said(chat.messages.value)
    chat.kill()
    expect(said(phone.launch().messages.value)).toEqual(shown)
  })

  test('messages that are dropped are gone, and an emptied conversation is empty', async () => {
    const chat = phone.launch()
    void chat.sendMessage('one')
    await answerWith(chat.source, '1')
    chat.setMessages((messages) => messages.slice(0, 1))
    expect(said(phone.launch().messages.value)).toEqual(['user: one'])
    chat.setMessages([])
    expect(phone.launch().messages.value).toEqual([])
  })
})

describe('two who write', () => {
  test('who is behind takes back nothing that is complete', async () => {
    const slow = phone.launch()
    void slow.sendMessage('one')
    slow.source.open()
    slow.source.event('a_0', delta('ha'))
    await soon()
    const fast = phone.launch()
    await answerWith(fast.source, 'half and half')
    slow.source.event('a_1', delta('lf'))
    await soon()
    slow.source.lose(new ChannelError('FORBIDDEN'))
    await settled()
    expect(said(phone.launch().messages.value)).toEqual(['user: one', 'assistant: half and half done'])
  })

  test('what both have added is all there', async () => {
    const one = phone.launch()
    const other = phone.launch()
    void one.sendMessage('from one')
    await answerWith(one.source, '1')
    void other.sendMessage('from the other')
    await answerWith(other.source, '2')
    const { nodes } = (await phone.launch().storage.load('talk')) ?? { nodes: [] }
    expect(nodes.map(({ message }) => messageText(message))).toEqual(['from one', '1', 'from the other', '2'])
  })
})

describe('formats', () => {
  test('a list of messages, as apps stored it themselves, is taken over', async () => {
    phone.kept.set(
      'talk',
      JSON.stringify([
        { id: 'q', role: 'user', parts: [{ type: 'text', text: 'one' }] },
        { id: 'a', role: 'assistant', parts: [{ type: 'text', text: '1' }], status: 'done' },
      ]),
    )
    const chat = phone.launch()
    expect(said(chat.messages.value)).toEqual(['user: one', 'assistant: 1 done'])
    void chat.sendMessage('two')
    await answerWith(chat.source, '2')
    chat.kill()
    expect(said(phone.launch().messages.value)).toHaveLength(4)
  })

  test('what a later version wrote is told, and left alone', async () => {
    phone.kept.set('talk', JSON.stringify({ v: 99, secret: 1 }))
    const onError = vi.fn()
    const chat = phone.launch({ onError })
    expect(chat.error.value?.code).toBe('STORAGE_NEWER')
    void chat.sendMessage('one')
    await answerWith(chat.source, '1')
    expect(phone.kept.get('talk')).toBe(JSON.stringify({ v: 99, secret: 1 }))
    expect(said(chat.messages.value)).toHaveLength(2)
  })
})
