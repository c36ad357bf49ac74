import type { ConversationInfo } from 'uni-sse-channel'
import type { ChatWords } from '../chat-look/chat-words'
import { daysBetween } from '../chat-look/day-of'

interface Group {
  readonly name: string
  readonly list: readonly ConversationInfo[]
}

/** Pinned ones, then by the day something was said last. In the order they are given. */
export function groupsOf(
  conversations: readonly ConversationInfo[],
  words: ChatWords,
  now: number,
): readonly Group[] {
  const nameOf = ({ isPinned, updatedAt }: ConversationInfo) => {
    const days = daysBetween(updatedAt, now)
    if (isPinned) return words.pinned
    if (days <= 0) return words.today
    if (days === 1) return words.yesterday
    return days <= 7 ? words.lastWeek : words.before
  }
  const groups = new Map<string, ConversationInfo[]>()
  for (const one of conversations) {
    const name = nameOf(one)
    const list = groups.get(name) ?? []
    list.push(one)
    groups.set(name, list)
  }
  return Array.from(groups, ([name, list]) => ({ name, list }))
}
