import { ChannelError } from '../../core/channel-error.js'
import type { ChatMessage } from '../chat-message.js'
import type { MessageNode } from '../message-tree.js'
import { treeOf } from '../message-tree.js'
import { listOf } from '../../vendors/fields.js'
import { isNode, soundMessages, soundQueue } from './sound-records.js'
import type { ConversationInfo, StoredConversation } from './chat-storage.js'

/** The format that is written. */
export const VERSION = 1

/** The first record of a conversation: small, since every message writes it anew. */
export interface Head extends ConversationInfo, Pick<StoredConversation, 'leaf' | 'queue'> {
  readonly v: number
  /** Counts the writes of this record: who knows another number is behind. */
  readonly rev: number
  /** Who wrote it last. */
  readonly writer?: string
  /** Records of messages, gaps included. */
  readonly count: number
  /** Messages of a format that had no records for them. */
  readonly nodes?: readonly MessageNode[]
}

/**
 * What is stored, in today's format. Format 0 is a plain list of messages.
 * @throws {ChannelError} STORAGE_NEWER: a later version of this library wrote it
 */
export function readHead(stored: unknown, id: string): Head | undefined {
  if (Array.isArray(stored)) return fromList(soundMessages(stored), id)
  if (typeof stored !== 'object' || stored === null) return undefined
  const head = stored as Head
  if (head.v > VERSION) throw new ChannelError('STORAGE_NEWER')
  return head.v === VERSION ? soundHead(head, id) : undefined
}

/** Each record is looked for: a number beyond what anybody writes is none. */
const MAX_COUNT = 1_000_000

function soundHead(head: Head, id: string): Head {
  const { rev, count, leaf, queue, title, createdAt, updatedAt, nodes } = head
  const isCount = Number.isSafeInteger(count) && count >= 0 && count <= MAX_COUNT
  return {
    ...head,
    id,
    rev: Number.isSafeInteger(rev) ? rev : 0,
    count: isCount ? count : 0,
    leaf: typeof leaf === 'string' ? leaf : undefined,
    queue: soundQueue(queue),
    title: typeof title === 'string' ? title : '',
    isPinned: head.isPinned === true,
    isUnread: head.isUnread === true,
    createdAt: Number.isFinite(createdAt) ? createdAt : 0,
    updatedAt: Number.isFinite(updatedAt) ? updatedAt : 0,
    ...(nodes && { nodes: listOf(nodes).filter(isNode) }),
  }
}

function fromList(messages: readonly ChatMessage[], id: string): Head {
  const { nodes, leaf } = treeOf(messages)
  const info = { id, title: '', isPinned: false, isUnread: false, createdAt: 0, updatedAt: 0 }
  return { v: 0, ...info, rev: 0, count: 0, leaf, queue: [], nodes: [...nodes.values()] }
}

export function newHead(id: string): Head {
  const now = Date.now()
  const info = { id, title: '', isPinned: false, isUnread: false, createdAt: now, updatedAt: now }
  return { v: VERSION, ...info, rev: 0, count: 0, leaf: undefined, queue: [] }
}
