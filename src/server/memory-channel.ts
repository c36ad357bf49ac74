import type { ChannelEvent } from '../core/channel-event.js'
import { formatCursor, type Cursor } from '../core/cursor.js'
import { createEpoch } from './channel-id.js'
import type {
  Batch,
  ChannelInfo,
  EndedStatus,
  EventDraft,
  Follower,
  NewChannel,
  Outcome,
  Page,
  PageLimit,
} from './event-log.js'

interface Entry {
  readonly event: ChannelEvent
  readonly at: number
  readonly bytes: number
}

export interface ChannelBounds {
  readonly maxEvents: number
  readonly maxBytes: number
  readonly maxAgeMs: number
}

export const eventBytes = (event: EventDraft) => Buffer.byteLength(event.data) + Buffer.byteLength(event.type)

/** One channel in memory: a window on the tail of its events. Time is an argument. */
export class MemoryChannel {
  readonly followers = new Set<Follower>()
  readonly endListeners = new Set<(status: EndedStatus) => void>()
  outcome: Outcome | undefined
  bytes = 0
  private readonly epoch = createEpoch()
  private entries: Entry[] = []
  /** Index of the first entry kept; those before it are dropped in bulk, since shifting one by one is quadratic. */
  private head = 0
  private nextSeq = 0
  private touchedAt: number

  constructor(
    readonly spec: NewChannel,
    private readonly bounds: ChannelBounds,
    private readonly createdAt: number,
  ) {
    this.touchedAt = createdAt
  }

  get tail(): number {
    return this.nextSeq
  }

  expiresAt(): number {
    return this.touchedAt + (this.outcome ? this.bounds.maxAgeMs : this.spec.timeoutMs)
  }

  append(drafts: readonly EventDraft[], outcome: Outcome | undefined, now: number): Batch {
    const seq = this.nextSeq
    const events = drafts.map((draft) => {
      const event = { id: formatCursor(this.epoch, this.nextSeq++), type: draft.type, data: draft.data }
      const bytes = eventBytes(draft)
      this.entries.push({ event, at: now, bytes })
      this.bytes += bytes
      return event
    })
    this.touchedAt = now
    this.outcome = outcome
    this.trim(now)
    return { seq, events, ended: outcome !== undefined }
  }

  trim(now: number): void {
    const { maxEvents, maxBytes, maxAgeMs } = this.bounds
    for (let first = this.entries[this.head]; first; first = this.entries[this.head]) {
      const fits = this.entries.length - this.head <= maxEvents && this.bytes <= maxBytes
      if (fits && now - first.at < maxAgeMs) break
      this.bytes -= first.bytes
      this.head++
    }
    if (this.head > 64 && this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head)
      this.head = 0
    }
  }

  read(after: Cursor | undefined, limit: PageLimit, now: number): Page {
    this.trim(now)
    const channel = this.info()
    const earliest = this.nextSeq - (this.entries.length - this.head)
    // An ended channel has at least its end: to begin with nothing would hide that everything is gone.
    const nothingLeft = this.outcome !== undefined && earliest === this.nextSeq && this.nextSeq > 0
    if (after === undefined && nothingLeft) return { kind: 'gap', channel }
    if (after && after.epoch !== this.epoch) return { kind: 'gap', channel }
    const seq = after ? after.seq + 1 : earliest
    if (seq > this.nextSeq) return { kind: 'ahead' }
    if (seq < earliest) return { kind: 'gap', channel }
    const events: ChannelEvent[] = []
    let bytes = 0
    for (let i = this.head + seq - earliest; i < this.entries.length; i++) {
      const entry = this.entries[i] as Entry
      bytes += entry.bytes
      if (events.length > 0 && (events.length >= limit.maxEvents || bytes > limit.maxBytes)) break
      events.push(entry.event)
    }
    const ended = this.outcome !== undefined && seq + events.length === this.nextSeq
    return { kind: 'events', channel, batch: { seq, events, ended } }
  }

  info(): ChannelInfo {
    const { channelId, kind, format, metadata } = this.spec
    const expiresAt = this.expiresAt()
    return {
      channelId,
      kind,
      epoch: this.epoch,
      format,
      status: this.outcome ?? 'active',
      metadata,
      createdAt: this.createdAt,
      expiresAt: expiresAt === Infinity ? null : expiresAt,
      earliest: this.entries[this.head]?.event.id ?? null,
      last: this.entries[this.entries.length - 1]?.event.id ?? null,
      events: this.entries.length - this.head,
      bytes: this.bytes,
    }
  }
}
