import { findCloser, isFormula, tidyFormula } from './formula.js'
import type { Limits } from './limits.js'
import { MORE, NO, ranOut, skipRun, type Scan } from './scan.js'

/** A span whose content is taken as it stands. */
export interface Span {
  readonly end: Scan
  readonly text: string
  /** How many characters were looked at to tell. */
  readonly reach: number
}

/**
 * The code span that the backticks from `at` to `open` begin. Its closing run must start within `limit`
 * characters.
 */
export function scanCodeSpan(text: string, at: number, open: number, final: boolean, limit: number): Span {
  const size = open - at
  for (let from = open; ;) {
    const tick = text.indexOf('`', from)
    const reach = Math.min(text.length - at, limit + 1)
    if (tick < 0 || tick - at > limit) return { end: reach > limit ? NO : ranOut(final), text: '', reach }
    const end = skipRun(text, tick, 96)
    // A run at the edge may still grow; a longer one than the opener can't match any more.
    if (end === text.length && !final && end - tick <= size) return { end: MORE, text: '', reach }
    if (end - tick === size) {
      const inner = text.slice(open, tick).replace(/\n/g, ' ')
      const padded =
        inner.length > 1 && inner.charAt(0) === ' ' && inner.charAt(inner.length - 1) === ' ' && inner.trim()
      return { end, text: padded ? inner.slice(1, -1) : inner, reach: end - at }
    }
    from = end
  }
}

// How many characters may pass before there is a sign of TeX.
const soon = 24

/** Whether the `$` at `at` follows a blank or stands before a digit, as one before a price does. */
function isPriced(text: string, at: number): boolean {
  const next = text.charAt(at + 1)
  return /\s/.test(text.charAt(at - 1)) || (next >= '0' && next <= '9')
}

/** A number with words behind it: `$100 到 $200 之间，$x$`. */
const isPrice = /^\d[^\\^_=]*[\u2e80-\uffff][^\\^_=]*$/

/** A variable of a shell, before the `$` of the next: `$HOME/bin:$PATH`. */
const isVariable = /^[a-z_]\w+[^\w\\^={}+<>][^\\^={}+<>]*\$[a-z_]\w/i

/**
 * Inline math from `at`, whose content starts at `open` and ends before `closer`. Prices are no math: after `$` no
 * blank, before the closing one no blank, after it no digit, all on one line. A `$` waits for `span` characters, before
 * a digit for 64, and longer only where there is TeX behind it.
 */
export function scanMath(
  text: string,
  at: number,
  open: number,
  closer: string,
  final: boolean,
  limits: Limits,
): Span {
  if (closer !== '$') return scanMarkedMath(text, at, open, closer, final, limits.target)
  const { span } = limits
  const answer = (end: Scan, reach: number, content = ''): Span => ({
    end,
    text: content,
    reach: Math.min(reach, span + 1),
  })
  const first = text.charAt(open)
  if (first === ' ') return scanSpacedMath(text.slice(at, at + span), at, final, span, answer)
  if (!first || /\s/.test(first)) return answer(first ? NO : ranOut(final), 1)
  const isTex = () => /\\[a-z]{2}|[\^_]/i.test(text.slice(open, at + span))
  const limit = first >= '0' && first <= '9' ? Math.min(64, span) : isTex() ? 4 * span : span
  for (let end = open; end < text.length && end - at <= limit; end++) {
    const code = text.charCodeAt(end)
    // Code on its way is no part of a formula.
    if (code === 10 || code === 96) return answer(NO, end - at)
    if (code === 92) end++
    else if (code === 36) {
      if (end + 3 > text.length && !final && /^[a-z_]?$/i.test(text.slice(end + 1)))
        return answer(MORE, end + 1 - at)
      const closes =
        end > open &&
        !isPriced(text, end) &&
        !isPrice.test(text.slice(open, end)) &&
        !isVariable.test(text.slice(open, end + 3))
      return answer(closes ? end + 1 : NO, end + 1 - at, closes ? text.slice(open, end).trim() : '')
    }
  }
  const reach = text.length - at
  return answer(reach > limit ? NO : ranOut(final), Math.min(reach, limit + 1))
}

/**
 * A `$` with a blank behind it is a price or a prompt most often: it begins a formula only where TeX comes soon, and ends one
 * with a blank before it, `$ \alpha $`.
 */
function scanSpacedMath(
  rest: string,
  at: number,
  final: boolean,
  span: number,
  answer: (end: Scan, reach: number, content?: string) => Span,
): Span {
  const { length } = rest
  const found = /^\$ ([!-#%-_a-~][^$\n`]*) \$(?![\w$])/.exec(rest)
  const near = (found ? found[0] : rest).slice(0, soon)
  if (!/[\\^_]/.test(near) && (found || length >= soon)) return answer(NO, near.length)
  // Words outside of commands and braces are those of a shell.
  if (found && /[a-z]{2}/i.test(found[0].replace(/\\[a-z]+|\{[^{}]*\}/gi, '')))
    return answer(NO, found[0].length)
  if (found && (found[0].length < length || final)) {
    const [all, content = ''] = found
    return answer(at + all.length, all.length, content)
  }
  const stop = rest.slice(2).search(/[$\n`]/) + 2
  // What follows a sign tells whether it ends a formula.
  const reach = stop < 2 ? length : Math.min(length, stop + (rest.charAt(stop) === '$' ? 2 : 1))
  const isUndecided = length < span && /^\$ (?:[!-#%-_a-~][^$\n`]*\$?)?$/.test(rest)
  return answer(isUndecided ? ranOut(final) : NO, reach)
}

/** Math between two marks of two characters. What is surely meant so may wait, so it has no reach. */
function scanMarkedMath(
  text: string,
  at: number,
  open: number,
  closer: string,
  final: boolean,
  limit: number,
): Span {
  const none: Span = { end: NO, text: '', reach: 0 }
  // An empty one is none: what closes it opens the next.
  const end = findCloser(text, text.slice(open, open + 2) === closer ? open + 2 : open, closer)
  if (end === -2 || (end < 0 ? text.length : end) - at > limit) return none
  if (end < 0) return { ...none, end: ranOut(final) }
  const content = text.slice(open, end).trim()
  return closer === '$$' || isFormula(content) ? { end: end + 2, text: tidyFormula(content), reach: 0 } : none
}

/** The mark of a footnote, `[^1]`. Ranges such as `[^a-z]` are none. */
export function scanNote(text: string, at: number, final: boolean): Scan {
  const rest = text.slice(at, at + 44)
  const found = /^\[\^[\w\u0080-\uffff]+(?:-[\w\u0080-\uffff]{2,})*\]/.exec(rest)
  const end = found ? found[0].length : 0
  // Before an address it is the text of a link.
  if (found && (end < rest.length || final)) return rest.charAt(end) === '(' ? NO : at + end
  return !final && rest.length < 44 && /^\[(?:\^[^\s[\]]*\]?)?$/.test(rest) ? MORE : NO
}
