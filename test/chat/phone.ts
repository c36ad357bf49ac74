import { effectScope } from 'vue'
import { keyValueStorage } from '../../src/chat/storage/key-value-storage.js'
import { useChat, useChannelStore, type UseChatOptions } from '../../src/index.js'
import type { DeviceStorage } from '../../src/platform/device-storage.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

let launches = 0

/** A device whose storage outlives its apps. */
export function createPhone() {
  const kept = new Map<string, string>()
  let written = 0
  /** Characters there is room for. */
  let room = Infinity
  const apps: (() => void)[] = []
  /** Tabs hear of what the others write, as a browser tells them: later, and never of their own. */
  const tabs = new Map<object, Set<(key: string) => void>>()

  function tellOthers(of: object, key: string) {
    for (const [tab, listeners] of tabs)
      if (tab !== of) for (const listener of listeners) queueMicrotask(() => listener(key))
  }

  function sizeOf(without: string) {
    let size = 0
    for (const [key, text] of kept) if (key !== without) size += key.length + text.length
    return size
  }

  /** An app of its own: it knows nothing of the others but what is stored. */
  function launch(options: UseChatOptions = {}, kind: 'app' | 'tab' = 'app') {
    let isAlive = true
    const own = {}
    const listeners = new Set<(key: string) => void>()
    if (kind === 'tab') tabs.set(own, listeners)
    const device: DeviceStorage = {
      get: (key) => kept.get(key),
      set(key, text) {
        if (!isAlive) return
        if (sizeOf(key) + key.length + text.length > room) throw new Error('QuotaExceededError')
        written += text.length
        kept.set(key, text)
        tellOthers(own, key)
      },
      remove(key) {
        if (isAlive && kept.delete(key)) tellOthers(own, key)
      },
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    const source = new ScriptedSource()
    const scope = effectScope()
    const key = `launch ${++launches}`
    const storage = keyValueStorage(device, '')
    const chat = scope.run(() => useChat({ source, id: 'talk', key, storage, ...options }))
    if (!chat) throw new Error('the scope is stopped')
    /** At once, as the system does it: nothing is written or sent any more. */
    function kill() {
      isAlive = false
      tabs.delete(own)
      scope.stop()
      useChannelStore().remove(key)
    }
    apps.push(kill)
    return { ...chat, source, storage, kill }
  }

  return {
    launch,
    open: (options: UseChatOptions = {}) => launch(options, 'tab'),
    kept,
    get written() {
      return written
    },
    fill(characters: number) {
      room = characters
    },
    off: () => apps.forEach((kill) => kill()),
  }
}
