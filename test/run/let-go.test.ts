import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { letGo, onLetGo } from '../../src/run/let-go.js'
import type { Channel } from '../../src/run/channel.js'
import { memoryStorage, useChannelStore, useChat } from '../../src/index.js'

it('undoes what listens on behalf of a channel, once', () => {
  const channel = {} as Channel
  const undone: string[] = []
  onLetGo(channel, () => undone.push('a'))
  onLetGo(channel, () => undone.push('b'))
  letGo(channel)
  letGo(channel)
  expect(undone).toEqual(['a', 'b'])
})

it('leaves a storage nobody to tell when a stored conversation is removed', () => {
  setActivePinia(createPinia())
  const storage = memoryStorage()
  let listeners = 0
  const counted = {
    ...storage,
    subscribe(listener: Parameters<typeof storage.subscribe>[0]) {
      listeners++
      const undo = storage.subscribe(listener)
      return () => {
        listeners--
        undo()
      }
    },
  }
  useChat({ key: 'left', storage: counted, url: 'http://127.0.0.1:9/chat' })
  expect(listeners).toBe(1)
  useChannelStore().remove('left')
  expect(listeners).toBe(0)
})
