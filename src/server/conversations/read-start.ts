import { ChannelError } from '../../core/channel-error.js'
import { fieldsOf } from '../../vendors/fields.js'
import { isChatId } from '../channel-id.js'
import type { ConversationMessage } from './conversation-message.js'
import { isMessageId, readMessage } from './read-message.js'

/** What a start asks of a conversation. */
export interface AskedAnswer {
  readonly trigger: 'submit-message' | 'regenerate-message'
  /** The message that is edited, asked for again, or gone on with. */
  readonly messageId: string | undefined
  /** The message that the new one follows; null: none. Undefined: not said. */
  readonly parentId: string | null | undefined
  /** The key and id that the client has given its answer. */
  readonly answerId: string | undefined
  /** The last one is the new one. What is before it need not be there. */
  readonly messages: readonly ConversationMessage[]
}

/** The conversation that the body of a start names: `{ id, message }`, or `{ id, messages }` as of the AI SDK. */
export function chatIdOf(body: unknown): string | undefined {
  const { id, message, messages, trigger } = fieldsOf(body)
  const isChat = Array.isArray(messages) || typeof message === 'object' || trigger === 'regenerate-message'
  return isChat && isChatId(id) ? id : undefined
}

/**
 * @param fallbackId for a message that has no id
 * @throws {ChannelError} BAD_REQUEST
 */
export function readAskedAnswer(body: unknown, fallbackId: string): AskedAnswer {
  const { message, messages, trigger, messageId, parentId, answerId } = fieldsOf(body)
  const listed = Array.isArray(messages) ? (messages as readonly unknown[]) : []
  const said = message === undefined || message === null ? listed : [message]
  const isAgain = trigger === 'regenerate-message'
  if (said.length === 0 && !isAgain)
    throw new ChannelError('BAD_REQUEST', 'Send {"id": "…", "message": {…}} with the new message.')
  return {
    trigger: isAgain ? 'regenerate-message' : 'submit-message',
    messageId: isMessageId(messageId) ? messageId : undefined,
    parentId: parentId === null || isMessageId(parentId) ? parentId : undefined,
    answerId: isMessageId(answerId) ? answerId : undefined,
    messages: said
      .filter((one) => fieldsOf(one).role !== 'system')
      .map((one, index) => readMessage(one, `${fallbackId}-${index}`)),
  }
}
