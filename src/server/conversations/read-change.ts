import { ChannelError } from '../../core/channel-error.js'
import { fieldsOf, listOf } from '../../vendors/fields.js'
import type { ConversationInfo, ConversationNode } from './conversation-store.js'
import { isMessageId, readMessage } from './read-message.js'

/** What a client has changed. */
export interface ConversationChange {
  /** The `rev` that it has seen; undefined: it has seen none. */
  readonly rev: number | undefined
  readonly nodes: readonly ConversationNode[]
  /** Keys. */
  readonly removed: readonly string[]
  readonly frame: ChangedFrame | undefined
}

/** What a client wants changed about a conversation besides its messages. */
export interface ChangedFrame {
  readonly leaf: string | undefined
  readonly queue: readonly unknown[]
  readonly info: Partial<Pick<ConversationInfo, 'title' | 'isPinned' | 'isUnread' | 'createdAt'>>
}

const MAX_NODES = 5_000
const MAX_QUEUE = 1_000
const MAX_TITLE_CHARS = 200

const refuse = (what: string) => new ChannelError('BAD_REQUEST', what)

/** @throws {ChannelError} BAD_REQUEST */
export function readChange(body: unknown): ConversationChange {
  const { rev, nodes, removed, frame } = fieldsOf(body)
  const given = [...listOf(nodes)]
  if (given.length > MAX_NODES) throw refuse(`A change has ${MAX_NODES} messages at the most.`)
  if (rev !== undefined && !Number.isSafeInteger(rev)) throw refuse('rev takes what the conversation has.')
  return {
    rev: rev as number | undefined,
    nodes: given.map(readNode),
    removed: listOf(removed).filter(isMessageId),
    frame: frame === undefined ? undefined : readFrame(frame),
  }
}

function readNode(value: unknown): ConversationNode {
  const { key, parent, message, origin, request } = fieldsOf(value)
  if (!isMessageId(key)) throw refuse('A node has a key: a text of 1 to 200 characters.')
  return {
    key,
    ...(isMessageId(parent) && { parent }),
    message: readMessage(message),
    ...(origin !== undefined && { origin }),
    ...(request !== undefined && { request }),
  }
}

function readFrame(value: unknown): ChangedFrame {
  const { leaf, queue, info } = fieldsOf(value)
  const waiting = listOf(queue)
  if (waiting.length > MAX_QUEUE) throw refuse(`${MAX_QUEUE} messages may wait at the most.`)
  return { leaf: isMessageId(leaf) ? leaf : undefined, queue: waiting, info: readInfo(info) }
}

/** Of what is no such field nothing is taken. */
export function readInfo(value: unknown): ChangedFrame['info'] {
  const { title, isPinned, isUnread, createdAt } = fieldsOf(value)
  return {
    ...(typeof title === 'string' && { title: title.slice(0, MAX_TITLE_CHARS) }),
    ...(typeof isPinned === 'boolean' && { isPinned }),
    ...(typeof isUnread === 'boolean' && { isUnread }),
    ...(Number.isSafeInteger(createdAt) && (createdAt as number) > 0 && { createdAt: createdAt as number }),
  }
}
