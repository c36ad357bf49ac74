import type { ShallowRef } from 'vue'
import type { AnswerMessage } from '../messages/create-answer.js'
import type { Part } from '../messages/part.js'
import type { ChannelStatus } from '../run/channel.js'
import { messageSize, type ChatMessage } from './chat-message.js'
import { withAnswers, type ToolAnswer } from './tool-answer.js'

type Readable<T> = { readonly value: T }

/** What of a channel a message is made of. */
export interface LiveSource {
  readonly answer: Readable<AnswerMessage>
  readonly parts: Readable<readonly Part[]>
  readonly status: Readable<ChannelStatus>
  readonly channelId: Readable<string>
  readonly messageId: Readable<string | undefined>
}

/**
 * A message that reads the channel: who shows it renders with each piece, and who only lists it does not.
 * @param kept what was in view before; it stays there until as much has come again
 * @param answers what the page has said of its tool calls meanwhile
 */
export function liveMessage(
  { parts, status, channelId, messageId, answer }: LiveSource,
  kept: ChatMessage,
  answers: Readonly<ShallowRef<readonly ToolAnswer[]>>,
): ChatMessage {
  const before = messageSize(kept)

  /** Even if some of it was then taken back. */
  function isThere(): boolean {
    const { most } = answer.value
    const isWhole = status.value === 'done' && parts.value.length > 0
    return isWhole || (most.characters >= before.characters && most.others >= before.others)
  }

  return {
    get id() {
      return messageId.value ?? kept.id
    },
    role: 'assistant',
    get parts() {
      return withAnswers(isThere() ? parts.value : kept.parts, answers.value)
    },
    get metadata() {
      return answer.value.metadata ?? kept.metadata
    },
    get finishReason() {
      return answer.value.finishReason
    },
    get others() {
      const { others } = answer.value
      return others.length > 0 ? others : undefined
    },
    get status() {
      return status.value
    },
    get channelId() {
      return channelId.value
    },
  }
}
