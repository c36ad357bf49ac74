import { ChannelError } from '../../core/channel-error.js'
import type { ConversationMessage } from './conversation-message.js'
import type {
  ConversationHead,
  ConversationName,
  ConversationNode,
  ConversationRecord,
} from './conversation-store.js'
import { withPlace, newHead, titleOf } from './head.js'
import { findNode, freeKey, nodePath, nodesByKey } from './node-path.js'
import type { AskedAnswer } from './read-start.js'
import { withToolAnswers } from './tool-answers.js'

/** What a start does to a conversation. */
export interface AnswerPlan {
  /** `again`: this run writes an answer here already, nothing is to be written. */
  readonly kind: 'new' | 'again'
  readonly head: ConversationHead
  readonly put: readonly ConversationNode[]
  /** From the first message to the new one, or to the answer that is gone on with. */
  readonly history: readonly ConversationNode[]
  readonly answer: ConversationNode
}

/** Whether the message is here that the new one is to follow. */
export function knowsParent(record: ConversationRecord | undefined, { parentId }: AskedAnswer): boolean {
  if (parentId === undefined || parentId === null) return true
  return findNode(nodesByKey(record?.nodes ?? []), record?.head.leaf, parentId) !== undefined
}

interface Growing {
  readonly nodes: Map<string, ConversationNode>
  readonly put: Map<string, ConversationNode>
  readonly leaf: string | undefined
}

/**
 * Where a new question and its answer stand in the tree. The client chooses the path: by `parentId`, by the message that is
 * edited, by the one before the new one in its list; else it is that which is shown.
 * @throws {ChannelError} BAD_REQUEST: it names messages that there are not
 */
export function planAnswer(
  name: ConversationName,
  record: ConversationRecord | undefined,
  asked: AskedAnswer,
  channelId: string,
  now: number,
): AnswerPlan {
  const nodes = new Map(nodesByKey(record?.nodes ?? []))
  const head = record?.head ?? newHead(name.chatId, now)
  const known = [...nodes.values()].find(({ run }) => run?.channelId === channelId)
  if (known) {
    const until = known.run?.origin ? known.key : known.parent
    return { kind: 'again', head, put: [], history: nodePath(nodes, until), answer: known }
  }
  const growing: Growing = { nodes, put: new Map(), leaf: head.leaf }
  const last = asked.messages[asked.messages.length - 1]
  const isStep = asked.trigger === 'submit-message' && last?.role === 'assistant'
  const before = isStep
    ? goneOnWith(growing, asked, last)
    : asked.trigger === 'submit-message' && last
      ? question(growing, asked, last)
      : questionAgain(growing, asked)
  const run = { channelId, state: 'open', since: now } as const
  const { message } = before
  const answer: ConversationNode = isStep
    ? {
        ...before,
        message: { ...message, status: 'submitted', channelId },
        run: { ...run, origin: { id: message.id, parts: message.parts, metadata: message.metadata } },
      }
    : { ...emptyAnswer(growing, asked, before.key, channelId), run }
  put(growing, answer)
  const info = {
    ...head.info,
    title: head.info.title || (last?.role === 'user' ? titleOf(last) : ''),
    updatedAt: now,
  }
  return {
    kind: 'new',
    head: withPlace({ ...head, info, leaf: answer.key, frame: head.frame + 1 }, answer.key, answer.run),
    put: [...growing.put.values()],
    history: nodePath(nodes, before.key),
    answer,
  }
}

function put({ nodes, put: written }: Growing, node: ConversationNode): ConversationNode {
  nodes.set(node.key, node)
  written.set(node.key, node)
  return node
}

const find = ({ nodes, leaf }: Growing, id: string) => findNode(nodes, leaf, id)

/** The new question, which may be here already: the client may have stored it before it asked. */
function question(growing: Growing, asked: AskedAnswer, message: ConversationMessage): ConversationNode {
  const same = find(growing, message.id)
  if (same && JSON.stringify(same.message.parts) === JSON.stringify(message.parts)) return same
  const key = freeKey(growing.nodes, message.id)
  return put(growing, { key, parent: parentOf(growing, asked, same), message })
}

function parentOf(
  growing: Growing,
  { parentId, messageId, messages }: AskedAnswer,
  same: ConversationNode | undefined,
): string | undefined {
  if (parentId === null) return undefined
  if (parentId !== undefined) {
    const parent = find(growing, parentId)
    if (!parent) throw new ChannelError('BAD_REQUEST', 'parentId names no message of this conversation.')
    return parent.key
  }
  const edited = same ?? (messageId === undefined ? undefined : find(growing, messageId))
  if (edited?.message.role === 'user') return edited.parent
  return messages.length > 1 ? pathOf(growing, messages.slice(0, -1)) : growing.leaf
}

/** The last of these messages; those that only the client has had so far are taken over. */
function pathOf(growing: Growing, messages: readonly ConversationMessage[]): string | undefined {
  let parent: string | undefined
  for (const message of messages) {
    const known = find(growing, message.id)
    parent = known
      ? known.key
      : put(growing, { key: freeKey(growing.nodes, message.id), parent, message }).key
  }
  return parent
}

/** The question to which another answer is asked for. */
function questionAgain(growing: Growing, asked: AskedAnswer): ConversationNode {
  const { messageId, messages, parentId } = asked
  const last = messages[messages.length - 1]
  if (last?.role === 'user') return find(growing, last.id) ?? question(growing, asked, last)
  const named = messageId ?? parentId ?? growing.leaf
  const from = named === undefined ? undefined : find(growing, named)
  const path = nodePath(growing.nodes, from?.key)
  const node = [...path].reverse().find(({ message }) => message.role === 'user')
  if (node) return node
  throw new ChannelError('BAD_REQUEST', 'There is no question to which an answer could be asked for.')
}

/** The answer that is gone on with, with what the page has said of its tools. */
function goneOnWith(
  growing: Growing,
  { messages }: AskedAnswer,
  message: ConversationMessage,
): ConversationNode {
  const known = find(growing, message.id)
  const key = known ? known.key : pathOf(growing, messages)
  const node = key === undefined ? undefined : growing.nodes.get(key)
  if (!node || node.message.role !== 'assistant')
    throw new ChannelError('BAD_REQUEST', 'There is no answer to go on with under this id.')
  // Of one whose run was lost with all it had, the client has more.
  const own = node.message.parts
  const parts = own.length === 0 ? message.parts : withToolAnswers(own, message.parts)
  return put(growing, { ...node, message: { ...node.message, parts } })
}

/** In the place that the client has made for it, if it has stored one. */
function emptyAnswer(
  { nodes }: Growing,
  { answerId }: AskedAnswer,
  parent: string,
  channelId: string,
): ConversationNode {
  const made = [...nodes.values()].find(({ key, message }) =>
    answerId === undefined
      ? message.channelId === channelId && message.role === 'assistant'
      : key === answerId,
  )
  const isTaken = made && (made.parent !== parent || made.message.status === 'done')
  const key = made && !isTaken ? made.key : freeKey(nodes, answerId ?? channelId)
  const message = {
    id: answerId ?? channelId,
    role: 'assistant',
    parts: [],
    status: 'submitted',
    channelId,
  } as const
  return { ...(made && !isTaken && made), key, parent, message }
}
