import { createPinia, defineStore, type Pinia } from 'pinia'
import { computed, markRaw, onScopeDispose, reactive, shallowRef, triggerRef } from 'vue'
import { forUsers } from '../core/built-for.js'
import { inspectPinia } from '../development/inspect-pinia.js'
import type { Channel } from '../run/channel.js'
import { letGo } from '../run/let-go.js'
import { untrackedly } from '../run/untracked.js'
import { whenIdleFor } from '../run/when-idle-for.js'
import { appPinia, type AppPinia } from './app-pinia.js'
import type { StoreMembers } from './store-members.js'

/** The state of one channel, for lists and monitors. Reactive. */
export type ChannelSummary = Pick<Channel, 'key'> & {
  readonly [
    Name in 'status' | 'connection' | 'received' | 'bytes' | 'startedAt' | 'cursor' | 'error'
  ]: Channel[Name]['value']
}

/**
 * The channels of an app, and what is done with them. Spelled out, without Pinia's types: the package carries the
 * little it needs of Pinia, so an app that has none installs none.
 */
export interface ChannelStore extends StoreMembers<'uni-sse-channel'> {
  readonly channels: readonly ChannelSummary[]
  get(key: string): Channel | undefined
  /**
   * The channel of this key; made now if there is none.
   * @param keepMs how long one that nobody holds is kept after its run, in milliseconds. Default `Infinity`
   */
  ensure(key: string, create: () => Channel, keepMs?: number): Channel
  /** Somebody shows this channel: it stays for as long. Returns its undo. */
  hold(key: string): () => void
  stop(key: string): void
  stopAll(): void
  /** Stops the channel and forgets it. Pages that hold it keep what it has shown. */
  remove(key: string): void
  clear(): void
}

interface Entry {
  readonly channel: Channel
  readonly summary: ChannelSummary
  readonly keepMs: number
  holders: number
  /** Lets go of what waits for its end. */
  release: () => void
}

const useStore = defineStore('uni-sse-channel', () => {
  // Channels hold timers and connections, which must not be made reactive; their refs are reactive already.
  const entries = shallowRef(markRaw(new Map<string, Entry>()))

  const channels = computed(() => [...entries.value.values()].map((entry) => entry.summary))

  function get(key: string): Channel | undefined {
    return entries.value.get(key)?.channel
  }

  function ensure(key: string, create: () => Channel, keepMs = Infinity): Channel {
    const found = get(key)
    if (found) return found
    const channel = markRaw(create())
    const entry: Entry = {
      channel,
      summary: summarize(channel),
      keepMs,
      holders: 0,
      release: () => undefined,
    }
    entries.value.set(key, entry)
    triggerRef(entries)
    letGoLater(key, entry)
    return channel
  }

  function hold(key: string): () => void {
    const entry = entries.value.get(key)
    if (!entry) return () => undefined
    let isHeld = true
    entry.holders++
    entry.release()
    return () => {
      if (!isHeld) return
      isHeld = false
      if (--entry.holders === 0 && entries.value.get(key) === entry) letGoLater(key, entry)
    }
  }

  /** A channel that nobody shows is removed so long after its run. */
  function letGoLater(key: string, entry: Entry) {
    entry.release()
    if (entry.keepMs === Infinity) return
    entry.release = whenIdleFor(entry.channel, entry.keepMs, () => remove(key))
  }

  function stop(key: string) {
    get(key)?.stop()
  }

  function stopAll() {
    for (const { channel } of entries.value.values()) channel.stop()
  }

  function remove(key: string) {
    stop(key)
    const entry = entries.value.get(key)
    entry?.release()
    if (entry) letGo(entry.channel)
    if (entries.value.delete(key)) triggerRef(entries)
  }

  function clear() {
    for (const key of [...entries.value.keys()]) remove(key)
  }

  // store.$dispose(), or the end of its Pinia: nobody could see or stop them any more.
  onScopeDispose(clear)

  return {
    channels,
    get,
    ensure: untrackedly(ensure),
    hold: untrackedly(hold),
    stop: untrackedly(stop),
    stopAll: untrackedly(stopAll),
    remove: untrackedly(remove),
    clear: untrackedly(clear),
  }
})

function summarize(channel: Channel): ChannelSummary {
  const { key, status, connection, received, bytes, startedAt, cursor, error } = channel
  return reactive({ key, status, connection, received, bytes, startedAt, cursor, error })
}

let ownPinia: Pinia | undefined

/**
 * Every channel of the app: `channels` (key, status, connection, received, bytes, startedAt, cursor, error),
 * `get`, `stop`, `stopAll`, `remove`, `clear`.
 * @param pinia where the store lives. Default: the app's Pinia; where the app has none, one of its own
 */
export function useChannelStore(pinia: AppPinia | undefined = appPinia()): ChannelStore {
  if (!forUsers) inspectPinia(ownPinia !== undefined, pinia !== undefined)
  return useStore((pinia as Pinia | undefined) ?? (ownPinia ??= createPinia())) as unknown as ChannelStore
}
