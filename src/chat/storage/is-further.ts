import { messageSize, type ChatMessage } from '../chat-message.js'
import type { MessageNode } from '../message-tree.js'

const RANK = { idle: 0, submitted: 0, streaming: 0, error: 1, stopped: 2, done: 3 } as const

const rankOf = ({ status }: ChatMessage): number => (status === undefined ? 3 : RANK[status])

/** Whether the first is a later state of a message than the second: who comes late must not take back what is complete. */
export function isFurther(first: MessageNode, second: MessageNode): boolean {
  const turns = (first.turn ?? 0) - (second.turn ?? 0)
  if (turns !== 0) return turns > 0
  const ranks = rankOf(first.message) - rankOf(second.message)
  if (ranks !== 0) return ranks > 0
  if (rankOf(first.message) > 1) return false
  const [a, b] = [messageSize(first.message), messageSize(second.message)]
  const isSameRun = first.message.channelId === second.message.channelId
  return isSameRun && a.characters + a.others > b.characters + b.others
}
