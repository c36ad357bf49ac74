import { ChannelError } from '../core/channel-error.js'

/** A header's name, as HTTP has it. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/

/** Bytes, one a character, and no line break: of more `fetch` says only that it failed. */
const VALUE = /^[\t -~\x80-\xff]*$/

/** Whether HTTP can carry it. */
export const isHeader = (name: string, value: unknown): value is string =>
  NAME.test(name) && typeof value === 'string' && VALUE.test(value)

/**
 * The application's headers, names in lower case: two spellings of one name are sent as one header with both values,
 * "application/json, application/json". A header that is undefined or null is not sent.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function checkHeaders(headers: unknown): Record<string, string> {
  if (!isPlain(headers))
    throw new ChannelError(
      'BAD_OPTIONS',
      'headers must be an object of strings, and so must what its getter gives: no Headers, no list.',
    )
  const result: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value === undefined || value === null) continue
    const text = String(value)
    if (!isHeader(name, text))
      throw new ChannelError('BAD_OPTIONS', `headers must hold what HTTP can carry, "${name}" does not.`)
    result[name.toLowerCase()] = text
  }
  return result
}

/** Of a promise, `Headers`, a `Map` or a list no header would be seen. */
const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  !['then', 'forEach'].some((name) => typeof (value as Record<string, unknown>)[name] === 'function')
