import type { LogEntry } from '../cloud/wire.js'

/**
 * The entries of one channel on their way to the consumer: whatever order, however often they come, each leaves
 * once and in order.
 */
export interface Inbox {
  /** Position of the entry that is delivered next. */
  readonly next: number
  /** Entries after a hole, ascending. */
  readonly held: readonly LogEntry[]
  /** Entries before this position are known to exist. */
  readonly known: number
}

export const createInbox = (next: number): Inbox => ({ next, held: [], known: next })

/** Is something missing that is known to exist? */
export const hasHole = (inbox: Inbox): boolean => inbox.known > inbox.next

/**
 * Takes entries in; `deliver` are those whose turn has come.
 * @param known entries before this position exist, whether or not they came along
 */
export function accept(
  inbox: Inbox,
  entries: readonly LogEntry[],
  known: number,
): { readonly inbox: Inbox; readonly deliver: readonly LogEntry[] } {
  const held = [...inbox.held]
  for (const entry of entries) {
    const index = placeOf(held, entry.seq)
    const seen = entry.seq < inbox.next || held[index]?.seq === entry.seq
    if (!seen) held.splice(index, 0, entry)
  }
  let count = 0
  while (held[count]?.seq === inbox.next + count) count++
  const deliver = held.splice(0, count)
  const last = held[held.length - 1]
  const next = inbox.next + count
  return {
    inbox: { next, held, known: Math.max(inbox.known, known, next, last ? last.seq + 1 : 0) },
    deliver,
  }
}

/** From the end: new entries nearly always belong there. */
function placeOf(held: readonly LogEntry[], seq: number): number {
  let index = held.length
  while (index > 0 && (held[index - 1] as LogEntry).seq >= seq) index--
  return index
}
