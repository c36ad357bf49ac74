import { ChannelError } from '../../core/channel-error.js'
import type { ChatMessage } from '../chat-message.js'
import type { MessageNode } from '../message-tree.js'
import { treeOf } from '../message-tree.js'
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
  if (Array.isArray(stored)) return fromList(stored as readonly ChatMessage[], id)
  if (typeof stored !== 'object' || stored === null) return undefined
  const head = stored as Head
  if (head.v > VERSION) throw new ChannelError('STORAGE_NEWER')
  return head.v === VERSION ? head : undefined
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
