import { isAlphanumeric, NO, ranOut, skipWhitespace, type Scan } from './scan.js'

const isLetter = (code: number) => (code | 32) > 96 && (code | 32) < 123

function scanName(text: string, at: number, extra: string): number {
  let end = at
  while (end < text.length && (isAlphanumeric(text.charCodeAt(end)) || extra.indexOf(text.charAt(end)) >= 0))
    end++
  return end
}

function until(text: string, from: number, closer: string, final: boolean): Scan {
  const found = text.indexOf(closer, from)
  return found < 0 ? ranOut(final) : found + closer.length
}

function scanAttributes(text: string, from: number, final: boolean): Scan {
  let at = from
  for (;;) {
    const start = skipWhitespace(text, at)
    if (start === text.length) return ranOut(final)
    const char = text.charAt(start)
    if (char === '>') return start + 1
    if (char === '/') {
      if (start + 1 === text.length) return ranOut(final)
      return text.charAt(start + 1) === '>' ? start + 2 : NO
    }
    if (start === at || !/[a-zA-Z_:]/.test(char)) return NO
    at = scanName(text, start + 1, '_.:-')
    const equals = skipWhitespace(text, at)
    if (text.charAt(equals) !== '=') continue
    const value = skipWhitespace(text, equals + 1)
    const quote = text.charAt(value)
    if (quote === '"' || quote === "'") {
      const end = text.indexOf(quote, value + 1)
      if (end < 0) return ranOut(final)
      at = end + 1
      continue
    }
    at = value
    while (at < text.length && !/[\s"'=<>`]/.test(text.charAt(at))) at++
    if (at === text.length) return ranOut(final)
    if (at === value) return NO
  }
}

/** An open or closing tag at `at`. @see https://spec.commonmark.org/0.31.2/#raw-html */
export function scanTag(text: string, at: number, final: boolean): Scan {
  const closing = text.charAt(at + 1) === '/'
  const name = at + (closing ? 2 : 1)
  if (name >= text.length) return ranOut(final)
  if (!isLetter(text.charCodeAt(name))) return NO
  const end = scanName(text, name, '-')
  if (end === text.length) return ranOut(final)
  if (!closing) return scanAttributes(text, end, final)
  const last = skipWhitespace(text, end)
  if (last === text.length) return ranOut(final)
  return text.charAt(last) === '>' ? last + 1 : NO
}

/** Raw HTML at `at`: a tag, comment, instruction, declaration or CDATA section. */
export function scanHtml(text: string, at: number, final: boolean): Scan {
  const next = text.charAt(at + 1)
  if (next === '?') return until(text, at + 2, '?>', final)
  if (next !== '!') return scanTag(text, at, final)
  const head = text.slice(at + 2, at + 9)
  if (isLetter(head.charCodeAt(0))) return until(text, at + 3, '>', final)
  if (head.slice(0, 2) === '--') {
    if (head.charAt(2) === '>') return at + 5
    if (head.slice(2, 4) === '->') return at + 6
    return until(text, at + 4, '-->', final)
  }
  if (head === '[CDATA[') return until(text, at + 9, ']]>', final)
  const undecided = '--'.indexOf(head) === 0 || '[CDATA['.indexOf(head) === 0
  return undecided ? ranOut(final) : NO
}

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const address = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`)

/** `<scheme:…>` or `<name@host>` at `at`; `href` is the address inside. */
export function scanAngleLink(text: string, at: number, final: boolean): { end: Scan; href: string } {
  let end = at + 1
  while (end < text.length && !/[\s<>]/.test(text.charAt(end))) end++
  const inside = text.slice(at + 1, end)
  if (end === text.length) {
    const begun =
      /^(?:[a-zA-Z][a-zA-Z0-9+.-]{0,31}(?::.*)?|[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+(?:@[a-zA-Z0-9.-]*)?)?$/
    return { end: begun.test(inside) ? ranOut(final) : NO, href: '' }
  }
  if (text.charAt(end) !== '>') return { end: NO, href: '' }
  if (/^[a-zA-Z][a-zA-Z0-9+.-]{1,31}:/.test(inside)) return { end: end + 1, href: inside }
  return address.test(inside) ? { end: end + 1, href: `mailto:${inside}` } : { end: NO, href: '' }
}
