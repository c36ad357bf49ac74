/**
 * How an entry of a channel is meant. `stopped`: the run was ended by a stop request.
 * @see docs/unicloud.md#on-the-wire
 */
export type EntryKind = 'message' | 'end' | 'stopped'

/** One entry of a channel's log. `seq` is dense from 0. */
export interface LogEntry {
  readonly seq: number
  readonly kind: EntryKind
  /** Any JSON; `null` where nothing was passed. */
  readonly message: unknown
}

/**
 * What `SSEChannel.toJSON()` gives and a cloud function receives: the fields of the vendor's own client and no other,
 * since what the vendor's cloud side accepts is not published.
 */
export interface ChannelDescriptor {
  readonly appId: string
  readonly pushClientId: string
  /** The vendor's are a time, a dash and a number; those of clients of ours carry a mark. */
  readonly seqId: string
}

/** Begins the seqId of a client that reads envelopes and logs. */
const MARK = 'wire1~'

/** The seqId that tells a function that this client reads envelopes, and the log `channelId`. */
export const seqIdOf = (channelId: string): string => MARK + channelId

/** Does this client read envelopes and logs? */
export const isMarked = (seqId: string): boolean => seqId.startsWith(MARK)

/** The channel that a seqId stands for: the id of its log. */
export const channelIdOf = (seqId: string): string => (isMarked(seqId) ? seqId.slice(MARK.length) : seqId)

/**
 * Consecutive entries in one push, inside the `message` of the vendor's payload. Without `items` it is only a hint
 * that entries up to `to` are in the log.
 */
export interface PushEnvelope {
  readonly wire: 1
  readonly from: number
  readonly to: number
  /** Messages of the entries `from` to `to`. */
  readonly items?: readonly unknown[]
  /** Kind of the entry `to`, unless it is a message. */
  readonly last?: 'end' | 'stopped'
}

/** What a reader function takes. Positions are entries, not bytes. */
export type ReaderRequest =
  | { readonly action: 'read'; readonly channelId: string; readonly from: number }
  | { readonly action: 'stop'; readonly channelId: string }
  /** The client's push id changed while the run was going. */
  | { readonly action: 'move'; readonly channelId: string; readonly pushClientId: string }

/** What a reader answers: the entries from where it was asked. */
export interface ReaderAnswer {
  readonly entries: readonly LogEntry[]
  /** There are more entries than fit this answer. */
  readonly more: boolean
  /** When the producer last showed that it is alive, in milliseconds of the cloud's clock; 0 if never. */
  readonly beatAt: number
}

export function isEnvelope(value: unknown): value is PushEnvelope {
  if (typeof value !== 'object' || value === null) return false
  const { wire, from, to } = value as Partial<PushEnvelope>
  return wire === 1 && isPosition(from) && isPosition(to) && from <= to
}

/** Did a reader function answer this? Another function, or one that wraps its answer, says something else. */
export function isAnswer(value: unknown): value is ReaderAnswer {
  const { entries, more, beatAt } = Object(value) as Partial<Record<keyof ReaderAnswer, unknown>>
  return Array.isArray(entries) && typeof more === 'boolean' && typeof beatAt === 'number'
}

/** The entries an envelope carries; none for a hint. */
export function entriesOf({ from, to, items, last }: PushEnvelope): LogEntry[] {
  return (items ?? []).map((message, index) => {
    const seq = from + index
    return { seq, kind: seq === to && last ? last : 'message', message }
  })
}

export function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
