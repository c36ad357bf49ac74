import { fieldsOf, listOf } from '../../vendors/fields.js'
import type { ChatMessage } from '../chat-message.js'
import type { QueuedMessage } from '../message-queue.js'
import type { MessageNode } from '../message-tree.js'
import type { StoredConversation } from './chat-storage.js'

/*
 * What is stored may be anything: of an app that used the name before, half written, changed by hand. What is not what it
 * should be is as if it were not there, and the rest of the conversation is shown.
 */

const isText = (value: unknown): value is string => typeof value === 'string'

function isMessage(value: unknown): value is ChatMessage {
  const { id, role, parts } = fieldsOf(value)
  const isRole = role === 'user' || role === 'assistant' || role === 'system'
  return isText(id) && isRole && Array.isArray(parts) && parts.every((part) => isText(fieldsOf(part).type))
}

export const soundMessages = (value: unknown): readonly ChatMessage[] => listOf(value).filter(isMessage)

export function isNode(value: unknown): value is MessageNode {
  const { key, parent, message } = fieldsOf(value)
  return isText(key) && (parent === undefined || isText(parent)) && isMessage(message)
}

function isQueued(value: unknown): value is QueuedMessage {
  const { id, parts, answerId, channelId, request } = fieldsOf(value)
  const isNamed = isText(id) && isText(answerId) && isText(channelId)
  return isNamed && Array.isArray(parts) && typeof request === 'object' && request !== null
}

export const soundQueue = (value: unknown): readonly QueuedMessage[] => listOf(value).filter(isQueued)

/** Undefined: it is none at all. */
export function soundConversation(value: unknown): StoredConversation | undefined {
  const { nodes, leaf, queue, info } = fieldsOf(value)
  if (!Array.isArray(nodes)) return undefined
  return {
    info: { ...(fieldsOf(info) as unknown as StoredConversation['info']) },
    nodes: nodes.filter(isNode),
    leaf: isText(leaf) ? leaf : undefined,
    queue: soundQueue(queue),
  }
}
