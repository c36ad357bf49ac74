import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { memoryStorage, useChannelStore, useChat } from '../../../src/index.js'
import { ScriptedSource } from '../../helpers/scripted-source.js'
import { createPhone } from '../phone.js'
import { reply } from '../reply.js'
import { said } from '../said.js'

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

const text = (delta: string) => ({ type: 'text-delta', id: 't', delta })

describe('a storage with garbage in it', () => {
  const garbage = [
    '',
    'null',
    '5',
    '"x"',
    '{',
    '[]',
    '[1, null]',
    '[{}]',
    '{}',
    '{"v":1}',
    '{"v":"1"}',
    '{"v":-1}',
  ]
  const head = { v: 1, id: 'talk', title: 'T', rev: 1, count: 1, leaf: 'q', queue: [] }
  const more = [
    { ...head, queue: null },
    { ...head, queue: [null, {}, 'x'] },
    { ...head, count: 1e12 },
    { ...head, count: 'many' },
    { ...head, leaf: 7 },
    { ...head, title: 7 },
    { ...head, nodes: [null] },
  ].map((one) => JSON.stringify(one))
  const node = { key: 'q', message: { id: 'q', role: 'user', parts: [{ type: 'text', text: 'kept' }] } }
  const records = [
    'null',
    '{',
    '{"node":{}}',
    '{"gen":1,"node":{"key":"q"}}',
    '{"gen":1,"node":{"key":"q","message":null}}',
    '{"gen":1,"node":{"key":"q","message":{"id":"q","role":"user"}}}',
    '{"gen":1,"node":{"key":"q","message":{"id":"q","role":"user","parts":[null,5]}}}',
    JSON.stringify({ gen: 'x', node }),
    JSON.stringify({ gen: 1, node: { ...node, parent: 'q' } }),
  ]

  test.each([...garbage, ...more])('shows what there is of %s, and goes on', async (stored) => {
    if (stored !== '') phone.kept.set('talk', stored)
    phone.kept.set('talk/0', JSON.stringify({ gen: 1, node }))
    await goesOn()
  })

  test.each(records)('goes without the message %s', async (stored) => {
    phone.kept.set('talk', JSON.stringify(head))
    phone.kept.set('talk/0', stored)
    await goesOn()
  })

  test.each(['null', '{}', '[null]', '[[]]', '"x"', '[["a"]]'])('lists what it can of %s', async (stored) => {
    phone.kept.set('/list', stored)
    phone.kept.set('/touched', stored)
    await goesOn()
    expect(await phone.launch().storage.list()).toMatchObject([{ id: 'talk' }])
  })

  test('of the app’s own is told as a failure, and what is said is shown', async () => {
    for (const given of [null, 5, 'x', [], {}, { nodes: 5 }, { nodes: [null], queue: [], info: {} }]) {
      const storage = { ...memoryStorage(), load: () => given as never, list: () => given as never }
      const source = new ScriptedSource()
      const scope = effectScope()
      const { sendMessage, messages, error } = scope.run(() => useChat({ id: 'own', source, storage }))!
      const isNone = given !== null && !Array.isArray((given as { readonly nodes?: unknown }).nodes)
      expect([given, error.value?.code]).toEqual([given, isNone ? 'STORAGE_FAILED' : undefined])
      void sendMessage('one')
      await reply(source, text('1'))
      expect(said(messages.value)).toEqual(['user: one', 'assistant: 1 done'])
      scope.stop()
    }
  })

  async function goesOn() {
    const app = phone.launch()
    const before = app.messages.value.length
    void app.sendMessage('more')
    await reply(app.source, text('1'))
    expect(said(app.messages.value).slice(before)).toEqual(['user: more', 'assistant: 1 done'])
    const shown = said(app.messages.value)
    app.kill()
    expect(said(phone.launch().messages.value)).toEqual(shown)
  }
})
