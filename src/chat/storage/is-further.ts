import { messageSize, type ChatMessage } from '../chat-message.js'

const RANK = { idle: 0, submitted: 0, streaming: 0, error: 1, stopped: 2, done: 3 } as const

const rankOf = ({ status }: ChatMessage): number => (status === undefined ? 3 : RANK[status])

/** Whether the first is a later state of a message than the second: who comes late must not take back what is complete. */
export function isFurther(first: ChatMessage, second: ChatMessage): boolean {
  const ranks = rankOf(first) - rankOf(second)
  if (ranks !== 0) return ranks > 0
  if (rankOf(first) > 1) return false
  const [a, b] = [messageSize(first), messageSize(second)]
  return first.channelId === second.channelId && a.characters + a.others > b.characters + b.others
}
