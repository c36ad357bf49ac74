import { listOf } from '../../vendors/fields.js'
import type { ConversationInfo } from './chat-storage.js'
import type { JsonRecords } from './json-records.js'

/**
 * All conversations, in two reads. The truth is in their heads: the list holds copies of them, and the ids of those whose
 * head has to be looked at, since it was about to change when the list was written. So the two agree wherever an app dies.
 */
export interface ConversationList {
  /** Before a head is written or removed. */
  touch(id: string): void
  all(): readonly ConversationInfo[]
}

/** Heads that are looked at; with one more the list is written anew. */
const MAX_TOUCHED = 16

/** As little as says it: there may be thousands. */
type Row = readonly [id: string, title: string, flags: number, createdAt: number, updatedAt: number]

export function createConversationList(
  records: JsonRecords,
  prefix: string,
  infoOf: (id: string) => ConversationInfo | undefined,
): ConversationList {
  const listKey = `${prefix}/list`
  const touchedKey = `${prefix}/touched`

  const touched = () => listOf(records.read(touchedKey)).filter((id) => typeof id === 'string')

  function all(): ConversationInfo[] {
    const rows = listOf(records.read(listKey)).filter(isRow)
    const infos = new Map<string, ConversationInfo>()
    for (const row of rows) infos.set(row[0], infoFrom(row))
    for (const id of touched()) {
      const info = infoOf(id)
      if (info) infos.set(id, info)
      else infos.delete(id)
    }
    return [...infos.values()]
  }

  return {
    all,
    touch(id) {
      const ids = touched()
      if (ids.includes(id)) return
      if (ids.length < MAX_TOUCHED) return records.write(touchedKey, [...ids, id])
      records.write(listKey, all().map(rowOf))
      records.write(touchedKey, [id])
    },
  }
}

function isRow(value: unknown): value is Row {
  const [id, title, ...numbers] = listOf(value)
  return (
    typeof id === 'string' &&
    typeof title === 'string' &&
    numbers.length === 3 &&
    numbers.every(Number.isFinite)
  )
}

const rowOf = ({ id, title, isPinned, isUnread, createdAt, updatedAt }: ConversationInfo): Row => [
  id,
  title,
  Number(isPinned) + 2 * Number(isUnread),
  createdAt,
  updatedAt,
]

const infoFrom = ([id, title, flags, createdAt, updatedAt]: Row): ConversationInfo => ({
  id,
  title,
  isPinned: flags % 2 === 1,
  isUnread: flags > 1,
  createdAt,
  updatedAt,
})
