/**
 * What a run has come to after an error.
 * - `alive`: it may still be going at the server, whoever refused: reading on may work, and a second one would be paid for.
 * - `lost`: it may be, but what comes of it can't be read on.
 * - `over`: nothing of it is left.
 */
export type Aftermath = 'alive' | 'lost' | 'over'

interface ErrorFacts {
  /** Whether another try can help. */
  readonly retryable: boolean
  readonly run: Aftermath
  /** What our server answers with, where it does. */
  readonly status?: number
}

/**
 * Every error the library can give. Codes are permanent: callers branch on them. Why each happens and what to do is in
 * `error-texts.ts`, apart from this, so that a build can leave the sentences out.
 */
export const errorCodes = {
  BAD_OPTIONS: { retryable: false, run: 'alive' },
  RUN_ACTIVE: { retryable: false, run: 'alive' },
  NOTHING_TO_RESUME: { retryable: false, run: 'alive' },
  NO_TRANSPORT: { retryable: false, run: 'alive' },
  BAD_REQUEST: { retryable: false, run: 'alive', status: 400 },
  BAD_CURSOR: { retryable: false, run: 'lost', status: 400 },
  UNAUTHORIZED: { retryable: false, run: 'alive', status: 401 },
  FORBIDDEN: { retryable: false, run: 'alive', status: 403 },
  CHANNEL_NOT_FOUND: { retryable: false, run: 'over', status: 404 },
  WRONG_URL: { retryable: false, run: 'alive' },
  METHOD_NOT_ALLOWED: { retryable: false, run: 'alive', status: 405 },
  HISTORY_EXPIRED: { retryable: false, run: 'lost', status: 410 },
  BODY_TOO_LARGE: { retryable: false, run: 'alive', status: 413 },
  UNSUPPORTED_MEDIA_TYPE: { retryable: false, run: 'alive', status: 415 },
  CURSOR_AHEAD: { retryable: false, run: 'lost', status: 416 },
  RATE_LIMITED: { retryable: true, run: 'alive', status: 429 },
  SERVER_ERROR: { retryable: true, run: 'alive', status: 500 },
  BAD_CONTENT_TYPE: { retryable: false, run: 'alive' },
  BAD_EVENT: { retryable: false, run: 'lost' },
  EVENT_TOO_LARGE: { retryable: false, run: 'lost', status: 413 },
  DOMAIN_NOT_ALLOWED: { retryable: false, run: 'alive' },
  CERTIFICATE_REFUSED: { retryable: false, run: 'alive' },
  PLATFORM_REFUSED: { retryable: false, run: 'alive' },
  SEQUENCE_GAP: { retryable: true, run: 'alive' },
  CONNECTION_LOST: { retryable: true, run: 'alive' },
  FIRST_BYTE_TIMEOUT: { retryable: true, run: 'alive' },
  IDLE_TIMEOUT: { retryable: true, run: 'alive' },
  TOTAL_TIMEOUT: { retryable: false, run: 'over' },
  STOP_FAILED: { retryable: true, run: 'alive' },
  PRODUCER_ERROR: { retryable: true, run: 'over' },
  INCOMPLETE: { retryable: true, run: 'over' },
  NO_ACTIVE_STREAM: { retryable: false, run: 'over' },
  PRODUCER_LOST: { retryable: true, run: 'over' },
  CHANNEL_EXISTS: { retryable: false, run: 'alive' },
  CHANNEL_CLOSED: { retryable: false, run: 'alive', status: 409 },
  SERVER_BUSY: { retryable: true, run: 'alive', status: 503 },
  CONVERSATION_NOT_FOUND: { retryable: false, run: 'alive', status: 404 },
  CONVERSATION_CHANGED: { retryable: true, run: 'alive', status: 409 },
  CHANNEL_STOPPED: { retryable: false, run: 'over' },
  CHANNEL_CLAIMED: { retryable: false, run: 'alive' },
  LOG_FAILED: { retryable: true, run: 'alive' },
  CLOUD_UNAVAILABLE: { retryable: false, run: 'alive' },
  READER_FAILED: { retryable: true, run: 'alive' },
  PUSH_UNAVAILABLE: { retryable: false, run: 'alive' },
  PUSH_OFFLINE: { retryable: true, run: 'alive' },
  PUSH_NO_CLIENT_ID: { retryable: true, run: 'alive' },
  PUSH_LOST: { retryable: false, run: 'lost' },
  STORAGE_FULL: { retryable: true, run: 'alive' },
  STORAGE_FAILED: { retryable: true, run: 'alive' },
  STORAGE_NEWER: { retryable: false, run: 'alive' },
} as const satisfies Record<string, ErrorFacts>

/** A permanent name of one kind of failure. */
export type ErrorCode = keyof typeof errorCodes

/** What is known of a code. */
export const factsOf = (code: ErrorCode): ErrorFacts => errorCodes[code]

/** Is this string one of ours? Used on codes that come over the wire. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.prototype.hasOwnProperty.call(errorCodes, value)
}
