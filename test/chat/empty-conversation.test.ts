import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { memoryStorage, useChannelStore, useChat } from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })

// Before anything asks which platform this is: that is found out once.
beforeAll(() => {
  vi.stubGlobal('window', page)
  vi.stubGlobal('document', page)
  vi.stubGlobal('navigator', { onLine: true })
})
afterEach(() => useChannelStore().clear())

const hide = () => page.dispatchEvent(new Event('pagehide'))

function open(storage: ReturnType<typeof memoryStorage>) {
  const source = new ScriptedSource()
  const scope = effectScope()
  const chat = scope.run(() => useChat({ id: 'a', storage, source }))
  if (!chat) throw new Error('the scope is stopped')
  return { ...chat, source, leave: () => scope.stop() }
}

test('a conversation in which nothing was ever said is not stored when the page is hidden, emptied or left', () => {
  const storage = memoryStorage()
  const chat = open(storage)
  hide()
  chat.setMessages([])
  chat.leave()
  hide()
  expect([storage.list(), storage.load('a')]).toEqual([[], undefined])
})

test('once something was said in it, it is stored, and stays when all is taken back', () => {
  const storage = memoryStorage()
  const chat = open(storage)
  void chat.sendMessage('one')
  chat.source.open()
  hide()
  expect(storage.list()).toMatchObject([{ id: 'a', title: 'one' }])
  chat.setMessages([])
  hide()
  expect(storage.list()).toMatchObject([{ id: 'a', title: 'one' }])
})
