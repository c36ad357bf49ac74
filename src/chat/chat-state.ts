import type { ShallowRef } from 'vue'
import type { Outcome } from '../core/state.js'
import type { ChatMessage } from './chat-message.js'
import type { QueuedMessage } from './message-queue.js'
import type { MessageTree } from './message-tree.js'
import type { ConversationInfo } from './storage/chat-storage.js'
import type { ToolAnswer } from './tool-answer.js'

/** The answer that is being written. */
export interface Answering {
  /** Of its message in the tree. */
  readonly key: string
  /** What the page has said meanwhile of the answer's tool calls. */
  readonly toolAnswers: ShallowRef<readonly ToolAnswer[]>
  /** The message as it is now, however seldom a page sees it. */
  readonly message: ChatMessage
  readonly run: Promise<Outcome>
}

/** What a conversation is doing. */
export type Stage =
  /** Nothing is being written: a message that waits is sent. */
  | { readonly name: 'resting' }
  /** After a stop or an error: messages that wait go on waiting until something is sent. */
  | { readonly name: 'held' }
  | { readonly name: 'answering'; readonly answering: Answering }

/** All of a conversation at one moment. Never changed; each change is another one. */
export interface ChatState {
  readonly tree: MessageTree
  /** Messages that wait for their turn. */
  readonly queue: readonly QueuedMessage[]
  readonly info: Partial<ConversationInfo>
  readonly stage: Stage
}

export const resting: Stage = { name: 'resting' }

/** An answer has come to its end. */
export const ended = (outcome: Outcome): Stage => (outcome === 'done' ? resting : { name: 'held' })

/** The user has stopped. An answer that is being written says by its own end how it goes on. */
export const held = (stage: Stage): Stage => (stage.name === 'resting' ? { name: 'held' } : stage)

/** Something is sent: what waits may follow it. */
export const released = (stage: Stage): Stage => (stage.name === 'held' ? resting : stage)

export const answeringOf = ({ stage }: Pick<ChatState, 'stage'>): Answering | undefined =>
  stage.name === 'answering' ? stage.answering : undefined
