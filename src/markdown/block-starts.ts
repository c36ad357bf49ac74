import { isCjk } from './char-class.js'
import {
  blockCloserOf,
  contentOf,
  findCloser,
  isEnvironment,
  isFormula,
  mayOpenBlock,
  stop,
} from './formula.js'
import { isBlank, isDigit, skipBlanks, skipRun } from './scan.js'

/** What a line's start may begin; `wait` while that needs more of the line. */
export type Start<T> = T | 'wait' | undefined

/** What two hashes or more directly before it make a heading: no word of code such as `##macro`, `##[error]` or `##_x`. */
const begunHeading = /^[A-Z\d*`“‘\u2460-\u27bf\ud83c-\ud83e]/

/** The level of an ATX heading, and where its content begins: with `cjk` behind two hashes or more without a blank, too. */
export function headingStart(
  text: string,
  at: number,
  complete: boolean,
  cjk: boolean,
): Start<{ level: number; end: number }> {
  const end = skipRun(text, at, 35)
  if (end - at > 6) return undefined
  if (end === text.length && !complete) return 'wait'
  const begins =
    end === text.length ||
    isBlank(text.charCodeAt(end)) ||
    // `###标题` is what models write; `#话题` is a topic of a social network.
    (cjk && end - at > 1 && (isCjk(text.charCodeAt(end)) || begunHeading.test(text.charAt(end))))
  return begins ? { level: end - at, end } : undefined
}

/** A code fence: its length and info string. */
export function fenceStart(
  text: string,
  at: number,
  complete: boolean,
  limit: number,
): Start<{ size: number; info: string }> {
  const code = text.charCodeAt(at)
  const end = skipRun(text, at, code)
  if (text.length - at > limit) return undefined
  if (end - at < 3) return end === text.length && !complete ? 'wait' : undefined
  const info = text.slice(end)
  if (code === 96 && info.indexOf('`') >= 0) return undefined
  return complete ? { size: end - at, info: info.trim() } : 'wait'
}

function isLine(line: RegExp, begun: RegExp, text: string, complete: boolean, limit: number): Start<true> {
  if (text.length > limit || !begun.test(text)) return undefined
  return complete ? line.test(text) || undefined : 'wait'
}

/** Whether the rest of the line is a setext underline. */
export function isUnderline(text: string, at: number, complete: boolean, limit: number): Start<true> {
  const underline = /^(?:=+|-+)[ \t]*$/
  return isLine(underline, underline, text.slice(at), complete, limit)
}

/** Whether the rest of the line is a thematic break. */
export function isRule(text: string, at: number, complete: boolean, limit: number): Start<true> {
  // Nearly every line that begins with one of its signs goes on with another character.
  const next = text.charAt(skipBlanks(text, at + 1))
  if (next && next !== text.charAt(at)) return undefined
  return isLine(/^(.)(?:[ \t]*\1){2}/, /^([-*_])(?:\1|[ \t])*$/, text.slice(at), complete, limit)
}

/** A list marker: its bullet or the character after its number, its length, and the number. */
export interface ListMarker {
  readonly marker: string
  readonly length: number
  readonly start: number
  readonly ordered: boolean
}

/** A list marker with the blank, or the line's end, that must follow it. */
export function listMarker(
  text: string,
  at: number,
  complete: boolean,
  inParagraph: boolean,
): Start<ListMarker> {
  let sign = at
  while (sign - at < 9 && isDigit(text.charCodeAt(sign))) sign++
  const ordered = sign > at
  const marker = text.charAt(sign)
  if (!marker) return complete ? undefined : 'wait'
  if ((ordered ? '.)' : '-+*').indexOf(marker) < 0) return undefined
  const end = sign + 1
  if (end === text.length && !complete) return 'wait'
  if (end < text.length && !isBlank(text.charCodeAt(end))) return undefined
  const content = skipBlanks(text, end)
  if (content === text.length && !complete) return 'wait'
  const start = ordered ? parseInt(text.slice(at, sign), 10) : 1
  if (inParagraph && (start !== 1 || content === text.length)) return undefined
  return { marker, length: end - at, start, ordered }
}

/**
 * Display math that a line begins with `$$`, `\[`, an environment, or a `$` that is all of it: what is in it, or that it goes
 * on. Text after its closing mark makes it inline, but `behind` an environment, where it stands below.
 */
export function mathStart(
  text: string,
  at: number,
  complete: boolean,
  limit: number,
): Start<{ content: string; behind: string } | true> {
  if (text.length - at > limit) return undefined
  const rest = text.slice(at)
  if (!complete && mayOpenBlock(rest)) return 'wait'
  const closer = blockCloserOf(rest)
  if (!closer || closer === '\\)') return undefined
  if (closer === '$') return true
  const close = findCloser(rest, 2, closer)
  const behind = close < 0 ? '' : rest.slice(close + closer.length).trimStart()
  const isStop = isEnvironment(closer) && stop.test(behind.trim())
  if (close === -2 || (behind && !isEnvironment(closer))) return undefined
  if (!complete && (behind.trim().length < 2 || isStop)) return 'wait'
  const stopped = isStop ? behind : ''
  const content = (contentOf(rest, closer, close < 0 ? undefined : close) + stopped).trim()
  const isMath = closer === '$$' || isFormula(content)
  if (close < 0) return isMath || !content ? true : undefined
  return isMath && content ? { content, behind: isStop ? '' : behind } : undefined
}
