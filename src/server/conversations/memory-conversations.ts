import { ChannelError } from '../../core/channel-error.js'
import type {
  ConversationHead,
  ConversationName,
  ConversationNode,
  ConversationStore,
} from './conversation-store.js'
import { comparePlaces, pageOf, readPlace } from './list-place.js'

interface Kept {
  rev: number
  head: string
  /** As text, so that nobody who was given one changes what is kept. */
  readonly nodes: Map<string, string>
}

/** Conversations in this process, for as long as it lives: for development and tests. */
export function memoryConversations(): ConversationStore {
  const users = new Map<string, Map<string, Kept>>()
  const find = ({ userId, chatId }: ConversationName) => users.get(userId)?.get(chatId)
  const headOf = ({ head }: Kept) => JSON.parse(head) as ConversationHead

  function make({ userId, chatId }: ConversationName): Kept {
    const own = users.get(userId) ?? new Map<string, Kept>()
    users.set(userId, own)
    const kept: Kept = { rev: 0, head: '', nodes: new Map() }
    own.set(chatId, kept)
    return kept
  }

  return {
    async load(name, keys) {
      const kept = find(name)
      if (!kept) return undefined
      const texts = keys
        ? [...kept.nodes].flatMap(([key, text]) => (keys.includes(key) ? [text] : []))
        : [...kept.nodes.values()]
      const nodes = texts.map((text) => JSON.parse(text) as ConversationNode)
      return { rev: kept.rev, head: headOf(kept), nodes }
    },

    async write(name, { ifRev, head, put, removed, most = Infinity }) {
      const known = find(name)
      if ((known?.rev ?? 0) !== ifRev) return false
      if (!known && (users.get(name.userId)?.size ?? 0) >= most) throw new ChannelError('CONVERSATION_LIMIT')
      const kept = known ?? make(name)
      kept.rev++
      kept.head = JSON.stringify(head)
      for (const key of removed) kept.nodes.delete(key)
      for (const node of put) kept.nodes.set(node.key, JSON.stringify(node))
      return true
    },

    async list(userId, { limit, after }) {
      const place = after === undefined ? undefined : readPlace(after)
      const all = [...(users.get(userId)?.values() ?? [])].map((kept) => headOf(kept).info)
      const rest = all.sort(comparePlaces).filter((info) => !place || comparePlaces(place, info) < 0)
      return pageOf(rest.slice(0, limit + 1), limit)
    },

    async remove({ userId, chatId }) {
      return users.get(userId)?.delete(chatId) ?? false
    },

    close: async () => users.clear(),
  }
}
