import type { ReceiverPolicy } from './receiver-state.js'

/** The reader function's name in the examples. */
export const DEFAULT_READER = 'sse-channel-reader'

export interface ReceiverPolicyOptions {
  readonly reader?: unknown
  readonly silenceMs?: number
}

/** Limits of a receiver, in milliseconds. */
export function receiverPolicy({ reader, silenceMs = 10_000 }: ReceiverPolicyOptions): ReceiverPolicy {
  return {
    // Pushes overtake each other by tens of milliseconds; a read costs a call.
    gapMs: 300,
    silenceMs,
    pollMs: 1_000,
    readTimeoutMs: 10_000,
    reader: reader === 'none' ? 'none' : 'log',
  }
}
