import type { ChannelEvent } from '../core/channel-event.js'
import type { Ending } from '../core/session.js'
import type { UIMessageChunk } from '../messages/chunk.js'
import type { LooseText } from '../messages/fold-text.js'

/** What one event says. */
export interface Decoded {
  /** The event's data, parsed; absent for events of the protocol itself (`[DONE]`). */
  readonly message?: unknown
  /**
   * What it adds to the answer. `{ type: 'text', delta }` and `{ type: 'reasoning', delta }` are short for pieces of the
   * text that is open: they need no beginning, no end and no id.
   */
  readonly chunks?: readonly (UIMessageChunk | LooseText)[]
  /** Set on the run's last event. */
  readonly ending?: Ending
}

/** How a run stands whose connection was closed in order, and what was still to be told of it. */
export interface Closing extends Ending {
  readonly chunks?: readonly UIMessageChunk[]
}

/**
 * Reads the events of one run; stateful, so one for each run. Never throws: what can't be read is an ending. An event
 * that says nothing gives nothing.
 */
export interface Decode {
  (event: ChannelEvent): Decoded | undefined
  /** The connection was closed in order, and no event was an ending. Without this it is `done`. */
  closed?(): Closing
}

/** A server's format, as the `decoder` option takes it. */
export type Decoder = () => Decode
