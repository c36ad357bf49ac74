import { factsOf, type ErrorCode } from './error-codes.js'
import { explain, textOf } from './explain.js'

export interface ChannelErrorDetails {
  /** HTTP status, where the server answered; NaN where the platform hides it. */
  readonly status?: number
  /** Shortest wait before another try, in milliseconds (`Retry-After`). */
  readonly retryAfterMs?: number
  /**
   * Of CHANNEL_NOT_FOUND: for how long the server has lost no channel, in milliseconds. A start that was sent later,
   * and of which the server knows nothing, has not arrived.
   */
  readonly keptMs?: number
  /** Whether another try can help. Default: what the code's table entry says. */
  readonly retryable?: boolean
  /** The error underneath, for logs. */
  readonly cause?: unknown
}

/**
 * The one error class of the library.
 * Branch on `code`, never on `message`: codes are permanent, sentences are not.
 * @see docs/errors.md
 */
export class ChannelError extends Error {
  override readonly name = 'ChannelError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly keptMs: number | undefined
  readonly cause: unknown

  constructor(code: ErrorCode, message?: string, details: ChannelErrorDetails = {}) {
    super(message ?? explain(code))
    // Compiled to ES5 by older app toolchains, a subclass of Error loses its prototype.
    Object.setPrototypeOf(this, ChannelError.prototype)
    this.code = code
    this.retryable = details.retryable ?? factsOf(code).retryable
    this.status = details.status
    this.retryAfterMs = details.retryAfterMs
    this.keptMs = details.keptMs
    this.cause = details.cause
  }

  /** What may leave the process: no cause, no stack. */
  toJSON(): { code: ErrorCode; message: string } {
    return { code: this.code, message: this.message }
  }
}

/** Any thrown value as a ChannelError; one that is already is returned as it is. */
export function toChannelError(thrown: unknown, code: ErrorCode): ChannelError {
  if (thrown instanceof ChannelError) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new ChannelError(code, `${textOf(code).why} (${reason})`, { cause: thrown })
}
