import { ChannelError } from '../../core/channel-error.js'
import type { EventDraft } from '../log/event-log.js'

/** How a run ended, with what a client may know of an error. */
export type Ending =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'error'; readonly error: ChannelError }

/**
 * How a channel's chunks and its end are written as events.
 * @see docs/protocol.md#events
 */
export interface StreamFormat {
  /** Stored with the channel, so that any node can read it. */
  readonly name: string
  /** What the head of a stream has on top. Lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** @throws {ChannelError} BAD_OPTIONS when the chunk is nothing this format can carry */
  chunk(chunk: unknown): EventDraft
  end(ending: Ending): readonly EventDraft[]
}

/** A chunk of the UI message stream: `text-delta`, `reasoning-delta`, `data-*`, `finish` and so on. */
export interface UIMessageChunk {
  readonly type: string
  readonly [field: string]: unknown
}

/**
 * UI message stream v1: one JSON chunk an event, then `[DONE]`.
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol#ui-message-stream-protocol
 */
export const uiMessageStream: StreamFormat = {
  name: 'ui-message-stream',
  headers: { 'x-vercel-ai-ui-message-stream': 'v1' },
  chunk(chunk) {
    if (!isChunk(chunk)) {
      throw new ChannelError(
        'BAD_OPTIONS',
        'A chunk of a UI message stream is an object with a string `type`. For other values use format: json.',
      )
    }
    return message(chunk)
  },
  end(ending) {
    const done = { type: 'message', data: '[DONE]' }
    if (ending.outcome === 'done') return [done]
    if (ending.outcome === 'stopped') return [message({ type: 'abort' }), done]
    return [message({ type: 'error', errorText: ending.error.message }), done]
  },
}

/** Any JSON value an event; the end is `event: end`. */
export const json: StreamFormat = {
  name: 'json',
  headers: {},
  chunk: message,
  end(ending) {
    const detail = ending.outcome === 'error' ? ending.error.toJSON() : {}
    return [{ type: 'end', data: JSON.stringify({ outcome: ending.outcome, ...detail }) }]
  },
}

function isChunk(value: unknown): value is UIMessageChunk {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

function message(value: unknown): EventDraft {
  let data: string | undefined
  try {
    data = JSON.stringify(value)
  } catch (error) {
    throw new ChannelError('BAD_OPTIONS', 'Only what JSON can carry may be sent.', { cause: error })
  }
  if (data === undefined) throw new ChannelError('BAD_OPTIONS', 'Only what JSON can carry may be sent.')
  return { type: 'message', data }
}
