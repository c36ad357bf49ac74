import type { Part } from '../../messages/part.js'
import type { EndedStatus } from '../log/event-log.js'
import type { ConversationChange } from './read-change.js'
import type {
  ConversationInfo,
  ConversationName,
  ConversationNode,
  ConversationPage,
  ConversationStore,
} from './conversation-store.js'

/** A message as producers are given it. */
export interface HistoryMessage {
  readonly id: string
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly Part[]
  readonly metadata?: unknown
}

/** What there is to make shorter. */
export interface LongHistory extends ConversationName {
  /** From the first message of the path to the new one. */
  readonly messages: readonly HistoryMessage[]
}

/** So much is kept of one user. What is beyond is refused with CONVERSATION_LIMIT; nothing is thrown away. */
export interface ConversationLimits {
  /** Conversations of one user. Default 10,000; `Infinity` for any number. */
  readonly perUser?: number
  /** Messages of one conversation, with those of its branches. Default 10,000; `Infinity` for any number. */
  readonly messages?: number
}

/** Where conversations are kept, and what fills their answers. */
export interface ConversationsOptions {
  /** Where they are kept: `memoryConversations()`, `redisConversations()`, `postgresConversations()`. */
  readonly store: ConversationStore
  /**
   * What a producer is given of a history, when that is long: the newest messages, a summary before them. What is stored is
   * never made shorter. Default: all of it.
   */
  readonly compact?: (history: LongHistory) => readonly HistoryMessage[] | Promise<readonly HistoryMessage[]>
  readonly limits?: ConversationLimits
}

/** A conversation as clients are given it. */
export interface LoadedConversation {
  readonly info: ConversationInfo
  readonly nodes: readonly Omit<ConversationNode, 'run'>[]
  readonly leaf: string | undefined
  readonly queue: readonly unknown[]
  /** Counts the changes of `leaf` and `queue`. */
  readonly rev: number
}

/** A start that belongs to a conversation. */
export interface AnswerStart extends ConversationName {
  /** Of the run that answers. */
  readonly channelId: string
  readonly body: unknown
}

/** An answer that has its place in a conversation, before its run begins. */
export interface BegunAnswer {
  /** `again`: the run writes it already. */
  readonly kind: 'new' | 'again'
  /** For the producer. */
  readonly messages: readonly HistoryMessage[]
  /** The id that the answer has at the client; the producer's own takes its place. */
  readonly messageId: string
  /** Reads the run, and folds it into its message when it has ended. */
  follow(ended: Promise<EndedStatus>): void
  /** The run was refused: the conversation is as it was. */
  undo(): Promise<void>
}

/** The conversations of all users, beside a hub. Its routes see to it that each gets at their own only. */
export interface Conversations {
  /** @param wish default: the first 50 */
  list(userId: string, wish?: { readonly limit?: number; readonly after?: string }): Promise<ConversationPage>
  /** With every run folded that has ended, on whatever node, or with it. Undefined: there is no such conversation. */
  load(name: ConversationName): Promise<LoadedConversation | undefined>
  /**
   * @returns the new `rev`
   * @throws {ChannelError} CONVERSATION_CHANGED, CONVERSATION_NOT_FOUND, CONVERSATION_LIMIT
   */
  change(name: ConversationName, change: ConversationChange): Promise<number>
  /** @throws {ChannelError} CONVERSATION_NOT_FOUND */
  describe(
    name: ConversationName,
    info: Partial<Pick<ConversationInfo, 'title' | 'isPinned' | 'isUnread'>>,
  ): Promise<ConversationInfo>
  /** Stops what is being written in it, and forgets it. False when there was none. */
  remove(name: ConversationName): Promise<boolean>
  /**
   * Stores the new message of a start, and a place for its answer.
   * @throws {ChannelError} BAD_REQUEST, CONVERSATION_LIMIT
   */
  begin(start: AnswerStart): Promise<BegunAnswer>
  /** Waits five seconds at most for answers that have ended to be stored, then closes the store. After `hub.shutdown`. */
  close(): Promise<void>
}
