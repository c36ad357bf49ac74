import { ChannelError } from '../core/channel-error.js'
import type { ReadLog } from './receiver.js'
import type { ReceiverPolicy } from './receiver-state.js'
import { functionReader } from './uni-cloud-client.js'

/** The reader function's name in the examples. */
const DEFAULT_READER = 'sse-channel-reader'

/** What asks the log; undefined for `none`. */
export function readerOf(reader: string | ReadLog = DEFAULT_READER): ReadLog | undefined {
  if (typeof reader === 'function') return reader
  return reader === 'none' ? undefined : functionReader(reader)
}

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
