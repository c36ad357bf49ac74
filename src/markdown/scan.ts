/**
 * What a scanner answers: the index after what it matched, `NO` when nothing matches there, or `MORE` when
 * the text ends before that is decided (never when the text is said to be final).
 */
export type Scan = number

export const NO = 0
export const MORE = -1

/** The answer where the text ran out: undecided while more may come, otherwise no match. */
export function ranOut(final: boolean): Scan {
  return final ? NO : MORE
}

const codes = (chars: string) => new Set(Array.from(chars, (char) => char.charCodeAt(0)))
const asciiPunctuation = codes('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')

/** True for a code unit that a backslash can escape. */
export function isEscapable(code: number): boolean {
  return asciiPunctuation.has(code)
}

/** True for a space or a tab. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** True for an ASCII digit. */
export function isDigit(code: number): boolean {
  return code > 47 && code < 58
}

/** True for an ASCII letter or digit. */
export function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code)
}

/** Index of the first character at or after `from` that is no space, tab or line end. */
export function skipWhitespace(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 9 && code !== 10) break
  }
  return at
}

/** Index of the first character at or after `from` that is no space or tab. */
export function skipBlanks(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 9) break
  }
  return at
}

/** Index after the run of `code` that starts at `from`. */
export function skipRun(text: string, from: number, code: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) === code) at++
  return at
}
