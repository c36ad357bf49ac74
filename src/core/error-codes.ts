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

const refused = { retryable: false, run: 'alive' } as const
const again = { retryable: true, run: 'alive' } as const
const lost = { retryable: false, run: 'lost' } as const
const over = { retryable: false, run: 'over' } as const
const anew = { retryable: true, run: 'over' } as const

/**
 * Every error the library can give. Codes are permanent: callers branch on them. Why each happens and what to do is in
 * `error-texts.ts`, apart from this, so that a build can leave the sentences out.
 */
export const errorCodes = {
  BAD_OPTIONS: refused,
  RUN_ACTIVE: refused,
  NOTHING_TO_RESUME: refused,
  NO_TRANSPORT: refused,
  BAD_REQUEST: { ...refused, status: 400 },
  BAD_CURSOR: { ...lost, status: 400 },
  UNAUTHORIZED: { ...refused, status: 401 },
  FORBIDDEN: { ...refused, status: 403 },
  CHANNEL_NOT_FOUND: { ...over, status: 404 },
  WRONG_URL: refused,
  METHOD_NOT_ALLOWED: { ...refused, status: 405 },
  HISTORY_EXPIRED: { ...lost, status: 410 },
  BODY_TOO_LARGE: { ...refused, status: 413 },
  UNSUPPORTED_MEDIA_TYPE: { ...refused, status: 415 },
  CURSOR_AHEAD: { ...lost, status: 416 },
  RATE_LIMITED: { ...again, status: 429 },
  SERVER_ERROR: { ...again, status: 500 },
  BAD_CONTENT_TYPE: refused,
  BAD_EVENT: lost,
  EVENT_TOO_LARGE: { ...lost, status: 413 },
  DOMAIN_NOT_ALLOWED: refused,
  CERTIFICATE_REFUSED: refused,
  PLATFORM_REFUSED: refused,
  SEQUENCE_GAP: again,
  CONNECTION_LOST: again,
  FIRST_BYTE_TIMEOUT: again,
  IDLE_TIMEOUT: again,
  TOTAL_TIMEOUT: over,
  STOP_FAILED: again,
  PRODUCER_ERROR: anew,
  INCOMPLETE: anew,
  NO_ACTIVE_STREAM: over,
  PRODUCER_LOST: anew,
  CHANNEL_EXISTS: refused,
  CHANNEL_CLOSED: { ...refused, status: 409 },
  SERVER_BUSY: { ...again, status: 503 },
  CONVERSATION_NOT_FOUND: { ...refused, status: 404 },
  CONVERSATION_CHANGED: { ...again, status: 409 },
  CONVERSATION_LIMIT: { ...refused, status: 409 },
  CHANNEL_STOPPED: over,
  CHANNEL_CLAIMED: refused,
  LOG_FAILED: again,
  CLOUD_UNAVAILABLE: refused,
  READER_FAILED: again,
  PUSH_UNAVAILABLE: refused,
  PUSH_OFFLINE: again,
  PUSH_NO_CLIENT_ID: again,
  PUSH_LOST: lost,
  STORAGE_FULL: again,
  STORAGE_FAILED: again,
  STORAGE_NEWER: refused,
} as const satisfies Record<string, ErrorFacts>

/** A permanent name of one kind of failure. */
export type ErrorCode = keyof typeof errorCodes

/** What is known of a code. */
export const factsOf = (code: ErrorCode): ErrorFacts => errorCodes[code]

/** Is this string one of ours? Used on codes that come over the wire. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.prototype.hasOwnProperty.call(errorCodes, value)
}
