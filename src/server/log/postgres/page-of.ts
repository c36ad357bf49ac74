import type { Cursor } from '../../../core/cursor.js'
import type { Page, PageLimit } from '../event-log.js'
import { readChannelInfo, unpackEvents, type RawChannel } from '../shared/entry.js'
import { eventBytes } from '../shared/event-bytes.js'

/** What Postgres answers to a read: the channel, and rows of packed events, each with the number of its first. */
export type ReadAnswer = readonly [
  channel: RawChannel,
  rows: readonly (readonly [first: number, packed: string])[],
]

/** The page a reader gets: the events after its cursor within the limit, or why there are none. */
export function pageOf(
  channelId: string,
  [raw, rows]: ReadAnswer,
  after: Cursor | undefined,
  limit: PageLimit,
): Page {
  const channel = readChannelInfo(channelId, raw)
  const [first, next] = [Number(raw[8]), Number(raw[9])]
  const isActive = channel.status === 'active'
  // An ended channel has at least its end: to begin with nothing would hide that everything is gone.
  if (after === undefined && !isActive && first === next && next > 0) return { kind: 'gap', channel }
  if (after && after.epoch !== channel.epoch) return { kind: 'gap', channel }
  const seq = after ? after.seq + 1 : first
  if (seq > next) return { kind: 'ahead' }
  if (seq < first) return { kind: 'gap', channel }
  const all = rows
    .flatMap(([at, text]) => unpackEvents(text, at, () => channel.epoch))
    .slice(seq - (rows[0]?.[0] ?? seq))
  let taken = 0
  let size = 0
  for (const event of all) {
    size += eventBytes(event)
    if (taken > 0 && (taken >= limit.maxEvents || size > limit.maxBytes)) break
    taken++
  }
  const page = all.slice(0, taken)
  return { kind: 'events', channel, batch: { seq, events: page, ended: !isActive && seq + taken === next } }
}
