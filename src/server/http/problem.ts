import { ChannelError } from '../../core/channel-error.js'
import { factsOf } from '../../core/error-codes.js'

const RETRY_AFTER_MS = 5_000

/** The cursors of the first and last event kept; null when none is. */
export interface Kept {
  readonly earliest: string | null
  readonly last: string | null
}

/** An answer that is not a stream. */
export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What a client is told of an error; of what is no ChannelError only that the server failed. */
export function toProblem(thrown: unknown, kept?: Kept): Problem {
  const error = thrown instanceof ChannelError ? thrown : new ChannelError('SERVER_ERROR')
  // @see docs/protocol.md#statuses
  const status = factsOf(error.code).status ?? 500
  const headers: Record<string, string> = { ...JSON_HEADERS }
  if (status === 429 || status === 503) {
    headers['retry-after'] = String(Math.ceil((error.retryAfterMs ?? RETRY_AFTER_MS) / 1000))
  }
  return { status, headers, body: JSON.stringify(describe(error, kept)) }
}

/** The body of an error, and the data of a `gap` event. */
export function describe(error: ChannelError, kept?: Kept) {
  const nothing: Kept = { earliest: null, last: null }
  const range = error.code === 'HISTORY_EXPIRED' ? (kept ?? nothing) : undefined
  return {
    error: error.toJSON(),
    ...(range && { earliest: range.earliest, last: range.last }),
    ...(error.keptMs !== undefined && { keptMs: error.keptMs }),
  }
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }

/** An answer that succeeded. */
export function jsonReply(status: number, value: unknown): Problem {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value) }
}
