import { ChannelError } from '../../core/channel-error.js'
import type { ConversationInfo } from './conversation-store.js'

/** Where a conversation stands in its user's list. Each place is another, and says where the next page begins. */
export interface ListPlace {
  readonly isPinned: boolean
  readonly updatedAt: number
  readonly id: string
}

const written = /^([01])\.(\d{1,16})\.([A-Za-z0-9_-]{1,128})$/

export const writePlace = ({ isPinned, updatedAt, id }: ListPlace): string =>
  `${isPinned ? 1 : 0}.${updatedAt}.${id}`

/** @throws {ChannelError} BAD_REQUEST */
export function readPlace(text: string): ListPlace {
  const [, pinned, updatedAt, id] = written.exec(text) ?? []
  if (id === undefined) throw new ChannelError('BAD_REQUEST', 'after takes what a page has in next.')
  return { isPinned: pinned === '1', updatedAt: Number(updatedAt), id }
}

/** For a sort: pinned ones, then the newest, then by id, downwards. */
export function comparePlaces(a: ListPlace, b: ListPlace): number {
  if (a.isPinned !== b.isPinned) return a.isPinned ? -1 : 1
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1
}

/** A page of these, of which one more than `limit` was asked for. */
export function pageOf(found: readonly ConversationInfo[], limit: number) {
  const conversations = found.slice(0, limit)
  const last = conversations[conversations.length - 1]
  return last && found.length > limit ? { conversations, next: writePlace(last) } : { conversations }
}
