import { isEscapable, MORE, NO, ranOut, skipBlanks, skipWhitespace, type Scan } from './scan.js'

/** A link's target and title as written, still escaped. */
export interface LinkTail {
  readonly end: Scan
  readonly href: string
  readonly title: string
}

const none: LinkTail = { end: NO, href: '', title: '' }
const more: LinkTail = { end: MORE, href: '', title: '' }
const ended = (final: boolean) => (final ? none : more)

/** `[label]` at `at`: no unescaped brackets, at most 999 characters, not blank. */
export function scanLabel(text: string, at: number, final: boolean): Scan {
  for (let end = at + 1; end < text.length; end++) {
    const char = text.charAt(end)
    if (end - at > 1000 || char === '[') return NO
    if (char === '\\') end++
    else if (char === ']') return text.slice(at + 1, end).trim() ? end + 1 : NO
  }
  return ranOut(final)
}

/** Labels match by this form. */
export function normalizeLabel(label: string): string {
  return label
    .trim()
    .replace(/[ \t\n]+/g, ' ')
    .toLowerCase()
    .toUpperCase()
}

function scanTarget(text: string, at: number, final: boolean): Scan {
  if (text.charAt(at) === '<') {
    for (let end = at + 1; end < text.length; end++) {
      const char = text.charAt(end)
      if (char === '>') return end + 1
      if (char === '\n' || char === '<') return NO
      if (char === '\\') end++
    }
    return ranOut(final)
  }
  let depth = 0
  let end = at
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 92 && end + 1 < text.length && isEscapable(text.charCodeAt(end + 1))) end++
    else if (code === 92 && end + 1 === text.length && !final) return MORE
    else if (code <= 32 || code === 127) break
    else if (code === 40 && ++depth > 32) return NO
    else if (code === 41 && --depth < 0) break
  }
  if (end >= text.length && !final) return MORE
  return depth > 0 ? NO : end
}

function scanTitle(text: string, at: number, final: boolean): Scan {
  const opener = text.charAt(at)
  const closer = opener === '(' ? ')' : opener
  for (let end = at + 1; end < text.length; end++) {
    const char = text.charAt(end)
    if (char === closer) return end + 1
    if (char === '(' && opener === '(') return NO
    if (char === '\\') end++
  }
  return ranOut(final)
}

const bare = (target: string) => (target.charAt(0) === '<' ? target.slice(1, -1) : target)

/** `(target "title")` at `at`. */
export function scanLinkTail(text: string, at: number, final: boolean): LinkTail {
  const start = skipWhitespace(text, at + 1)
  if (start === text.length) return ended(final)
  const end = text.charAt(start) === ')' ? start : scanTarget(text, start, final)
  if (end < 0) return more
  if (end === NO) return none
  const href = bare(text.slice(start, end))
  let close = skipWhitespace(text, end)
  if (close === text.length) return ended(final)
  let title = ''
  if (close > end && '"\'('.indexOf(text.charAt(close)) >= 0) {
    const after = scanTitle(text, close, final)
    if (after < 0) return more
    if (after === NO) return none
    title = text.slice(close + 1, after - 1)
    close = skipWhitespace(text, after)
    if (close === text.length) return ended(final)
  }
  return text.charAt(close) === ')' ? { end: close + 1, href, title } : none
}

/** A reference definition; `label` is normalised. */
export interface Definition extends LinkTail {
  readonly label: string
}

const noDefinition: Definition = { ...none, label: '' }
const moreDefinition: Definition = { ...more, label: '' }

/** Index after the line end that follows blanks at `at`, `NO` when something else follows. */
function scanLineEnd(text: string, at: number, final: boolean): Scan {
  const end = skipBlanks(text, at)
  if (end === text.length) return final ? end : MORE
  return text.charAt(end) === '\n' ? end + 1 : NO
}

/** A link reference definition at the start of `text`; `final` tells that the paragraph ends with it. */
export function scanDefinition(text: string, final: boolean): Definition {
  const label = scanLabel(text, 0, final)
  if (label === NO) return noDefinition
  if (label < 0 || (label === text.length && !final)) return moreDefinition
  if (text.charAt(label) !== ':') return noDefinition
  const start = skipWhitespace(text, label + 1)
  if (start === text.length) return final ? noDefinition : moreDefinition
  const end = scanTarget(text, start, final)
  if (end < 0) return moreDefinition
  if (end === NO || (end === start && text.charAt(start) !== '<')) return noDefinition
  const found = { label: normalizeLabel(text.slice(1, label - 1)), href: bare(text.slice(start, end)) }
  const line = scanLineEnd(text, end, final)
  const open = skipWhitespace(text, end)
  if (open === text.length && !final) return moreDefinition
  if (open > end && open < text.length && '"\'('.indexOf(text.charAt(open)) >= 0) {
    const after = scanTitle(text, open, final)
    const close = after > 0 ? scanLineEnd(text, after, final) : after
    if (close < 0) return moreDefinition
    if (close > 0) return { ...found, end: close, title: text.slice(open + 1, after - 1) }
  }
  return line > 0 ? { ...found, end: line, title: '' } : noDefinition
}
