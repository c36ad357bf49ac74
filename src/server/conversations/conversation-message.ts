import type { FinishReason } from '../../messages/chunk.js'
import type { Part } from '../../messages/part.js'

/** One message as it is stored, in the shape of the AI SDK's UI messages: plain JSON. */
export interface ConversationMessage {
  readonly id: string
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly Part[]
  readonly metadata?: unknown
  /** Why the model ended. */
  readonly finishReason?: FinishReason | undefined
  /** What came of types that this version does not know. */
  readonly others?: readonly unknown[] | undefined
  /** How an answer stands. Messages without it are complete. */
  readonly status?: 'idle' | 'submitted' | 'streaming' | 'done' | 'stopped' | 'error'
  /** Where the answer is, or was, read. */
  readonly channelId?: string
}
