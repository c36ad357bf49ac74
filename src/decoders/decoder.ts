import type { ChannelEvent } from '../core/channel-event.js'
import type { Ending } from '../core/session.js'
import type { UIMessageChunk } from '../messages/chunk.js'

/** A piece of an answer, in the words all decoders share. */
export type Chunk =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'reasoning'; readonly delta: string }
  /** All of the text is to be another: a moderation took it back. */
  | { readonly type: 'text-replacement'; readonly text: string }
  /** A text or a reasoning section is over: what comes next begins a part of its own. */
  | { readonly type: 'section-end' }
  /** A tool call, as far as it is known; later chunks of the same `id` replace earlier ones. */
  | {
      readonly type: 'tool'
      readonly id: string
      readonly name: string
      readonly state: ToolState
      readonly input?: unknown
      readonly output?: unknown
      readonly errorText?: string
    }
  /** Application data; a later chunk of the same `name` and `id` replaces the earlier one. Transient: not a part. */
  | {
      readonly type: 'data'
      readonly name: string
      readonly id: string | undefined
      readonly data: unknown
      readonly transient: boolean
    }
  /** A source or a file the answer refers to. */
  | { readonly type: 'reference'; readonly reference: Readonly<Record<string, unknown>> }

export type ToolState = 'input-streaming' | 'input-available' | 'output-available' | 'output-error'

/** What one event says. */
export interface Decoded {
  /** The event's data, parsed; undefined for events of the protocol itself (`[DONE]`). */
  readonly message?: unknown
  readonly chunks: readonly (Chunk | UIMessageChunk)[]
  /** Set on the run's last event. */
  readonly ending?: Ending
}

/** How a run stands whose connection was closed in order, and what was still to be told of it. */
export interface Closing extends Ending {
  readonly chunks?: readonly UIMessageChunk[]
}

/** Reads the events of one run; stateful, so one for each run. Never throws: what can't be read is an ending. */
export interface Decode {
  (event: ChannelEvent): Decoded
  /** The connection was closed in order, and no event was an ending. Without this it is `done`. */
  closed?(): Closing
}

/** A server's format, as the `decoder` option takes it. */
export type Decoder = () => Decode
