import type { QueuedMessage } from '../message-queue.js'
import type { MessageNode } from '../message-tree.js'
import type { PartsChange } from './parts-change.js'

export type MaybePromise<T> = T | PromiseLike<T>

/** What a list of conversations shows of one. */
export interface ConversationInfo {
  readonly id: string
  /** Given by a user, or the beginning of the first question. */
  readonly title: string
  readonly isPinned: boolean
  /** An answer came to its end while no page showed the conversation. */
  readonly isUnread: boolean
  /** Clock time in milliseconds. */
  readonly createdAt: number
  /** When something was asked in it last, or answered while no page showed it. */
  readonly updatedAt: number
}

/** A conversation as it is stored. */
export interface StoredConversation {
  readonly info: ConversationInfo
  readonly nodes: readonly MessageNode[]
  readonly leaf: string | undefined
  /** Messages that wait for their turn. */
  readonly queue: readonly QueuedMessage[]
}

/** What has changed since the last save: an append costs the append. */
export interface ConversationChange {
  /** Who writes. Pieces of an answer are taken from the newest writer only: others may be behind. */
  readonly writer: string
  /** Messages that are new, or no longer what they were. */
  readonly nodes: readonly MessageNode[]
  /** How the answer that is being written has grown. */
  readonly growth?: { readonly key: string; readonly change: PartsChange } | undefined
  readonly removed: readonly string[]
  /** Absent: these have not changed. */
  readonly frame?: Pick<StoredConversation, 'leaf' | 'queue'> & { readonly info: Partial<ConversationInfo> }
}

/**
 * Where conversations are kept. A storage that answers at once (no promise) shows them in the first frame. Whatever it
 * throws is told to `onError`; what was not written is tried again with the next change.
 */
export interface ChatStorage {
  load(id: string): MaybePromise<StoredConversation | undefined>
  save(id: string, change: ConversationChange): MaybePromise<void>
  list(): MaybePromise<readonly ConversationInfo[]>
  remove(id: string): MaybePromise<void>
  /** Tells of what somebody else has written: another tab, another page. Returns its undo. */
  subscribe(listener: (id: string, writer: string | undefined) => void): () => void
}
