import type { DeviceStorage } from '../../platform/device-storage.js'
import type { ChatStorage, ConversationChange, ConversationInfo, StoredConversation } from './chat-storage.js'
import { createConversationList } from './conversation-list.js'
import { createJsonRecords } from './json-records.js'
import { createMessageRecords, type MessageRecords } from './message-records.js'
import { newHead, readHead, VERSION, type Head } from './stored-head.js'

export interface KeyValueStorage extends ChatStorage {
  has(id: string): boolean
}

/**
 * Conversations over texts by key: `ID` has the head, and each message a record of its own, so that an append costs the
 * append. Messages are written before the head that counts them, and removed after it.
 */
export function keyValueStorage(device: DeviceStorage, prefix: string): KeyValueStorage {
  const records = createJsonRecords(device)
  const listeners = new Set<(id: string, writer: string | undefined) => void>()
  /** Where the messages are, as far as it is known here; with another `rev` somebody else has written. */
  const known = new Map<string, { readonly rev: number; readonly messages: MessageRecords }>()
  /** Those that were there: one that is gone was removed by another tab. */
  const seen = new Set<string>()

  const headKey = (id: string) => `${prefix}${encodeURIComponent(id)}`
  const headOf = (id: string) => readHead(records.read(headKey(id)), id)
  const list = createConversationList(records, prefix, (id) => {
    const head = headOf(id)
    return head && infoOf(head)
  })

  function tell(id: string, writer: string | undefined) {
    for (const listener of [...listeners]) listener(id, writer)
  }

  function messagesOf(id: string, { rev, count }: Head): MessageRecords {
    const found = known.get(id)
    if (found?.rev === rev) return found.messages
    const messages = createMessageRecords(records, headKey(id))
    messages.readAll(count)
    known.set(id, { rev, messages })
    return messages
  }

  function read(id: string, head: Head) {
    // As it was before there were records: all in one.
    if (head.nodes) return head.nodes
    const messages = createMessageRecords(records, headKey(id))
    known.set(id, { rev: head.rev, messages })
    return messages.readAll(head.count)
  }

  function save(id: string, { nodes, growth, removed, frame, writer }: ConversationChange) {
    const found = headOf(id)
    // What comes late does not bring it back: whoever wrote it is told, and finds nothing.
    if (!found && seen.delete(id)) return tell(id, undefined)
    if (found) seen.add(id)
    const former = found ?? newHead(id)
    const messages = messagesOf(id, former)
    if (growth && nodes.length === 0 && removed.length === 0 && !frame) {
      // Another one has written since: what comes to its end here is written as a whole.
      if (former.writer === writer && messages.append(growth.key, growth.change)) tell(id, writer)
      return
    }
    const { nodes: inHead = [], ...kept } = former
    let { count } = former
    for (const node of [...inHead, ...nodes]) count = Math.max(count, messages.write(node, count) + 1)
    // Messages that are as many as before have their records; who has written last is still the same.
    const isInPlace = count === former.count && removed.length === 0 && former.v === VERSION
    if (!frame && isInPlace && former.writer === writer) return tell(id, writer)
    const { leaf, queue, info } = frame ?? { ...former, info: {} }
    const head: Head = { ...kept, ...info, id, v: VERSION, rev: former.rev + 1, count, writer, leaf, queue }
    list.touch(id)
    records.write(headKey(id), head)
    seen.add(id)
    known.set(id, { rev: head.rev, messages })
    for (const key of removed) messages.remove(key)
    tell(id, writer)
  }

  return {
    load(id) {
      const head = headOf(id)
      if (!head) return void seen.delete(id)
      seen.add(id)
      const { leaf, queue } = head
      const nodes = read(id, head)
      const isThere = leaf === undefined || nodes.some(({ key }) => key === leaf)
      // Rather too much than nothing, should a record have been lost.
      const shown = isThere ? leaf : nodes[nodes.length - 1]?.key
      return { info: infoOf(head), nodes, leaf: shown, queue } satisfies StoredConversation
    },
    has: (id) => headOf(id) !== undefined,
    save,
    list: list.all,
    remove(id) {
      const head = headOf(id)
      list.touch(id)
      if (head) messagesOf(id, head).removeAll(head.count)
      records.remove(headKey(id))
      known.delete(id)
      seen.delete(id)
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
