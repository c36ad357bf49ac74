import { expect, test } from 'vitest'
import { effectScope, nextTick, ref, shallowRef } from 'vue'
import { useMessageWindow } from '../../pages/chat/use-message-window'
import type { ChatMessage } from '../../src/index.js'

const talk = (count: number): readonly ChatMessage[] =>
  Array.from({ length: count }, (_, index) => ({ id: `m${index}`, role: 'user', parts: [] }))

function open(count: number) {
  const messages = shallowRef(talk(count))
  const id = ref('a')
  const scope = effectScope()
  const window = scope.run(() => useMessageWindow(messages, id))
  if (!window) throw new Error('the scope has ended')
  const ids = () => window.shown.value.map((message) => message.id)
  return { messages, id, ids, ...window }
}

test('the newest are shown, also of a conversation that comes after its page', async () => {
  const { messages, ids, hasEarlier } = open(0)
  expect(hasEarlier.value).toBe(false)
  messages.value = talk(500)
  await nextTick()
  expect(ids()).toHaveLength(20)
  expect(ids()[19]).toBe('m499')
  expect(hasEarlier.value).toBe(true)
})

test('what comes below pushes nothing out above, and earlier ones come one at a time, to the first', () => {
  const { messages, ids, hasEarlier, showEarlier } = open(24)
  messages.value = talk(26)
  expect(ids()[0]).toBe('m4')
  expect(ids()).toHaveLength(22)
  showEarlier()
  expect(ids()[0]).toBe('m3')
  for (let more = 0; more < 4; more++) showEarlier()
  expect(ids()[0]).toBe('m0')
  expect(hasEarlier.value).toBe(false)
})

test('another conversation begins with its own newest', () => {
  const { messages, id, ids, showEarlier } = open(100)
  showEarlier()
  messages.value = talk(50)
  id.value = 'b'
  expect(ids()).toHaveLength(20)
  messages.value = talk(5)
  id.value = 'c'
  expect(ids()).toHaveLength(5)
})
