import { randomBytes } from 'node:crypto'
import { ChannelError } from '../../core/channel-error.js'
import { createConnection } from '../log/redis/connection.js'
import { linksOf, type RedisConnection } from '../log/redis/redis-client.js'
import type {
  ConversationHead,
  ConversationInfo,
  ConversationNode,
  ConversationStore,
} from './conversation-store.js'
import { pageOf, readPlace, type ListPlace } from './list-place.js'
import { listScript, loadScript, removeScript, writeScript } from './redis-scripts.js'
import { troublesOf } from '../log/redis/trouble.js'

/** Which Redis, and under which names. */
export interface RedisConversationsOptions {
  /** As for `redisLog`. */
  readonly connection: RedisConnection
  /** Of every key. Default `uni-sse-chats:`. */
  readonly prefix?: string
  /** How long a call waits for a Redis that is away before it fails, in milliseconds. Default 5,000. */
  readonly offlineMs?: number
  /** Hears once of every outage, and when Redis refuses. Must not throw. */
  readonly onError?: (error: ChannelError) => void
}

/** A silent Redis is given so long before another connection is tried, in milliseconds. */
const SILENCE_MS = 1_500

/** Above every time in milliseconds there will be for long: pinned ones come first. */
const PINNED = 2 ** 46

const scoreOf = ({ isPinned, updatedAt }: ListPlace) => String((isPinned ? PINNED : 0) + updatedAt)

/**
 * Conversations in Redis 7 or later: a hash for each, which lasts until it is removed. In a Redis Cluster all of one user
 * are in one slot. Switch `appendonly` on: this is not a cache.
 */
export function redisConversations(options: RedisConversationsOptions): ConversationStore {
  const { connection: to, prefix = 'uni-sse-chats:', offlineMs = 5_000, onError = () => undefined } = options
  const troubles = troublesOf('The store of conversations')
  const connection = createConnection({
    troubles,
    open: linksOf(to),
    offlineMs,
    silenceMs: SILENCE_MS,
    onError,
  })

  /** A hash tag of characters that mean nothing to Redis, whatever the user's name is. */
  const home = (userId: string) => `${prefix}{${Buffer.from(JSON.stringify(userId)).toString('base64url')}}:`
  const listOf = (userId: string) => ({ list: `${home(userId)}list`, infos: `${home(userId)}infos` })
  const chatOf = (userId: string, chatId: string) => `${home(userId)}chat:${chatId}`

  return {
    async load({ userId, chatId }, keys) {
      const chat = chatOf(userId, chatId)
      const answer = (await connection.script(chat, loadScript, () => ({
        keys: { chat },
        args: { wish: keys ? 'some' : 'all' },
        more: keys ?? [],
      }))) as readonly string[] | null | undefined
      if (!answer) return undefined
      const [rev, head = '', ...found] = answer
      return { rev: Number(rev), head: JSON.parse(head) as ConversationHead, nodes: nodesOf(found) }
    },

    async write({ userId, chatId }, { ifRev, head, put, removed, most }) {
      const chat = chatOf(userId, chatId)
      const { info } = head
      // The same in every try of this call.
      const nonce = randomBytes(9).toString('hex')
      const answer = await connection.script(chat, writeScript, () => ({
        keys: { chat, ...listOf(userId) },
        args: {
          ifRev,
          id: chatId,
          score: scoreOf(info),
          info: JSON.stringify(info),
          head: JSON.stringify(head),
          removals: removed.length,
          most: most ?? '',
          nonce,
        },
        more: [...removed, ...put.flatMap((node) => [node.key, JSON.stringify(node)])],
      }))
      if (answer === 'full') throw new ChannelError('CONVERSATION_LIMIT')
      return answer === 1
    },

    async list(userId, { limit, after }) {
      const place = after === undefined ? undefined : readPlace(after)
      const keys = listOf(userId)
      const answer = (await connection.script(keys.list, listScript, () => ({
        keys,
        args: { limit: limit + 1, score: place ? scoreOf(place) : '', id: place?.id ?? '' },
      }))) as readonly string[]
      return pageOf(
        answer.map((text) => JSON.parse(text) as ConversationInfo),
        limit,
      )
    },

    async remove({ userId, chatId }) {
      const chat = chatOf(userId, chatId)
      const keys = { chat, ...listOf(userId) }
      let tries = 0
      const answer = await connection.script(chat, removeScript, () => {
        tries++
        return { keys, args: { id: chatId } }
      })
      // Gone at a second try: it may have been the first one that took it away, and whoever asked wants to know that.
      return answer === 1 || tries > 1
    },

    close: async () => connection.close(),
  }
}

/** Numbers and nodes by turns, in whatever order Redis has them. */
function nodesOf(found: readonly string[]): readonly ConversationNode[] {
  const numbered: (readonly [number, ConversationNode])[] = []
  for (let at = 0; at < found.length; at += 2)
    numbered.push([Number(found[at]), JSON.parse(found[at + 1] as string) as ConversationNode])
  return numbered.sort(([a], [b]) => a - b).map(([, node]) => node)
}
