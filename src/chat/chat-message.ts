import type { Part } from '../messages/part.js'
import type { ChannelStatus } from '../run/channel.js'

/** One message of a conversation, in the shape of the AI SDK's UI messages: plain JSON, to be stored as it is. */
export interface ChatMessage {
  /** Unique in the conversation, and the same from the first character of an answer to its last. */
  readonly id: string
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly Part[]
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
  for (const part of parts) if (part.type === type && 'text' in part) text += part.text as string
  return text
}
