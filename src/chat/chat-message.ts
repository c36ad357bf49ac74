import type { FinishReason } from '../messages/chunk.js'
import type { MessageSize } from '../messages/message-state.js'
import type { Part, ReasoningPart, TextPart } from '../messages/part.js'
import type { ChannelStatus } from '../run/channel.js'

/** One message of a conversation, in the shape of the AI SDK's UI messages: plain JSON, to be stored as it is. */
export interface ChatMessage {
  /** Unique in the conversation, and the same from the first character of an answer to its last. */
  readonly id: string
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly Part[]
  /** What the application's server says of the message; goes back to it with the next question. */
  readonly metadata?: unknown
  /** Why the model ended. `length`: the answer was cut at its limit. */
  readonly finishReason?: FinishReason | undefined
  /** What came of types that this version does not know. */
  readonly others?: readonly unknown[] | undefined
  /** How an answer stands. Messages without it are complete. */
  readonly status?: ChannelStatus
  /** Where the answer is read on, after the app was closed in the middle of it. */
  readonly channelId?: string
}

/** All text of one kind in a message, as `<streaming-text>` takes it. */
export function messageText(
  { parts }: Pick<ChatMessage, 'parts'>,
  type: 'text' | 'reasoning' = 'text',
): string {
  let text = ''
  for (const part of parts) if (part.type === type) text += (part as TextPart | ReasoningPart).text
  return text
}

/** How much of a message there is. */
export function messageSize({ parts }: Pick<ChatMessage, 'parts'>): MessageSize {
  const characters = messageText({ parts }).length + messageText({ parts }, 'reasoning').length
  const others = parts.filter(({ type }) => type !== 'text' && type !== 'reasoning')
  return { characters, others: others.length }
}
