import type { Part } from '../messages/part.js'
import type { ChatMessage } from './chat-message.js'

/** What goes with one request besides the messages; plain JSON. */
export interface RequestExtras {
  readonly body?: object | undefined
  readonly metadata?: unknown
}

/** A message that waits for its turn. Its ids are settled, so that it is sent once, whoever sends it. */
export interface QueuedMessage {
  readonly id: string
  readonly role: ChatMessage['role']
  readonly parts: readonly Part[]
  readonly metadata?: unknown
  readonly answerId: string
  /** Proposed to the server: the same again is the same run. */
  readonly channelId: string
  readonly request: RequestExtras
}
