/** One event of a channel, as it came over any transport. */
export interface ChannelEvent {
  /** The cursor: the position after this event. Empty when the server gives none. */
  readonly id: string
  /** The SSE event name; `message` when the server gives none. */
  readonly type: string
  /** The payload, undecoded. */
  readonly data: string
}
