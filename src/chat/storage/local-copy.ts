import type { DeviceStorage } from '../../platform/device-storage.js'
import { listOf } from '../../vendors/fields.js'
import { quietly } from '../../platform/quietly.js'
import type { ChatStorage, ConversationChange, ConversationInfo, StoredConversation } from './chat-storage.js'
import { keyValueStorage } from './key-value-storage.js'

type Listener = Parameters<ChatStorage['subscribe']>[0]

/** What the device has of the conversations of a server. */
export interface LocalCopy {
  load(id: string): StoredConversation | undefined
  /**
   * False: another tab has removed it, and nothing is written.
   * @throws {ChannelError} STORAGE_FULL
   */
  save(id: string, change: ConversationChange): boolean
  /** The copy becomes this, as far as there is room. False: it was. */
  become(id: string, next: StoredConversation, former: StoredConversation | undefined): boolean
  /** The server's count of changes that it was made from. */
  rev(id: string): number | undefined
  setRev(id: string, rev: number): void
  forget(id: string): void
  list(): readonly ConversationInfo[]
  /** The server's list, as it was last. */
  listed(): readonly ConversationInfo[]
  setListed(list: readonly ConversationInfo[]): void
  /** Somebody is being told of a change just now: what is here is what they are told of. */
  readonly isTelling: boolean
  tell(id: string, writer?: string): void
  subscribe(listener: Listener): () => void
}

export function createLocalCopy(device: DeviceStorage, prefix: string): LocalCopy {
  const storage = keyValueStorage(device, prefix)
  const listeners = new Set<Listener>()
  const listKey = `${prefix}/http/list`
  const revKey = (id: string) => `${prefix}/http/rev/${encodeURIComponent(id)}`
  let isQuiet = false

  /** Whoever listens is told when all of it is done, not of its pieces. */
  function inSilence(act: () => void) {
    const before = isQuiet
    isQuiet = true
    try {
      act()
    } finally {
      isQuiet = before
    }
  }

  /** Without room for it nothing is lost: the server has it. */
  const roomPermitting = (act: () => void) => inSilence(() => void quietly(act))

  // All of it is done when the call returns: it is the device's.
  const load = (id: string) => storage.load(id) as StoredConversation | undefined

  return {
    load,
    save(id, change) {
      inSilence(() => storage.save(id, change))
      return storage.has(id)
    },

    become(id, next, former) {
      const before = new Map((former?.nodes ?? []).map((node) => [node.key, JSON.stringify(node)]))
      const nodes = next.nodes.filter((node) => before.get(node.key) !== JSON.stringify(node))
      const keys = new Set(next.nodes.map(({ key }) => key))
      const removed = [...before.keys()].filter((key) => !keys.has(key))
      const { leaf, queue, info } = next
      const isSameFrame = former !== undefined && frameOf(former) === frameOf(next)
      if (nodes.length === 0 && removed.length === 0 && isSameFrame) return false
      roomPermitting(() =>
        storage.save(id, { writer: 'server', nodes, removed, frame: { leaf, queue, info } }),
      )
      return true
    },

    rev(id) {
      const rev = Number(device.get(revKey(id)))
      return Number.isSafeInteger(rev) ? rev : undefined
    },
    setRev: (id, rev) => roomPermitting(() => device.set(revKey(id), String(rev))),

    forget(id) {
      inSilence(() => storage.remove(id))
      device.remove(revKey(id))
    },

    list: () => storage.list() as readonly ConversationInfo[],
    listed: () =>
      listOf(quietly(() => JSON.parse(device.get(listKey) ?? '[]'))) as readonly ConversationInfo[],
    setListed: (list) => roomPermitting(() => device.set(listKey, JSON.stringify(list))),

    get isTelling() {
      return isQuiet
    },
    tell: (id, writer) =>
      inSilence(() => {
        for (const listener of [...listeners]) listener(id, writer)
      }),
    subscribe(listener) {
      listeners.add(listener)
      const undo = storage.subscribe((id, writer) => {
        if (!isQuiet) listener(id, writer)
      })
      return () => {
        listeners.delete(listener)
        undo()
      }
    },
  }
}

const frameOf = ({ leaf, queue, info }: StoredConversation) => JSON.stringify([leaf, queue, info])
