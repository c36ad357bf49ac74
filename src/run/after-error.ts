import type { ErrorCode } from '../core/error-codes.js'

const gone: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CHANNEL_NOT_FOUND',
  'HISTORY_EXPIRED',
  'CURSOR_AHEAD',
  'BAD_CURSOR',
  'EVENT_TOO_LARGE',
  'TOTAL_TIMEOUT',
  'PRODUCER_ERROR',
  'PUSH_LOST',
])

const ofIds: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FORBIDDEN',
  'BAD_REQUEST',
  'CHANNEL_CLAIMED',
  'CHANNEL_CLOSED',
  'CHANNEL_STOPPED',
])

/**
 * Whether nothing of a run is left to read after this error. After any other it may still be going at the server,
 * whoever refused: a retry that does not read on would pay for it again.
 */
export const isGone = (code: ErrorCode): boolean => gone.has(code)

/** Whether a start may have been refused for the id it proposed. */
export const mayMeanTheId = (code: ErrorCode): boolean => ofIds.has(code)
