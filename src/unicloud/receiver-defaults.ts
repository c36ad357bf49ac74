import { ChannelError } from '../core/channel-error.js'
import type { ReceiverPolicy } from './receiver-state.js'

/** The reader function's name in the examples. */
export const DEFAULT_READER = 'sse-channel-reader'

export interface ReceiverPolicyOptions {
  readonly reader?: unknown
  readonly silenceMs?: number
}

/**
 * Limits of a receiver, in milliseconds.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function receiverPolicy({ reader, silenceMs = 10_000 }: ReceiverPolicyOptions): ReceiverPolicy {
  // Each silence costs a call of a cloud function.
  if (!(silenceMs >= 1_000))
    throw new ChannelError('BAD_OPTIONS', `silenceMs must be 1,000 or more, got ${String(silenceMs)}.`)
  return {
    // Pushes overtake each other by tens of milliseconds; a read costs a call.
    gapMs: 300,
    silenceMs,
    pollMs: 1_000,
    readTimeoutMs: 10_000,
    reader: reader === 'none' ? 'none' : 'log',
  }
}
