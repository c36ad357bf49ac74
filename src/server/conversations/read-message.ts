import { ChannelError } from '../../core/channel-error.js'
import type { FinishReason } from '../../messages/chunk.js'
import type { Part } from '../../messages/part.js'
import { fieldsOf } from '../../vendors/fields.js'
import type { ConversationMessage } from './conversation-message.js'

const MAX_ID_CHARS = 200

/** An id of a message, or a key: any text, but not without end. */
export const isMessageId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= MAX_ID_CHARS

const statuses: ReadonlySet<unknown> = new Set(['idle', 'submitted', 'streaming', 'done', 'stopped', 'error'])

/**
 * A message of a client. One of the system is kept for the client, and given to no producer.
 * @param fallbackId for one that has no id
 * @throws {ChannelError} BAD_REQUEST
 */
export function readMessage(value: unknown, fallbackId?: string): ConversationMessage {
  const fields = fieldsOf(value)
  const { id = fallbackId, role, content, metadata, finishReason, others, status, channelId } = fields
  const parts = typeof content === 'string' && fields.parts === undefined ? [textPart(content)] : fields.parts
  if (!isMessageId(id) || !isRole(role) || !isPartList(parts))
    throw new ChannelError(
      'BAD_REQUEST',
      'A message is {"id": "…", "role": "user", "parts": [{"type": "text", "text": "…"}]}; its role is user, assistant or system.',
    )
  return {
    id,
    role,
    parts,
    ...(metadata !== undefined && { metadata }),
    ...(typeof finishReason === 'string' && { finishReason: finishReason as FinishReason }),
    ...(Array.isArray(others) && { others: others as readonly unknown[] }),
    ...(statuses.has(status) && { status: status as NonNullable<ConversationMessage['status']> }),
    ...(isMessageId(channelId) && { channelId }),
  }
}

const isRole = (role: unknown): role is ConversationMessage['role'] =>
  role === 'user' || role === 'assistant' || role === 'system'

const textPart = (text: string): Part => ({ type: 'text', text })

const isPartList = (parts: unknown): parts is readonly Part[] =>
  Array.isArray(parts) && parts.every((part) => typeof fieldsOf(part).type === 'string')
