import type { Origin } from '../../messages/message-of.js'
import type { Part } from '../../messages/part.js'
import type { ConversationMessage } from './conversation-message.js'

/** A conversation, by its user and the id that a client gave it: what another user has under the same id is another. */
export interface ConversationName {
  readonly userId: string
  readonly chatId: string
}

/** What a list shows of a conversation. Times are milliseconds since 1970. */
export interface ConversationInfo {
  readonly id: string
  /** Given by a user, or the beginning of the first question. */
  readonly title: string
  readonly isPinned: boolean
  /** An answer came to its end while no page showed the conversation; as the client says. */
  readonly isUnread: boolean
  readonly createdAt: number
  /** When something was said last. */
  readonly updatedAt: number
}

/** A message and what it follows. An edited question and an answer that was asked for again are siblings. */
export interface ConversationNode {
  readonly key: string
  /** The key of the message before it. */
  readonly parent?: string | undefined
  readonly message: ConversationMessage
  /** The client's own, kept as they are. */
  readonly origin?: unknown
  readonly request?: unknown
  /** How often it was asked for again under this key, or gone on with: what is of a later turn is further. */
  readonly turn?: number | undefined
  /** Of an answer that a run of this server writes. Not told to clients. */
  readonly run?: AnswerRun | undefined
}

/** The run that writes an answer: how it is found while it goes on, and after its process died. */
export interface AnswerRun {
  readonly channelId: string
  /** `open`: how it ended is not in the message yet. */
  readonly state: 'open' | 'settled'
  /** What the message was before the run that goes on with it. */
  readonly origin?: Origin | undefined
  /** What the page has said of its tools meanwhile. */
  readonly answers?: readonly Part[] | undefined
  /** When it was asked for, in milliseconds since 1970. */
  readonly since: number
}

/** All of a conversation but its messages: small, since every write writes it anew. */
export interface ConversationHead {
  readonly info: ConversationInfo
  /** The key of the last message of the path that is shown. */
  readonly leaf?: string | undefined
  /** Messages that wait for their turn; the client's own. */
  readonly queue: readonly unknown[]
  /** Counts the changes of `leaf` and `queue`: who knows another number is behind. */
  readonly frame: number
  /** Which node each run writes, the newest. */
  readonly runs: readonly RunPlace[]
  /** Keys that the server gave, and the client's that took their place. */
  readonly aliases: Readonly<Record<string, string>>
}

/** Where the answer of a run stands: its conversation, and its message. */
export interface RunPlace {
  readonly channelId: string
  readonly key: string
  readonly state: AnswerRun['state']
}

/** A whole conversation as it is kept: its head, and every message of its tree. */
export interface ConversationRecord {
  /** Another one after every write. */
  readonly rev: number
  readonly head: ConversationHead
  /** In the order they were first written. */
  readonly nodes: readonly ConversationNode[]
}

/** One change of a conversation, written as a whole or not at all. */
export interface ConversationWrite {
  /** The `rev` it was made for; 0: there is no such conversation. */
  readonly ifRev: number
  readonly head: ConversationHead
  readonly put: readonly ConversationNode[]
  /** Keys. */
  readonly removed: readonly string[]
  /** So many conversations the user may have when this one is new, with it. Default: any number. */
  readonly most?: number
}

/** A page of a list: pinned ones first, then those in which something was said last. */
export interface ConversationPage {
  readonly conversations: readonly ConversationInfo[]
  /** Where the next page begins; absent on the last. */
  readonly next?: string
}

/** Which page of a list is asked for. */
export interface PageWish {
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string | undefined
}

/**
 * Where conversations are kept: the port that memory, Redis and Postgres implement. Knows nothing of what is in them.
 * All throw SERVER_ERROR or SERVER_BUSY where the store can't be reached.
 */
export interface ConversationStore {
  /** @param keys only these nodes. Default: all */
  load(name: ConversationName, keys?: readonly string[]): Promise<ConversationRecord | undefined>
  /**
   * Atomic. False: there is another `rev`, and nothing was written.
   * @throws {ChannelError} CONVERSATION_LIMIT: it is new, and the user has `most` already
   */
  write(name: ConversationName, write: ConversationWrite): Promise<boolean>
  /** @throws {ChannelError} BAD_REQUEST: `after` is none of ours */
  list(userId: string, wish: PageWish): Promise<ConversationPage>
  /** False when there was none. */
  remove(name: ConversationName): Promise<boolean>
  /** Closes what it opened. Idempotent. */
  close(): Promise<void>
}
