import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { Channel } from '../run/channel.js'
import { createChannelId } from '../transports/create-channel-id.js'
import type { AnswerWriter } from './answer-writer.js'
import { messageText, type ChatMessage } from './chat-message.js'
import { released, type ChatState } from './chat-state.js'
import type { CallOptions, ConversationSettings } from './conversation-settings.js'
import { endOfQuestion } from './find-messages.js'
import type { QueuedMessage, RequestExtras } from './message-queue.js'
import {
  nextTurn,
  pathOf,
  uniqueKey,
  withLeaf,
  type MessageNode,
  type MessageTree,
  type PendingRequest,
} from './message-tree.js'
import type { Outgoing } from './outgoing.js'
import { requestBody, type ChatRequestBody } from './request-body.js'
import type { ShownState } from './shown-state.js'

/** Each call is one request for one answer; it resolves with how that ends. */
export interface Asking {
  /** Gives a message its ids. */
  prepare(outgoing: Outgoing, call: CallOptions): QueuedMessage
  /** Says something new, or an edited question anew. */
  say(
    message: QueuedMessage,
    call: CallOptions,
    change?: { readonly edited?: MessageNode | undefined; readonly queue?: ChatState['queue'] },
  ): Promise<Outcome>
  /** Asks the question anew to which the message with this id is the answer, or the newest. */
  askAgain(messageId: string | undefined, call: CallOptions): Promise<Outcome>
  /** Goes on with the newest answer: what the page has said of its tools goes to the server. */
  step(last: MessageNode, call: CallOptions): Promise<Outcome>
  /** Sends the request of an answer that is not complete once more; under the same channel id it is the same run. */
  repeat(node: MessageNode, call: CallOptions, channelId: string | undefined): Promise<Outcome>
}

export function createAsking(
  channel: Channel,
  settings: ConversationSettings,
  shown: ShownState,
  writer: AnswerWriter,
): Asking {
  const { id, generateId, prepareRequest, setHeaders } = settings

  async function ask(
    tree: MessageTree,
    node: MessageNode,
    call: CallOptions,
    channelId = createChannelId(),
    change: Partial<Pick<ChatState, 'queue' | 'info'>> = {},
  ): Promise<Outcome> {
    const { request, origin } = node
    if (!request) throw new ChannelError('NOTHING_TO_RESUME')
    const until = origin ? node.key : node.parent
    const body: ChatRequestBody = {
      id,
      messages: pathOf(tree, until).map(({ key, message }) =>
        key === node.key && origin ? { ...message, ...origin, id: message.id } : message,
      ),
      trigger: request.trigger,
      messageId: request.messageId,
      answerId: node.key,
    }
    const { input, headers } = requestBody(body, request, call.headers, prepareRequest)
    setHeaders(headers)
    return writer.write(tree, nextTurn(tree, node), () => channel.start(input, { channelId, origin }), {
      ...change,
      channelId,
    })
  }

  function answerNode(
    parent: string | undefined,
    request: PendingRequest,
    answerId = generateId(),
  ): MessageNode {
    const message: ChatMessage = { id: answerId, role: 'assistant', parts: [] }
    return { key: uniqueKey(answerId, shown.now.tree.nodes), parent, message, request }
  }

  const release = () => shown.now.stage.name === 'held' && shown.set({ stage: released(shown.now.stage) })

  return {
    prepare({ parts, metadata, role, id: given }, call) {
      const ids = { id: given ?? generateId(), answerId: generateId(), channelId: createChannelId() }
      return { ...ids, role, parts, ...(metadata !== undefined && { metadata }), request: extrasOf(call) }
    },

    async say({ id: questionId, role, parts, metadata, answerId, channelId }, call, { edited, queue } = {}) {
      const { tree, info } = shown.now
      const message: ChatMessage = {
        id: questionId,
        role,
        parts,
        ...(metadata !== undefined && { metadata }),
      }
      const key = uniqueKey(questionId, tree.nodes)
      const asked = withLeaf(tree, { key, parent: edited ? edited.parent : tree.leaf, message })
      const request: PendingRequest = {
        ...extrasOf(call),
        trigger: 'submit-message',
        messageId: edited ? edited.message.id : questionId,
      }
      release()
      const isFirst = !info.title && role === 'user'
      return ask(asked, answerNode(key, request, answerId), call, channelId, {
        ...(isFirst && { info: { ...info, title: titleOf(message) } }),
        ...(queue && { queue }),
      })
    },

    async askAgain(messageId, call) {
      const { tree } = shown.now
      const path = pathOf(tree)
      const end = endOfQuestion(path, messageId)
      const dropped = path[end]
      const request: PendingRequest = {
        ...extrasOf(call),
        trigger: 'regenerate-message',
        messageId: dropped?.message.id,
      }
      const node = answerNode(path[end - 1]?.key, request)
      // Of what never came no branch is kept.
      const isEmpty = dropped && path.length === end + 1 && dropped.message.parts.length === 0
      release()
      return ask(tree, isEmpty ? { ...node, key: dropped.key } : node, call)
    },

    async step(last, call) {
      const { id: messageId, parts, metadata } = last.message
      const request: PendingRequest = { ...extrasOf(call), trigger: 'submit-message', messageId }
      return ask(shown.now.tree, { ...last, request, origin: { id: messageId, parts, metadata } }, call)
    },

    repeat: (node, call, channelId) => ask(shown.now.tree, node, call, channelId),
  }
}

const extrasOf = ({ body, metadata }: CallOptions): RequestExtras => ({
  ...(body && { body }),
  ...(metadata !== undefined && { metadata }),
})

const titleOf = (message: ChatMessage): string =>
  messageText(message).trim().replace(/\s+/g, ' ').slice(0, 60)
