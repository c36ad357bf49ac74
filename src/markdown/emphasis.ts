import { isCjk, isPunctuation, isWhitespace } from './char-class.js'
import type { Mark } from './markdown-types.js'

/** A run of `*`, `_` or `~`. What is left of `size` characters after matching is `count` literal ones. */
export interface Delimiter {
  readonly kind: 'delimiter'
  readonly char: string
  readonly size: number
  readonly seq: number
  /** Visible characters before it, to measure how much it holds back. */
  readonly seen: number
  readonly opens: boolean
  readonly closes: boolean
  /** Still on the stack: it may yet match. */
  live: boolean
  count: number
  /** Marks that end at the run, then marks that begin there, outermost first. */
  leaves: number
  readonly enters: Mark[]
}

/** Whether a run between two code points (0 is the edge of the text) can open or close emphasis. */
export function flanking(
  char: string,
  size: number,
  before: number,
  after: number,
  cjk: boolean,
): { opens: boolean; closes: boolean } {
  const blankBefore = isWhitespace(before)
  const blankAfter = isWhitespace(after)
  const cjkBefore = cjk && isCjk(before)
  const cjkAfter = cjk && isCjk(after)
  const markBefore = !cjkBefore && isPunctuation(before)
  const markAfter = !cjkAfter && isPunctuation(after)
  const left = !blankAfter && (!markAfter || blankBefore || markBefore || cjkBefore)
  const right = !blankBefore && (!markBefore || blankAfter || markAfter || cjkAfter)
  if (char === '*') return { opens: left, closes: right }
  if (char === '_') {
    return {
      opens: left && (!right || isPunctuation(before)),
      closes: right && (!left || isPunctuation(after)),
    }
  }
  // One tilde between letters or digits is a range (`3~5`), not the start of a deletion.
  if (size === 1) return { opens: left && !right, closes: right && !left }
  return { opens: left, closes: right }
}

function matches(opener: Delimiter, closer: Delimiter): boolean {
  if (!opener.opens || opener.char !== closer.char) return false
  if (opener.char === '~') return opener.count === closer.count
  if (!opener.closes && !closer.opens) return true
  return (opener.size + closer.size) % 3 !== 0 || (opener.size % 3 === 0 && closer.size % 3 === 0)
}

const em: Mark = { type: 'em' }
const strong: Mark = { type: 'strong' }
const del: Mark = { type: 'del' }

function pair(opener: Delimiter, closer: Delimiter): void {
  const double = opener.count > 1 && closer.count > 1
  const used = opener.char === '~' ? opener.count : double ? 2 : 1
  opener.count -= used
  closer.count -= used
  opener.enters.unshift(opener.char === '~' ? del : double ? strong : em)
  closer.leaves++
}

const drop = (stack: Delimiter[], from: number, to: number) => {
  if (from === to) return
  for (const delimiter of stack.splice(from, to - from)) delimiter.live = false
}

/**
 * Matches the closers with `seq >= from` against the openers after `bottom`, as CommonMark's "process
 * emphasis" does, one closer at a time: what it decides never depends on later text.
 */
export function matchEmphasis(stack: Delimiter[], from: number, bottom: number): void {
  let at = stack.length
  while (at > 0 && (stack[at - 1] as Delimiter).seq >= from) at--
  while (at < stack.length) {
    const closer = stack[at] as Delimiter
    if (!closer.closes) {
      at++
      continue
    }
    let found = at - 1
    while (
      found >= 0 &&
      (stack[found] as Delimiter).seq > bottom &&
      !matches(stack[found] as Delimiter, closer)
    )
      found--
    const opener = stack[found]
    if (!opener || opener.seq <= bottom) {
      if (closer.opens) at++
      else drop(stack, at, at + 1)
      continue
    }
    pair(opener, closer)
    const spent = opener.count === 0
    drop(stack, spent ? found : found + 1, at)
    at = spent ? found : found + 1
    if (closer.count === 0) drop(stack, at, at + 1)
  }
}
