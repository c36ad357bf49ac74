import { ChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import { isErrorCode } from '../core/error-codes.js'
import type { Ending } from '../core/session.js'

/**
 * The end of a run as our servers write it into the log, in either format, and the gap that a reader behind the
 * log's edge is told of. Undefined for every other event.
 * @see docs/protocol.md#events
 */
export function runEnding(event: ChannelEvent): Ending | undefined {
  if (event.data === '[DONE]') return { outcome: 'done' }
  if (event.type === 'gap') return { outcome: 'error', error: new ChannelError('HISTORY_EXPIRED') }
  if (event.type !== 'end') return undefined
  const { outcome, code, message } = parse(event.data)
  if (outcome === 'stopped') return { outcome }
  if (outcome !== 'error') return { outcome: 'done' }
  return {
    outcome,
    error: new ChannelError(
      isErrorCode(code) ? code : 'PRODUCER_ERROR',
      typeof message === 'string' ? message : undefined,
    ),
  }
}

function parse(data: string): { outcome?: unknown; code?: unknown; message?: unknown } {
  try {
    return (JSON.parse(data) ?? {}) as Record<string, unknown>
  } catch {
    return {} // An end without a readable reason is still an end.
  }
}
