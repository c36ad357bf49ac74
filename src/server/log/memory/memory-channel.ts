import type { ChannelEvent } from '../../../core/channel-event.js'
import { formatCursor, stemOf, type Cursor } from '../../../core/cursor.js'
import { createEpoch } from '../../channel-id.js'
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
} from '../event-log.js'
import { eventBytes } from '../shared/event-bytes.js'

interface Entry {
  readonly event: ChannelEvent
  readonly at: number
  readonly bytes: number
}

/** All there is of a channel, for a log that keeps it elsewhere, too. */
export interface ChannelState {
  readonly spec: NewChannel
  /** Epochs of its ids, oldest first, each with the number it begins at. */
  readonly lineage: readonly Generation[]
  /** The number of the first event kept. */
  readonly first: number
  /** Each with when it came. */
  readonly events: readonly (EventDraft & { readonly at: number })[]
  readonly outcome: Outcome | undefined
  readonly createdAt: number
  readonly touchedAt: number
}

export interface Generation {
  readonly epoch: string
  readonly from: number
}

export interface ChannelBounds {
  readonly maxEvents: number
  readonly maxBytes: number
  readonly maxAgeMs: number
}

/** So many are remembered. */
const GENERATIONS = 8

/** One channel in memory: a window on the tail of its events. Time is an argument. */
export class MemoryChannel {
  readonly followers = new Set<Follower>()
  readonly endListeners = new Set<(status: EndedStatus) => void>()
  outcome: Outcome | undefined
  bytes = 0
  private lineage: readonly Generation[] = [{ epoch: createEpoch(), from: 0 }]
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

  static restored(state: ChannelState, bounds: ChannelBounds): MemoryChannel {
    const channel = new MemoryChannel(state.spec, bounds, state.createdAt)
    channel.lineage = state.lineage
    channel.nextSeq = state.first
    for (const { at, ...draft } of state.events) channel.add(draft, at)
    channel.outcome = state.outcome
    channel.touchedAt = state.touchedAt
    return channel
  }

  state(): ChannelState {
    const { spec, lineage, outcome, createdAt, touchedAt } = this
    const kept = this.entries.slice(this.head)
    const events = kept.map(({ event: { type, data }, at }) => ({ type, data, at }))
    return { spec, lineage, first: this.nextSeq - kept.length, events, outcome, createdAt, touchedAt }
  }

  /** What comes gets ids that nothing had, should the last events have been lost. */
  begin(name: string): Generation {
    const generation = { epoch: `${stemOf(this.epoch)}.${name}`, from: this.nextSeq }
    this.lineage = [...this.lineage.filter(({ from }) => from < this.nextSeq), generation].slice(-GENERATIONS)
    return generation
  }

  get epoch(): string {
    return (this.lineage[this.lineage.length - 1] as Generation).epoch
  }

  get tail(): number {
    return this.nextSeq
  }

  expiresAt(): number {
    return this.touchedAt + (this.outcome ? this.bounds.maxAgeMs : this.spec.timeoutMs)
  }

  append(drafts: readonly EventDraft[], outcome: Outcome | undefined, now: number): Batch {
    const seq = this.nextSeq
    const events = drafts.map((draft) => this.add(draft, now))
    this.touchedAt = now
    this.outcome = outcome
    this.trim(now)
    return { seq, events, ended: outcome !== undefined }
  }

  private add({ type, data }: EventDraft, at: number): ChannelEvent {
    const event = { id: formatCursor(this.epochAt(this.nextSeq), this.nextSeq), type, data }
    const bytes = eventBytes(event)
    this.nextSeq++
    this.entries.push({ event, at, bytes })
    this.bytes += bytes
    return event
  }

  private epochAt(seq: number): string {
    if (this.lineage.length === 1) return this.epoch
    const found = [...this.lineage].reverse().find(({ from }) => from <= seq)
    return found?.epoch ?? this.epoch
  }

  /** Whether an id of this epoch and number was or could be one of this channel's. */
  private knows({ epoch, seq }: Cursor): boolean {
    const at = this.lineage.findIndex((generation) => generation.epoch === epoch)
    const next = this.lineage[at + 1]
    return at >= 0 && (!next || seq < next.from)
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
    if (after && !this.knows(after)) return { kind: 'gap', channel }
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
