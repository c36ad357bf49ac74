import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, watch } from 'vue'
import { messageText, useChannelStore, useChat } from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'
import { createPhone } from './phone.js'

const scope = effectScope()
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  useChannelStore().clear()
  vi.useRealTimers()
})

const delta = (text: string) => JSON.stringify({ type: 'text-delta', id: 't', delta: text })

/** All that a page that shows the answer has seen of it. */
function seenOf(messages: { readonly value: readonly Parameters<typeof messageText>[0][] }) {
  const seen: string[] = []
  scope.run(() =>
    watch(
      () => (messages.value[1] ? messageText(messages.value[1]) : ''),
      (text) => seen.push(text),
      { flush: 'sync' },
    ),
  )
  return seen
}

/** Pieces `0 `, `1 `, … one every 20 ms. */
async function pieces(source: ScriptedSource, from: number, to: number) {
  for (let index = from; index < to; index++) {
    source.event(`a_${index}`, delta(`${index} `))
    await vi.advanceTimersByTimeAsync(20)
  }
}

const textOf = (to: number) => Array.from({ length: to }, (_, index) => `${index} `).join('')

test('a page sees the first piece at once, then one update in the time that was given, and the end at once', async () => {
  const source = new ScriptedSource()
  const { messages, sendMessage } = useChat({ source, throttle: 100 })
  const seen = seenOf(messages)
  void sendMessage('one')
  source.open()
  await vi.advanceTimersByTimeAsync(500)
  await pieces(source, 0, 10)
  // At 0, 100 and, of what came up to 180, at 200.
  expect(seen).toEqual(['0 ', textOf(5), textOf(10)])
  await pieces(source, 10, 12)
  expect(seen).toHaveLength(3)
  source.event('a_12', '[DONE]')
  await vi.advanceTimersByTimeAsync(0)
  expect(seen.slice(3)).toEqual([textOf(12)])
  expect(messages.value[1]?.status).toBe('done')
})

test('the next answer shows nothing of the one before it', async () => {
  const source = new ScriptedSource()
  const { messages, sendMessage, regenerate } = useChat({ source, throttle: 1000 })
  void sendMessage('one')
  source.open()
  source.event('a_0', delta('first'))
  source.event('a_1', '[DONE]')
  await vi.advanceTimersByTimeAsync(0)
  void regenerate()
  expect(messageText(messages.value[1]!)).toBe('')
})

test('what is stored is not behind for it', async () => {
  const phone = createPhone()
  const first = phone.launch({ throttle: 60_000 })
  void first.sendMessage('one')
  first.source.open()
  await pieces(first.source, 0, 50)
  expect(messageText(first.messages.value[1]!)).toBe('0 ')
  first.kill()
  expect(messageText(phone.launch().messages.value[1]!).length).toBeGreaterThan(textOf(20).length)
  phone.off()
})

test('without it each piece is seen; a wrong one is refused', async () => {
  const source = new ScriptedSource()
  const { messages, sendMessage } = useChat({ source })
  const seen = seenOf(messages)
  void sendMessage('one')
  source.open()
  await pieces(source, 0, 5)
  expect(seen).toHaveLength(5)
  expect(() => useChat({ throttle: -1 })).toThrow(/throttle/)
  expect(() => useChat({ throttle: '50' as never })).toThrow(/throttle/)
})
