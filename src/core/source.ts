import type { ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'
import type { Head } from './known.js'

/** Ends a connection. Idempotent; no observer method is called afterwards. */
export type HangUp = () => void

/** What a connection tells, in this order: opened, then any of the middle ones, then finished, ended or lost, once. */
export interface Observer {
  /** The server accepted, and named the channel or did not: that tells whose server it is. */
  opened(head: Head): void
  event(event: ChannelEvent): void
  /** Bytes, of an event or none: a sign of life. Resets the idle limit. */
  activity(): void
  /** The server asks for this pause before a reconnect, in milliseconds. */
  retry(delayMs: number): void
  /** There is nothing to read (204). Whether the run ended is not said, but to a reader at its end. */
  finished(): void
  /** The connection was closed in order; whether the run ended is for its events to say. */
  ended(): void
  lost(error: ChannelError): void
  /** Instead of `lost`, where it is known that nothing of the request has left: a start may be sent again. */
  unsent(error: ChannelError): void
}

/** What a session wants of a connection. */
export type Intent<Input> =
  | { readonly kind: 'start'; readonly channelId: string; readonly input: Input }
  | { readonly kind: 'read'; readonly channelId: string; readonly cursor: string | undefined }

/**
 * Where a channel's events come from and where its stop goes: one per kind of server.
 * A `start` may be billed, so once it may have left a session only reads, unless it is proven not to have arrived.
 */
export interface Source<Input = unknown> {
  connect(intent: Intent<Input>, observer: Observer): HangUp
  /** Can a lost run be read on? Without a cursor nothing has arrived yet. */
  canRead(channelId: string, cursor: string | undefined): boolean
  /** Tells the producer to stop. Idempotent. Absent where the server has no such thing. */
  stop?(channelId: string): Promise<void>
}
