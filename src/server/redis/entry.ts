import type { ChannelEvent } from '../../core/channel-event.js'
import { formatCursor } from '../../core/cursor.js'
import type { ChannelInfo, ChannelStatus, EventDraft } from '../event-log.js'
import { eventBytes } from '../memory-channel.js'

/** A stream entry as Redis answers it: `[id, [field, value, …]]`. */
export type RawEntry = readonly [id: string, fields: readonly string[]]

/** Fields of a hash in order, and its expiry or ''. */
export type RawInfo = readonly [fields: readonly string[], expiry: string]

export interface Entry {
  readonly epoch: string
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

export function unpackEntry([id, fields]: RawEntry): Entry {
  const [epoch = '', first = ''] = id.split('-')
  const seq = Number(first)
  const packed = JSON.parse(fields[5] ?? '[]') as (string | [string, string])[]
  const events = packed.map((event, index) => {
    const [type, data] = typeof event === 'string' ? ['message', event] : event
    return { id: formatCursor(epoch, seq + index), type, data }
  })
  return { epoch, seq, events, ended: fields[6] === 'e' }
}

export function readInfo(channelId: string, [fields, expiry]: RawInfo): ChannelInfo {
  const hash: Record<string, string> = {}
  for (let i = 0; i + 1 < fields.length; i += 2) hash[fields[i] as string] = fields[i + 1] as string
  const { epoch = '', status, buried } = hash
  const [first, next] = [Number(hash.first), Number(hash.next)]
  const expiresAt = status === 'expired' ? buried : expiry
  return {
    channelId,
    kind: hash.kind === 'feed' || hash.kind === 'client-run' ? hash.kind : 'run',
    epoch,
    format: hash.format ?? '',
    status: status as ChannelStatus,
    metadata: JSON.parse(hash.metadata ?? '{}') as Record<string, unknown>,
    createdAt: Number(hash.created),
    expiresAt: expiresAt ? Number(expiresAt) : null,
    earliest: first < next ? formatCursor(epoch, first) : null,
    last: first < next ? formatCursor(epoch, next - 1) : null,
    events: next - first,
    bytes: Number(hash.bytes),
  }
}
