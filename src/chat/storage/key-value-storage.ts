import { ChannelError } from '../../core/channel-error.js'
import type { DeviceStorage } from '../../platform/device-storage.js'
import type { MessageNode } from '../message-tree.js'
import type { QueuedMessage } from '../message-queue.js'
import type { ChatStorage, ConversationChange, ConversationInfo, StoredConversation } from './chat-storage.js'
import { isFurther } from './is-further.js'
import { withChange, type PartsChange } from './parts-change.js'
import { readHead, VERSION, type Head } from './stored-head.js'

/** Ids of conversations to a record of the list. */
const PAGE = 50

/**
 * Conversations over texts by key. Each message has a record of its own, and so has each piece of an answer that is being
 * written: `ID` the head, `ID/3` the fourth message, `ID/3/0` its first piece.
 */
export function keyValueStorage(device: DeviceStorage, prefix: string): ChatStorage {
  const listeners = new Set<(id: string, writer: string | undefined) => void>()
  /** Which record a message has, as it was read or written last; `rev` tells whether that still holds. */
  const known = new Map<string, { rev: number; slots: Map<string, number>; pieces: Map<string, number> }>()

  const headKey = (id: string) => `${prefix}${encodeURIComponent(id)}`
  const nodeKey = (id: string, slot: number) => `${headKey(id)}/${slot}`
  const pieceKey = (id: string, slot: number, piece: number) => `${nodeKey(id, slot)}/${piece}`

  function read<T>(key: string): T | undefined {
    const text = device.get(key)
    if (text === undefined) return undefined
    try {
      return JSON.parse(text) as T
    } catch {
      return undefined
    }
  }

  function write(key: string, value: unknown) {
    try {
      device.set(key, JSON.stringify(value))
    } catch (thrown) {
      throw new ChannelError('STORAGE_FULL', undefined, { cause: thrown })
    }
  }

  function headOf(id: string): Head | undefined {
    return readHead(read(headKey(id)), id)
  }

  function readNode(id: string, slot: number): { node: MessageNode; pieces: number } | undefined {
    let node = read<MessageNode>(nodeKey(id, slot))
    if (!node) return undefined
    let pieces = 0
    for (;;) {
      const piece = read<PartsChange>(pieceKey(id, slot, pieces))
      if (!piece) return { node, pieces }
      node = { ...node, message: withChange(node.message, piece) }
      pieces++
    }
  }

  function readNodes(id: string, head: Head): readonly MessageNode[] {
    // As it was before there were records: all in one.
    if (head.nodes) {
      known.delete(id)
      return head.nodes
    }
    const slots = new Map<string, number>()
    const pieces = new Map<string, number>()
    const nodes: MessageNode[] = []
    for (let slot = 0; slot < head.count; slot++) {
      const found = readNode(id, slot)
      if (!found) continue
      nodes.push(found.node)
      slots.set(found.node.key, slot)
      pieces.set(found.node.key, found.pieces)
    }
    known.set(id, { rev: head.rev, slots, pieces })
    return nodes
  }

  function dropPieces(id: string, slot: number) {
    for (let piece = 0; device.get(pieceKey(id, slot, piece)) !== undefined; piece++)
      device.remove(pieceKey(id, slot, piece))
  }

  function recordsOf(id: string, head: Head) {
    if (known.get(id)?.rev !== head.rev) readNodes(id, head)
    const records = known.get(id) ?? {
      rev: head.rev,
      slots: new Map<string, number>(),
      pieces: new Map<string, number>(),
    }
    known.set(id, records)
    return records
  }

  function save(id: string, change: ConversationChange) {
    const found = headOf(id)
    // Only its frame is to change, and there is nothing of it.
    const { nodes, growth, removed, frame, writer } = change
    const former = found ?? newHead(id)
    const records = recordsOf(id, former)
    if (growth && nodes.length === 0 && removed.length === 0 && !frame) {
      const slot = records.slots.get(growth.key)
      // Another one has written since: what comes to its end here is written as a whole.
      if (slot === undefined || former.writer !== writer) return
      const piece = records.pieces.get(growth.key) ?? 0
      write(pieceKey(id, slot, piece), growth.change)
      records.pieces.set(growth.key, piece + 1)
      tell(id, writer)
      return
    }
    let { count } = former
    const all = former.nodes ? [...former.nodes, ...nodes] : nodes
    for (const node of all) {
      const slot = records.slots.get(node.key) ?? count++
      const stored = records.slots.has(node.key) ? readNode(id, slot)?.node : undefined
      if (stored && isFurther(stored.message, node.message)) continue
      write(nodeKey(id, slot), node)
      dropPieces(id, slot)
      records.slots.set(node.key, slot)
      records.pieces.set(node.key, 0)
    }
    for (const key of removed) {
      const slot = records.slots.get(key)
      if (slot === undefined) continue
      device.remove(nodeKey(id, slot))
      dropPieces(id, slot)
      records.slots.delete(key)
    }
    const { nodes: _nodes, ...kept } = former
    const { leaf = former.leaf, queue = former.queue, info = {} } = frame ?? {}
    const head: Head = { ...kept, ...info, id, v: VERSION, rev: former.rev + 1, count, writer, leaf, queue }
    write(headKey(id), frame && frame.leaf === undefined ? { ...head, leaf: undefined } : head)
    records.rev = head.rev
    if (!found) addToList(id)
    tell(id, writer)
  }

  function tell(id: string, writer: string | undefined) {
    for (const listener of [...listeners]) listener(id, writer)
  }

  const listKey = (page: number) => `${prefix}/${page}`

  function ids(): string[] {
    const all: string[] = []
    for (let page = 0; ; page++) {
      const some = read<string[]>(listKey(page))
      if (!some) return all
      all.push(...some)
    }
  }

  function addToList(id: string) {
    let page = 0
    let some = read<string[]>(listKey(page)) ?? []
    while (some.length >= PAGE) some = read<string[]>(listKey(++page)) ?? []
    if (!some.includes(id)) write(listKey(page), [...some, id])
  }

  return {
    load(id) {
      const head = headOf(id)
      if (!head) return undefined
      const { leaf, queue } = head
      return { info: infoOf(head), nodes: readNodes(id, head), leaf, queue } satisfies StoredConversation
    },
    save,
    list: () =>
      ids().flatMap((id) => {
        const head = headOf(id)
        return head ? [infoOf(head)] : []
      }),
    remove(id) {
      const head = headOf(id)
      for (let slot = 0; slot < (head?.count ?? 0); slot++) {
        device.remove(nodeKey(id, slot))
        dropPieces(id, slot)
      }
      device.remove(headKey(id))
      known.delete(id)
      for (let page = 0; ; page++) {
        const some = read<string[]>(listKey(page))
        if (!some) break
        if (some.includes(id))
          write(
            listKey(page),
            some.filter((other) => other !== id),
          )
      }
      tell(id, undefined)
    },
    subscribe(listener) {
      listeners.add(listener)
      const undo = device.subscribe((key) => {
        const id = /^([^/]+)/.exec(key.startsWith(prefix) ? key.slice(prefix.length) : '')?.[1]
        if (id) listener(decodeURIComponent(id), undefined)
      })
      return () => {
        listeners.delete(listener)
        undo()
      }
    },
  }
}

function infoOf({ id, title, isPinned, isUnread, createdAt, updatedAt }: Head): ConversationInfo {
  return { id, title, isPinned, isUnread, createdAt, updatedAt }
}

function newHead(id: string): Head {
  const now = Date.now()
  const queue: readonly QueuedMessage[] = []
  const times = { createdAt: now, updatedAt: now }
  return {
    v: VERSION,
    id,
    title: '',
    isPinned: false,
    isUnread: false,
    ...times,
    rev: 0,
    count: 0,
    leaf: undefined,
    queue,
  }
}
