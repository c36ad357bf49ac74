import type { ChannelEvent } from '../../../core/channel-event.js'
import { formatCursor, stemOf } from '../../../core/cursor.js'
import type { ChannelInfo, ChannelStatus, EventDraft } from '../event-log.js'
import { eventBytes } from './event-bytes.js'

/** A stream entry as Redis answers it: `[id, [field, value, …]]`. */
export type RawEntry = readonly [id: string, fields: readonly string[]]

/** A channel as the scripts answer it. */
export type RawChannel = readonly [
  status: string,
  kind: string,
  epoch: string,
  lineage: string,
  format: string,
  metadata: string,
  created: string,
  expires: string,
  first: string,
  next: string,
  bytes: string,
]

export interface Entry {
  readonly seq: number
  readonly events: readonly ChannelEvent[]
  /** The channel's last. */
  readonly ended: boolean
}

const MAX_EVENTS = 64
const MAX_BYTES = 64 * 1024

/**
 * Events as the append script takes them: for every stream entry count, bytes, sizes, events. Many events share an
 * entry, since what an entry costs is mostly not its bytes.
 */
export function packEvents(drafts: readonly EventDraft[]): string[] {
  const chunks: string[] = []
  for (let at = 0; at < drafts.length || chunks.length === 0;) {
    const sizes: number[] = []
    const packed: (string | readonly [string, string])[] = []
    let bytes = 0
    for (let draft = drafts[at]; draft && packed.length < MAX_EVENTS; draft = drafts[++at]) {
      const size = eventBytes(draft)
      if (packed.length > 0 && bytes + size > MAX_BYTES) break
      bytes += size
      sizes.push(size)
      packed.push(draft.type === 'message' ? draft.data : [draft.type, draft.data])
    }
    // JSON, because it keeps any string whole, halves of surrogate pairs too.
    chunks.push(String(packed.length), String(bytes), sizes.join(), JSON.stringify(packed))
    if (drafts.length === 0) break
  }
  return chunks
}

/** The generations of an epoch: which one an event is of, by its number. */
export function epochsOf(stem: string, lineage: string): (seq: number) => string {
  if (!lineage.includes(',')) {
    const [name = ''] = lineage.split(':')
    const only = epochOf(stem, name)
    return () => only
  }
  const generations = lineage.split(',').map((item) => {
    const [name = '', from = '0'] = item.split(':')
    return { from: Number(from), epoch: epochOf(stem, name) }
  })
  return (seq) => {
    let found = generations[0]?.epoch ?? stem
    for (const { from, epoch } of generations) if (from <= seq) found = epoch
    return found
  }
}

export const epochOf = (stem: string, generation: string) =>
  generation === '' ? stem : `${stem}.${generation}`

/** The two parts of an epoch. */
export function partsOf(epoch: string): readonly [stem: string, generation: string] {
  const stem = stemOf(epoch)
  return [stem, epoch.slice(stem.length + 1)]
}

export function unpackEntry([id, fields]: RawEntry, epochAt: (seq: number) => string): Entry {
  const seq = Number(id.slice(id.indexOf('-') + 1))
  return { seq, events: unpackEvents(fields[7] ?? '[]', seq, epochAt), ended: fields[8] === 'e' }
}

/** Events as `packEvents` made them. */
export function unpackEvents(json: string, seq: number, epochAt: (seq: number) => string): ChannelEvent[] {
  const packed = JSON.parse(json) as (string | [string, string])[]
  return packed.map((event, index) => {
    const [type, data] = typeof event === 'string' ? ['message', event] : event
    return { id: formatCursor(epochAt(seq + index), seq + index), type, data }
  })
}

export function readChannelInfo(channelId: string, raw: RawChannel): ChannelInfo {
  const [status, kind, stem, lineage, format, metadata, created, expires, firstText, nextText, bytes] = raw
  const [first, next] = [Number(firstText), Number(nextText)]
  const epochAt = epochsOf(stem, lineage)
  return {
    channelId,
    kind: kind === 'feed' || kind === 'client-run' ? kind : 'run',
    epoch: epochAt(next),
    format,
    status: status as ChannelStatus,
    metadata: JSON.parse(metadata) as Record<string, unknown>,
    createdAt: Number(created),
    expiresAt: expires ? Number(expires) : null,
    earliest: first < next ? formatCursor(epochAt(first), first) : null,
    last: first < next ? formatCursor(epochAt(next - 1), next - 1) : null,
    events: next - first,
    bytes: Number(bytes),
  }
}
