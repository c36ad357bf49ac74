/** A formula that began on an earlier line: nothing of it is shown before its end is found. */
export interface Formula {
  readonly closer: string
  /** It began its line, so alone on its lines it is a block. */
  readonly starts: boolean
  /** Its lines so far without what belongs to containers, its opening mark first. */
  text: string
  /** How much of `text` its first line is. */
  readonly first: number
  /** The lines after the first as they came, to be read again where they are no formula. */
  raw: string
  hasBlank: boolean
}

const closers = new Map([
  ['$$', '$$'],
  ['\\[', '\\]'],
  ['\\(', '\\)'],
])

/** What closes the formula that `text` begins with, if it begins with one. */
export function closerOf(text: string): string | undefined {
  return closers.get(text.slice(0, 2))
}

// An environment of TeX that needs no marks around it where a line begins with it. No name is longer than 11 letters.
const environment =
  /^\\begin(\{(?:equation|eqnarray|\w{0,2}align\w{0,4}|gather\w{0,2}|multline|split|\w{0,2}cases|\w{0,5}matrix|array|CD)\*?\})/
const mayBeEnvironment = /^\\(?:b|be|beg|begi|begin|begin\{\w{0,11}\*?)$/

/** Whether a line that begins with `text` may open a formula as a block, by the rest of the line. */
export const mayOpenBlock = (text: string) => /^(?:\$[ \t]*|\\)$/.test(text) || mayBeEnvironment.test(text)

/** What closes the formula that a line opens as a block, if it does: its end, or one `$` where it is all of the line. */
export function blockCloserOf(line: string): string | undefined {
  if (/^\$[ \t]*$/.test(line)) return '$'
  const found = environment.exec(line)
  return found ? `\\end${found[1]}` : closerOf(line)
}

/** Its marks are part of the formula. */
export const isEnvironment = (closer: string) => closer.length > 2

/** What stands in `text` between the mark it begins with and `closer` at `end`; an environment with its marks. */
export function contentOf(text: string, closer: string, end = text.length): string {
  return isEnvironment(closer) ? text.slice(0, end + closer.length) : text.slice(closer.length, end)
}

/** What may follow an environment on its line: it is set with it. */
export const stop = /^[.,;。，；、]$/

/**
 * The place of `closer` from `from` on; -1 while it has not come, -2 where something else begins before it, or the same
 * environment once more: the former has no end.
 */
export function findCloser(text: string, from: number, closer: string): number {
  if (closer === '$') {
    const line = text.slice(from)
    return line.indexOf('$') < 0 ? -1 : line.trim() === '$' ? from + line.indexOf('$') : -2
  }
  const again = isEnvironment(closer) ? closer.replace('end', 'begin') : undefined
  const marks = /\\(?:(?:begin|end)\{\w+\*?\}|[^])|\$\$/g
  marks.lastIndex = from
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    if (found[0] === closer) return found.index
    if (found[0] === again || closerOf(found[0])) return -2
  }
  return -1
}

/** Whether a formula is open where `text` ends. */
export function leavesFormulaOpen(text: string): boolean {
  if (text.indexOf('\\') < 0 && text.indexOf('$$') < 0) return false
  const marks = /\\[^]|\$\$/g
  let closer: string | undefined
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    if (!closer) closer = closerOf(found[0])
    else if (found[0] === closer) closer = undefined
  }
  return !!closer
}

const signs = /[\\^_={}&+<>×÷\u2200-\u22ff]|\s[-*/|]\s/

/**
 * Whether what stands between `\[` and `\]`, or between `\(` and `\)`, is a formula. Around a number or around
 * words these marks are escaped brackets.
 */
export function isFormula(content: string): boolean {
  return (
    signs.test(content) ||
    (/[a-z\u0370-\u03ff]/i.test(content) &&
      !/[a-z\u0080-\u036f\u0400-\uffff]{2}|[\u0400-\uffff]/i.test(content))
  )
}

/** TeX allows no blank lines in a formula. */
export function tidyFormula(content: string): string {
  return content
    .trim()
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{2,}/g, '\n')
}
