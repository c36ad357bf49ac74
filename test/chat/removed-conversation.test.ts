import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { keyValueStorage } from '../../src/chat/storage/key-value-storage.js'
import {
  memoryStorage,
  messageText,
  useChannelStore,
  useChat,
  useConversations,
  type ChatStorage,
} from '../../src/index.js'
import type { DeviceStorage } from '../../src/platform/device-storage.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const scopes: EffectScope[] = []
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  vi.useRealTimers()
})

const settled = () => vi.advanceTimersByTimeAsync(1)
/** Longer than a piece is shown and not stored. */
const soon = () => vi.advanceTimersByTimeAsync(500)

function setup<T>(make: () => T): T {
  const scope = effectScope()
  scopes.push(scope)
  return scope.run(make) as T
}

function talk(storage: ChatStorage, id: string) {
  const source = new ScriptedSource()
  return { ...setup(() => useChat({ id, storage, source })), source }
}

function answer(source: ScriptedSource, text: string) {
  source.open()
  source.event('a_0', JSON.stringify({ type: 'text-delta', id: 't', delta: text }))
  source.event('a_1', '[DONE]')
  return settled()
}

describe('a conversation that is removed while its answer is written', () => {
  const piece = JSON.stringify({ type: 'text-delta', id: 't', delta: 'more' })
  const traces = (kept: Map<string, string>) =>
    [...kept.keys()].filter((key) => !/\/(list|touched)$/.test(key))

  function tabs() {
    const kept = new Map<string, string>()
    const tab = () => keyValueStorage(tabOf(kept), '')
    return { kept, first: tab(), second: tab() }
  }

  /** A tab's view of what all tabs share; `late` tabs have not heard of a change yet. */
  function tabOf(kept: Map<string, string>): DeviceStorage & { hear(): void } {
    const listeners = new Set<(key: string) => void>()
    return {
      get: (key) => kept.get(key),
      set: (key, text) => void kept.set(key, text),
      remove: (key) => void kept.delete(key),
      subscribe(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      hear: () => listeners.forEach((listener) => listener('a')),
    }
  }

  test.each([undefined, 'own key'])('is stopped, and no late piece brings it back (key %s)', async (key) => {
    const { kept, first } = tabs()
    const list = setup(() => useConversations({ storage: first }))
    const source = new ScriptedSource()
    const chat = setup(() => useChat({ id: 'a', storage: first, source, ...(key && { key }) }))
    void chat.sendMessage('one')
    source.open()
    source.event('a_0', piece)
    await settled()
    await list.remove('a')
    source.event('a_1', piece)
    await soon()
    expect([traces(kept), first.list(), list.conversations.value]).toEqual([[], [], []])
    expect([source.live, chat.status.value]).toEqual([0, 'ready'])
  })

  test('in another tab, it is stopped here and stays removed, heard of at once or late', async () => {
    for (const isHeard of [true, false]) {
      const kept = new Map<string, string>()
      const here = tabOf(kept)
      const chat = talk(keyValueStorage(here, ''), 'a')
      void chat.sendMessage('one')
      chat.source.open()
      chat.source.event('a_0', piece)
      await settled()
      await keyValueStorage(tabOf(kept), '').remove('a')
      if (isHeard) here.hear()
      chat.source.event('a_1', piece)
      await soon()
      chat.source.event('a_2', '[DONE]')
      await soon()
      expect([isHeard, traces(kept), keyValueStorage(tabOf(kept), '').list()]).toEqual([isHeard, [], []])
      expect(chat.source.live).toBe(0)
      useChannelStore().clear()
    }
  })

  test('is written anew, as a whole, when its user says something in it', async () => {
    const { kept, first, second } = tabs()
    const chat = talk(first, 'a')
    void chat.sendMessage('one')
    await answer(chat.source, '1')
    await second.remove('a')
    await setup(() => useConversations({ storage: first })).remove('a')
    expect(traces(kept)).toEqual([])
    void chat.sendMessage('two')
    await answer(chat.source, '2')
    const stored = await second.load('a')
    expect(stored?.nodes.map(({ message }) => messageText(message))).toEqual(['one', '1', 'two', '2'])
  })

  test('waits for a write that is on its way, over a storage that takes its time', async () => {
    const storage = memoryStorage()
    const writes: (() => void)[] = []
    const slow: ChatStorage = {
      ...storage,
      save: (id, change) =>
        new Promise((resolve) => writes.push(() => resolve(storage.save(id, change) as undefined))),
    }
    const write = async () => {
      for (const next of writes.splice(0)) next()
      await settled()
    }
    const chat = talk(slow, 'a')
    void chat.sendMessage('one')
    await settled()
    const removed = setup(() => useConversations({ storage: slow })).remove('a')
    await settled()
    await write()
    await removed
    await write()
    expect([storage.load('a'), storage.list()]).toEqual([undefined, []])
  })
})
