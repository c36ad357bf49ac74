import type { ChannelEvent } from '../../core/channel-event.js'
import type { Cursor } from '../../core/cursor.js'

/** How a channel ended. */
export type Outcome = 'done' | 'stopped' | 'error'

/** `expired`: only the tombstone is left, the events are gone. */
export type ChannelStatus = 'active' | Outcome | 'expired'

/** How a channel ended; `expired`: only the tombstone is left. */
export type EndedStatus = Exclude<ChannelStatus, 'active'>

/**
 * What fills a channel: one producer (`run`), or whoever calls `send` (`feed`). A `client-run` is a run whose id a
 * client has proposed: the application's own names come before it.
 */
export type ChannelKind = 'run' | 'client-run' | 'feed'

/** An event before the log gives it its id. `type` and `data` as in `ChannelEvent`. */
export interface EventDraft {
  readonly type: string
  readonly data: string
}

/** A channel that a log is to make. */
export interface NewChannel {
  readonly channelId: string
  readonly kind: ChannelKind
  /** The name of the stream format its events are written in. */
  readonly format: string
  /** The application's own, JSON only: who owns the channel, what it is about. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** An active channel expires after this long without an append, in milliseconds. `Infinity` for never. */
  readonly timeoutMs: number
  /**
   * What the tombstone of an expired channel of this id means: `refuse` where creating it again could bill twice,
   * `replace` where the name is reused on purpose.
   */
  readonly tombstone: 'refuse' | 'replace'
  /**
   * What ends it, as an error, when the process that creates it dies before the channel has ended. For logs that
   * outlive their processes; others ignore it. Without it the channel goes on without that process.
   */
  readonly ifLost?: readonly EventDraft[]
  /**
   * What ends it when `finish` is called, by whoever: as `stopped` a run, as `done` any other. Without it nothing is
   * written. For processes that do not know its format.
   */
  readonly ifFinished?: readonly EventDraft[]
  /**
   * How another process goes on with it when the one that creates it dies, before `ifLost` is thought of. For logs that
   * outlive their processes; needs `ifLost`.
   */
  readonly resume?: Resume | undefined
  /** Active channels that may share `key`, this one with them. */
  readonly quota?: { readonly key: string; readonly max: number } | undefined
}

/** How a run is gone on with: who can, and what it was begun with (JSON, or nothing). */
export interface Resume {
  readonly name: string
  readonly input: string
}

/** A run whose process died, and that is now the one's who is told. Nobody else writes to it any more. */
export interface Orphan {
  readonly channel: ChannelInfo
  readonly resume: Resume
}

/** Who goes on with runs of other processes. Its methods must not throw. */
export interface Adopter {
  /** Of the runs it can go on with. */
  readonly names: readonly string[]
  take(orphan: Orphan): void
  /** Another process goes on with a run of this one, which was taken for dead. */
  taken(channelId: string): void
}

/** What is known of a channel, without its events. */
export interface ChannelInfo {
  readonly channelId: string
  readonly kind: ChannelKind
  readonly epoch: string
  readonly format: string
  readonly status: ChannelStatus
  readonly metadata: Readonly<Record<string, unknown>>
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Milliseconds since 1970; null for never. A tombstone: when it expired. */
  readonly expiresAt: number | null
  /** Cursors of the first and last event kept; null when none is. */
  readonly earliest: string | null
  readonly last: string | null
  /** Events and bytes (UTF-8, of type and data) kept. */
  readonly events: number
  readonly bytes: number
}

/** Events in order, dense: the one at index `i` has the sequence number `seq + i`. */
export interface Batch {
  readonly seq: number
  readonly events: readonly ChannelEvent[]
  /** The channel has ended and nothing comes after these events. */
  readonly ended: boolean
}

/** How much one read takes at the most. At least one event is always taken. */
export interface PageLimit {
  readonly maxEvents: number
  readonly maxBytes: number
}

/**
 * What is behind a cursor.
 * - `events`: the next ones; none when the cursor is at the tail.
 * - `gap`: some were trimmed, or the cursor's epoch is another. With the cursors of the first and last event kept.
 * - `ahead`: the cursor is beyond the tail.
 * - `none`: no such channel, or no longer.
 */
export type Page =
  | { readonly kind: 'events'; readonly channel: ChannelInfo; readonly batch: Batch }
  | { readonly kind: 'gap'; readonly channel: ChannelInfo }
  | { readonly kind: 'ahead' }
  | { readonly kind: 'none' }

/** Takes what is appended from now on. Its methods must not throw. */
export interface Follower {
  batch(batch: Batch): void
  /** The channel was removed or expired, or the log is closed. Nothing comes after. A log that is away is waited for. */
  gone(): void
}

/** A reader of what comes from now on. */
export interface Following {
  /** The sequence number the first batch will have. What is before it must be read. */
  readonly nextSeq: number
  /** Idempotent; the follower is not called afterwards. */
  stop(): void
}

/**
 * The stored events of all channels: the port that memory and Redis Streams implement.
 *
 * Appends of one caller take effect in the order of the calls, whether it awaits them or not. Each is atomic: a reader
 * sees all its events or none. Once `append` with an outcome has taken effect the channel takes no more.
 */
export interface EventLog {
  /**
   * Atomic: of two callers with the same id one gets CHANNEL_EXISTS.
   * @throws {ChannelError} CHANNEL_EXISTS; HISTORY_EXPIRED (a tombstone, and `tombstone: 'refuse'`); RATE_LIMITED (the
   * quota); SERVER_BUSY
   */
  create(channel: NewChannel): Promise<ChannelInfo>
  /**
   * @param outcome ends the channel with these events.
   * @returns the cursors of the events
   * @throws {ChannelError} CHANNEL_NOT_FOUND, CHANNEL_CLOSED, EVENT_TOO_LARGE
   */
  append(channelId: string, events: readonly EventDraft[], outcome?: Outcome): Promise<readonly string[]>
  /**
   * Ends it as its creation said (`ifFinished`), if it is active.
   * @returns how it ended, now or before; `expired` where there is no such channel
   */
  finish(channelId: string): Promise<EndedStatus>
  /** Reads after the cursor, or from the earliest event kept. */
  read(channelId: string, after: Cursor | undefined, limit: PageLimit): Promise<Page>
  /**
   * Tells of every append from a point on; with `read` up to `nextSeq` there is no hole between.
   * @throws {ChannelError} CHANNEL_NOT_FOUND
   */
  follow(channelId: string, follower: Follower): Promise<Following>
  /**
   * Calls once when the channel has ended or is gone, whoever ended it and on whatever node, with how; at once if it
   * already has. With undefined when the log is closed before. Returns its undo.
   */
  onEnd(channelId: string, listener: (status: EndedStatus | undefined) => void): () => void
  info(channelId: string): Promise<ChannelInfo | undefined>
  /** Channels that are still open, or tombstones of those that expired. */
  list(status: 'active' | 'expired'): Promise<readonly ChannelInfo[]>
  /** How many channels are still open. */
  countActive(): Promise<number>
  /**
   * Removes the channel and its tombstone. False when there was neither.
   * @param epoch of this one only: whoever has looked before must not take away what another one made since
   */
  remove(channelId: string, epoch?: string): Promise<boolean>
  /** Lets `name` point at the channel, until another takes its place. It is forgotten when the channel is. */
  point(name: string, channelId: string): Promise<void>
  /** The channel that `name` points at; undefined for none, and for one that is gone or expired. */
  pointed(name: string): Promise<string | undefined>
  /**
   * Gives the adopter runs whose process died, each to one process only. Returns its undo. Absent: with the process the
   * log is gone, too.
   */
  adopt?(adopter: Adopter): () => void
  /** Gives up a run of this process: whoever can goes on with it, and where nobody can it ends as `ifLost`. */
  release?(channelId: string): Promise<void>
  /**
   * For how long no channel has been lost, in milliseconds: each that was created since is still there, if only as a
   * tombstone. Absent: that can't be said.
   */
  keptMs?(): number
  /**
   * Resolves when it can be written. Absent: whoever asks looks whether it can be read.
   * @throws {ChannelError} SERVER_ERROR, SERVER_BUSY
   */
  ready?(): Promise<void>
  /** Stops timers and connections. What is in memory is lost. Idempotent. */
  close(): Promise<void>
}
