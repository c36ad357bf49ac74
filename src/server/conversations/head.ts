import { isTextPart } from '../../messages/part-guards.js'
import type { ConversationMessage } from './conversation-message.js'
import type { AnswerRun, ConversationHead } from './conversation-store.js'

/** Runs whose places are remembered: a client that stores its answer late must still find the server's. */
const MAX_RUNS = 32
const MAX_ALIASES = 64
const MAX_TITLE_CHARS = 60

export function newHead(id: string, now: number): ConversationHead {
  const info = { id, title: '', isPinned: false, isUnread: false, createdAt: now, updatedAt: now }
  return { info, queue: [], frame: 0, runs: [], aliases: {} }
}

/** With the place of a run, whose former one is forgotten; those that are open stay. */
export function withPlace(head: ConversationHead, key: string, run: AnswerRun | undefined): ConversationHead {
  if (!run) return head
  const { channelId, state } = run
  const others = head.runs.filter((place) => place.channelId !== channelId)
  const runs = [...others, { channelId, key, state }]
  const surplus = runs.length - MAX_RUNS
  return { ...head, runs: runs.filter((place, index) => index >= surplus || place.state === 'open') }
}

/** With another name for a key. */
export function withAlias(head: ConversationHead, from: string, to: string): ConversationHead {
  const aliases = Object.entries({ ...head.aliases, [from]: to }).slice(-MAX_ALIASES)
  return {
    ...head,
    aliases: Object.fromEntries(aliases),
    runs: head.runs.map((place) => (place.key === from ? { ...place, key: to } : place)),
  }
}

/** The beginning of what a message says. */
export const titleOf = ({ parts }: ConversationMessage): string =>
  parts
    .filter(isTextPart)
    .map(({ text }) => text)
    .join('')
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, MAX_TITLE_CHARS)
