import { NO, ranOut, skipRun, type Scan } from './scan.js'

/** A span whose content is taken as it stands. */
export interface Span {
  readonly end: Scan
  readonly text: string
}

/**
 * The code span that the backticks from `at` to `open` begin. Its closing run must start within `limit`
 * characters.
 */
export function scanCodeSpan(text: string, at: number, open: number, final: boolean, limit: number): Span {
  const size = open - at
  for (let from = open; ;) {
    const tick = text.indexOf('`', from)
    if (tick < 0 || tick - at > limit) return { end: text.length - at > limit ? NO : ranOut(final), text: '' }
    const end = skipRun(text, tick, 96)
    // A run at the edge may still grow; a longer one than the opener can't match any more.
    if (end === text.length && !final && end - tick <= size) return { end: ranOut(final), text: '' }
    if (end - tick === size) {
      const inner = text.slice(open, tick).replace(/\n/g, ' ')
      const padded =
        inner.length > 1 && inner.charAt(0) === ' ' && inner.charAt(inner.length - 1) === ' ' && inner.trim()
      return { end, text: padded ? inner.slice(1, -1) : inner }
    }
    from = end
  }
}

/** Whether the `$` at `at` follows a blank or stands before a digit, as one before a price does. */
function isPriced(text: string, at: number): boolean {
  const next = text.charAt(at + 1)
  return /\s/.test(text.charAt(at - 1)) || (next >= '0' && next <= '9')
}

/**
 * Inline math from `at`, whose content starts at `open` and ends before `closer`, on the same line.
 * Prices are no math: after `$` no blank, before the closing one no blank, after it no digit; an opening
 * `$` before a digit looks only 64 characters ahead.
 */
export function scanMath(
  text: string,
  at: number,
  open: number,
  closer: string,
  final: boolean,
  span: number,
): Span {
  const none: Span = { end: NO, text: '' }
  if (open >= text.length) return { end: ranOut(final), text: '' }
  const dollar = closer === '$'
  const first = text.charAt(open)
  if (dollar && /\s/.test(first)) return none
  const limit = dollar && first >= '0' && first <= '9' ? 64 : span
  const mark = closer.charCodeAt(0)
  for (let end = open; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 10 || end - at > limit) return none
    if (code === mark && (closer.length === 1 || text.charAt(end + 1) === closer.charAt(1))) {
      const after = end + closer.length
      if (dollar && after === text.length && !final) return { end: ranOut(final), text: '' }
      const closes = end > open && !(dollar && isPriced(text, end))
      if (closes) return { end: after, text: text.slice(open, end).trim() }
      if (dollar) return none
    } else if (code === 92) end++
  }
  const nextCloser = text.length - closer.length + 1
  return nextCloser - at > limit ? none : { end: ranOut(final), text: '' }
}
