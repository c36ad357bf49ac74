import { ChannelError } from '../core/channel-error.js'
import { pathOf, type MessageNode, type MessageTree } from './message-tree.js'

/**
 * The message with this id: the one that is shown, if there are others of that id.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function messageNode(tree: MessageTree, messageId: string): MessageNode {
  const hasId = ({ message }: MessageNode) => message.id === messageId
  const node = pathOf(tree).find(hasId) ?? [...tree.nodes.values()].find(hasId)
  if (node) return node
  throw new ChannelError('BAD_OPTIONS', `There is no message ${JSON.stringify(messageId)}.`)
}

/**
 * The question with this id, of those that are shown.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function questionNode(tree: MessageTree, messageId: string): MessageNode {
  const node = pathOf(tree).find(({ message }) => message.id === messageId)
  if (node && node.message.role !== 'assistant') return node
  throw new ChannelError(
    'BAD_OPTIONS',
    `There is no question ${JSON.stringify(messageId)} to edit. Pass the id of a user's message out of messages.`,
  )
}

/**
 * The index after the question that the message answers, or that it is; without an id the newest question.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function endOfQuestion(path: readonly MessageNode[], messageId: string | undefined): number {
  let index = path.length - 1
  if (messageId !== undefined) index = path.findIndex(({ message }) => message.id === messageId)
  while (index >= 0 && path[index]?.message.role !== 'user') index--
  if (index < 0)
    throw new ChannelError(
      'BAD_OPTIONS',
      messageId === undefined
        ? 'regenerate() needs a question: the conversation has none. Call sendMessage(text) first.'
        : `regenerate() found no question for the message ${JSON.stringify(messageId)}. Pass an id out of messages.`,
    )
  return index + 1
}
