import type { ChannelError } from '../../core/channel-error.js'
import type { ChannelEvent } from '../../core/channel-event.js'
import type { ChannelInfo, ChannelStatus, EndedStatus, EventLog } from '../log/event-log.js'
import type { ContentFilter } from '../filter/content-filter.js'
import type { Resumable } from './resumable.js'
import type { HubStats } from './hub-stats.js'
import type { HubLimits } from '../limits/hub-limits.js'
import type { Bucket } from '../limits/rate-limiter.js'
import type { Producer } from './producer.js'
import type { ReadOptions } from './read-channel.js'
import type { Observer, Signal } from './signal.js'
import type { StreamFormat } from './stream-format.js'
import type { Sink, Subscription } from './subscription.js'

/** What `createHub()` takes. */
export interface HubOptions {
  /** Where events are kept: `memoryLog()`. */
  readonly log: EventLog
  /** How runs are written unless they say otherwise. Default `uiMessageStream`. */
  readonly format?: StreamFormat
  /**
   * Hears of every failure, with its cause: of producers, of the log, of handlers.
   * Default: a process warning. Must not throw.
   */
  readonly onError?: (error: ChannelError, context: { readonly channelId: string | undefined }) => void
  readonly limits?: HubLimits
  /** Applied to every message and every chunk before it is stored, so that a replay is what was live. */
  readonly filter?: ContentFilter
  /**
   * Producers that this process can go on with when another one dies or goes down. Default none: then such runs end as
   * PRODUCER_LOST.
   */
  readonly resumable?: readonly Resumable[]
}

/** A channel to be made without a producer. */
export interface CreateOptions {
  /** Default: an unguessable one. */
  readonly channelId?: string
  /** Expires after this long without a message, in seconds. Default 3,600; `Infinity` for never. */
  readonly timeout?: number
  /** The application's own, JSON only. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Default `json`: any value can be sent. */
  readonly format?: StreamFormat
}

/** A message for a channel, and which channel it is for. */
export interface Message {
  readonly channelId: string
  /** A JSON value; what the channel's format takes. */
  readonly data: unknown
}

/** A message that is in the log. */
export interface Sent {
  readonly channelId: string
  /** The message's cursor. */
  readonly id: string
}

/** One message of a batch: sent, or why not. */
export type BatchResult =
  | { readonly ok: true; readonly channelId: string; readonly id: string }
  | { readonly ok: false; readonly channelId: string; readonly error: ChannelError }

/** A channel to be made with a producer. */
export interface RunOptions {
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Default: the hub's. */
  readonly format?: StreamFormat
  /**
   * Whether a client proposed the id. Such a run gives way when the application creates or runs a channel of that name.
   * Default `application`.
   */
  readonly namedBy?: 'application' | 'client'
  /** The conversation that the run answers in: `newestRun` finds it. */
  readonly chat?: ChatName | undefined
  /** The trace that the run belongs to, in the form of W3C. Handlers say what the request says. @see createTraces */
  readonly traceParent?: string | undefined
}

/** A conversation, by the id that its client gave it. The same id of two users names two conversations. */
export interface ChatName {
  readonly chatId: string
  readonly userId?: string | undefined
}

/** A producer that fills a channel. */
export interface Run {
  readonly channelId: string
  /** `attached`: the channel existed already, so the producer was not started. */
  readonly kind: 'started' | 'attached'
  /** Resolves with how it ended; `expired` when it is gone. Never rejects. */
  readonly ended: Promise<EndedStatus>
}

/** How a channel stands after a stop. */
export interface Stopped {
  readonly channelId: string
  readonly status: ChannelStatus
}

/** The channel has ended and the cursor is at its end. */
export interface DrainedOpening {
  readonly kind: 'drained'
  readonly channel: ChannelInfo
}

/** Events after the cursor are no longer kept, or its epoch is another. */
export interface GapOpening {
  readonly kind: 'gap'
  readonly channel: ChannelInfo
}

/** There are events, or the tail: subscribe once to go on from there. */
export interface ReadyOpening {
  readonly kind: 'ready'
  readonly channel: ChannelInfo
  subscribe(sink: Sink): Subscription
}

/** What is behind a cursor. */
export type Opening = ReadyOpening | DrainedOpening | GapOpening

/** Channels, and the producers that fill them. */
export interface Hub {
  /**
   * Opens a channel that `send` fills. Replaces an expired one of this id.
   * @throws {ChannelError} BAD_REQUEST (the id), CHANNEL_EXISTS, RATE_LIMITED (channels of the user), SERVER_BUSY
   */
  create(options?: CreateOptions): Promise<ChannelInfo>
  /** @throws {ChannelError} CHANNEL_NOT_FOUND, CHANNEL_CLOSED, EVENT_TOO_LARGE, RATE_LIMITED, BAD_OPTIONS (not JSON) */
  send(message: Message): Promise<Sent>
  /** Sends each; one that fails does not keep the others. Results in the order of the messages. */
  batchSend(messages: readonly Message[]): Promise<readonly BatchResult[]>
  /** @throws {ChannelError} CHANNEL_NOT_FOUND */
  getInfo(channelId: string): Promise<ChannelInfo>
  listActive(): Promise<readonly ChannelInfo[]>
  /** What is remembered of channels that expired, until `close` or the log forgets them. */
  listExpired(): Promise<readonly ChannelInfo[]>
  /**
   * Ends the channel: a run as stopped, any other as done. It stays readable while the log keeps it.
   * An expired one is forgotten, so that its id is free.
   * @throws {ChannelError} CHANNEL_NOT_FOUND
   */
  close(channelId: string): Promise<Stopped>
  getStats(): Promise<HubStats>
  /**
   * Runs the producer once for this id: when the channel exists already, also when two calls race, the later one
   * attaches to it.
   * @param channelId default: an unguessable one
   * @throws {ChannelError} BAD_REQUEST (the id), HISTORY_EXPIRED (it ran and is gone), RATE_LIMITED, SERVER_BUSY (also after `shutdown`)
   */
  run(channelId: string | undefined, producer: Producer, options?: RunOptions): Promise<Run>
  /** The id of the run that was started last in a conversation; undefined for none, and for one that is gone. */
  newestRun(chat: ChatName): Promise<string | undefined>
  /**
   * Stops the producer, on whatever node it is, and ends the run. Idempotent, also after the end.
   * @throws {ChannelError} CHANNEL_NOT_FOUND; BAD_REQUEST (no producer fills it: `close` ends it)
   */
  stop(channelId: string): Promise<Stopped>
  /** @throws {ChannelError} CHANNEL_NOT_FOUND, BAD_CURSOR, CURSOR_AHEAD */
  open(channelId: string, after?: string): Promise<Opening>
  /**
   * The events after a cursor, then what is appended, until the end of the channel.
   * @throws {ChannelError} as `open`; HISTORY_EXPIRED
   */
  read(channelId: string, options?: ReadOptions): AsyncIterable<ChannelEvent>
  /** What a format of this name adds to the head of a stream. */
  headersOf(format: string): Readonly<Record<string, string>>
  /**
   * Takes a token from a bucket of this hub's limiter.
   * @throws {ChannelError} RATE_LIMITED, with when to try again
   */
  take(key: string, bucket: Bucket): Promise<void>
  /**
   * Counts a connection of a visitor, until the result is called. Idempotent.
   * @throws {ChannelError} RATE_LIMITED (of the user or the address), SERVER_BUSY (of all)
   */
  hold(visitor: { readonly userId?: string | undefined; readonly address?: string | undefined }): () => void
  /** Tells `onError` and the observers. */
  report(error: ChannelError, channelId?: string): void
  /** Tells the observers. */
  tell(signal: Signal): void
  /** Hears what happens in this hub and its handlers, until the result is called. For logs and metrics. */
  observe(observer: Observer): () => void
  /** For how long the log has lost no channel, in milliseconds; undefined when it can't say that. */
  keptMs(): number | undefined
  /** Whether the log can be written within a second, and there was no `shutdown`. */
  isReady(): Promise<boolean>
  /**
   * For a process that goes: takes no more runs, is not ready any more, and lets its own runs go on to their end for
   * `drainMs`. What has not ended then is left to another process where one can go on with it, and else ends as
   * PRODUCER_LOST. The log and its readers stay: close the handlers after it.
   * Called again, it does not wait any longer. Waits two seconds at most for a log that is away: then it is the other
   * nodes that say so.
   * @param options.drainMs how long runs may go on, in milliseconds. Default 0
   */
  shutdown(options?: { readonly drainMs?: number }): Promise<void>
}
