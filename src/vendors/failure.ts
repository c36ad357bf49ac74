import { anyTextOf, fieldsOf, parsed, textOf, type Fields } from './fields.js'

/** How deep words may be wrapped: gateways pack the error of the next one into their own, as JSON in a text. */
const MAX_DEPTH = 8

/**
 * The words in which a service says what failed, in any of the shapes in use: `error.message`, `msg`, `status_msg`,
 * `errmsg`, `detail`. Never JSON; empty when it says nothing.
 */
export function failureWords(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) return ''
  if (typeof value === 'string') {
    const inner = /^\s*[[{]/.test(value) ? parsed(value) : value
    return typeof inner === 'string' ? inner.trim() : failureWords(inner, depth + 1)
  }
  if (Array.isArray(value)) return failureWords(value[0], depth + 1)
  const fields = fieldsOf(value)
  const inside = [
    fields.error,
    fields.base_resp,
    fieldsOf(fields.Response).Error,
    fields.last_error,
    fields.errors,
  ]
  for (const one of inside) {
    const words = typeof one === 'object' && one !== null ? failureWords(one, depth + 1) : ''
    if (words !== '') return words
  }
  // Where there is a sentence, a text in `error` is only the name of its kind.
  const own = anyTextOf(
    ...[fields.message, fields.msg, fields.Message, fields.status_msg, fields.error_msg, fields.errmsg],
    ...[fields.errMsg, fields.errorMsg, fields.err_msg, fields.error_message, fields.errorMessage],
    ...[fields.error_description, fields.statusText, fields.status_message, fields.error, fields.reason],
    fields.title,
  )
  if (own !== '') return failureWords(own, depth + 1)
  return fields.detail === undefined ? '' : failureWords(fields.detail, depth + 1)
}

/** Codes by which services say that all is well. */
const fine: ReadonlySet<unknown> = new Set([
  0,
  200,
  '0',
  '200',
  '',
  'ok',
  'OK',
  'success',
  'Success',
  'SUCCESS',
])

const isFailureCode = (code: unknown): boolean => code !== undefined && code !== null && !fine.has(code)

/**
 * Is this object the report of a failure, whatever else is in it? `error` with something in it, MiniMax's `base_resp`,
 * Baidu's `error_code`.
 */
export function isFailure({ error, base_resp: base, error_code: code, errcode }: Fields): boolean {
  if (isFailureCode(fieldsOf(base).status_code) || isFailureCode(code) || isFailureCode(errcode)) return true
  if (typeof error === 'string') return error !== ''
  const { code: inner } = fieldsOf(error)
  return typeof error === 'object' && error !== null && Object.keys(error).length > 0 && !fine.has(inner ?? 1)
}

/** Of an object that says nothing else: is it an answer like `{ "code": 402, "msg": "余额不足" }`? */
export function isRefusal(fields: Fields): boolean {
  const { code, success, status, ret, retcode } = fields
  const isBad =
    [code, ret, retcode].some(isFailureCode) ||
    success === false ||
    (typeof status === 'number' && status >= 400)
  return isBad && failureWords(fields) !== ''
}

/** The words of an event that is called an error: they may be no JSON at all. */
export function errorEventWords(data: string): string {
  const words = failureWords(data)
  return words !== '' || /^\s*[[{]/.test(data) ? words : textOf(data)
}
