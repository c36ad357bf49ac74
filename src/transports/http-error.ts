import { ChannelError } from '../core/channel-error.js'
import { errorCodes, factsOf, isErrorCode, type ErrorCode } from '../core/error-codes.js'
import type { ResponseHead } from './transport.js'

/** What a bare status means. 409 and 5xx mean less at other servers than at ours. */
function codeOfStatus(status: number): ErrorCode | undefined {
  if (status === 409 || status >= 500) return undefined
  return (Object.keys(errorCodes) as ErrorCode[]).find((code) => factsOf(code).status === status)
}

/** How much of a foreign message is shown, in characters. */
const MAX_MESSAGE = 300

/**
 * An answer that is no stream, as an error: by the code in its body where a server of ours wrote one, else by
 * status. An error body inside a 200 counts too: many gateways do that.
 */
export function httpError(head: ResponseHead, body: string): ChannelError {
  const named = readBody(body)
  const status = head.status
  const details = { status, ...retryAfter(head), ...(named.keptMs !== undefined && { keptMs: named.keptMs }) }
  if (named.code) return new ChannelError(named.code, named.message, details)
  const code = codeOfStatus(status)
  if (code) return new ChannelError(code, named.message, details)
  // NaN: the platform hides the status.
  const accepted = Number.isNaN(status) || (status >= 200 && status < 300)
  // A head that was cut by a polite proxy is a head to browsers, with half a content type and nothing behind it.
  if (accepted && body.trim() === '')
    return new ChannelError('CONNECTION_LOST', 'The answer ended in its head.')
  if (accepted && !named.message) {
    const type = head.header('content-type') ?? 'nothing'
    const excerpt = body.trim().slice(0, 80)
    return new ChannelError(
      'BAD_CONTENT_TYPE',
      `Expected text/event-stream from the server, got ${type}${excerpt && `: ${excerpt}`}. Check the url option.`,
      details,
    )
  }
  // A status the platform hides may be any. An error named inside a 200 is the server's considered answer.
  const retryable = status >= 500 || Number.isNaN(status)
  return new ChannelError('SERVER_ERROR', named.message ?? `The server answered ${status}.`, {
    ...details,
    retryable,
  })
}

function readBody(body: string): { code?: ErrorCode; message?: string; keptMs?: number } {
  let parsed: unknown
  try {
    // Without the byte order mark that some servers begin with.
    parsed = JSON.parse(body.trim())
  } catch {
    return {} // HTML, plain text or nothing: the status has to do.
  }
  const named = field(parsed, 'error')
  // NestJS has the status's name in `error` and the reason beside it; FastAPI calls the reason `detail`.
  const error: unknown = typeof named === 'object' && named !== null ? named : parsed
  const code = field(error, 'code')
  const reasons = [error, parsed, field(parsed, 'base_resp')].flatMap((place) =>
    REASONS.map((name) => firstReason(field(place, name))),
  )
  // "ok" is no reason: an answer that is no stream, for all that.
  const isFine = code === 0 || code === 200 || code === '0' || field(parsed, 'success') === true
  const message = isFine ? undefined : [...reasons, named].find(isText)
  const keptMs = field(parsed, 'keptMs')
  return {
    ...(isErrorCode(code) && { code }),
    ...(message && { message: message.slice(0, MAX_MESSAGE) }),
    // Only our server says so, and only of a channel it does not have.
    ...(code === 'CHANNEL_NOT_FOUND' && typeof keptMs === 'number' && { keptMs }),
  }
}

/** What services call the reason of a refusal: our own, FastAPI, and Chinese ones, which say it beside a `code`. */
const REASONS = [
  'message',
  'msg',
  'detail',
  'errmsg',
  'errMsg',
  'error_msg',
  'error_message',
  'errorMessage',
  'error_description',
  'status_msg',
]

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** FastAPI gives a list of what is wrong with the body, NestJS a list of sentences. */
const firstReason = (value: unknown): unknown =>
  Array.isArray(value) ? (field(value[0], 'msg') ?? (value[0] as unknown)) : value

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/**
 * Seconds, or a date: that is of the server's clock, as its `Date` is. A phone's may be hours off.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
function retryAfter(head: ResponseHead): { retryAfterMs?: number } {
  const value = head.header('retry-after')
  if (!value) return {}
  const serverNow = Date.parse(head.header('date') ?? '')
  const ms = /^\d+(?:\.\d+)?$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - (Number.isNaN(serverNow) ? Date.now() : serverNow)
  return ms > 0 ? { retryAfterMs: ms } : {}
}
