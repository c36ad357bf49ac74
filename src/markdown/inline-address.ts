import { bytesAddress } from './base64-run.js'
import { isMailName, scanAddress, scanMailHost, TOO_LONG } from './autolink.js'
import { signed, wordLimit, type InlineText } from './inline-text.js'
import { safeUrl } from './safe-url.js'
import { isAlphanumeric, MORE, NO, type Scan } from './scan.js'

/** Reads an address without brackets, met at its `:`, `@` or `w`. */
export function readAddress(input: InlineText, code: number, at: number, final: boolean): Scan {
  const { source, position } = input
  const bytes =
    code === 58 && /^data$/i.test(source.slice(Math.max(position, at - 4), at))
      ? bytesAddress(source.slice(at - 4))
      : undefined
  if (bytes !== undefined) {
    const isOver = at - 4 + bytes.length < source.length || final
    if (!isOver || /;base64,/i.test(bytes))
      return input.put(at - 4, isOver ? at - 4 + bytes.length : MORE, () =>
        input.queue.text(bytes.replace(/;base64,[^]*/i, ';base64,…')),
      )
  }
  if (code === 119 && input.inWord(at)) return at + 1
  // A word waits for its end, and may wait longer than the bracket.
  let word = at
  while (code === 119 && word - at < wordLimit && isMailName(source.charCodeAt(word))) word++
  if (input.queue.inBracket(word - position)) return at + 1
  const limit = input.settings.limits.target * signed
  let start = at
  let end: Scan = NO
  // What waited, or is too long, is looked at once.
  const scan = (host: number) => {
    const { address, base } = input
    if (base + start < address.tooLong) return NO
    const known = address.start === base + start ? address.end - base : host
    address.start = base + start
    address.end = base + source.length
    const found = scanAddress(source, start, host, final, limit, known)
    if (found === TOO_LONG) address.tooLong = base + start + limit
    return found === TOO_LONG ? NO : found
  }
  if (code === 119) {
    const begin = source.slice(at, at + 4)
    if (begin !== 'www.')
      return !final && begin === 'www.'.slice(0, source.length - at) ? input.waitWord(at) : at + 1
    end = scan(at)
  } else if (code === 58) {
    const scheme = /https?$/i.exec(source.slice(Math.max(position, at - 5), at))
    start = scheme ? at - scheme[0].length : at
    if (!scheme || input.inWord(start)) return at + 1
    const slashes = source.slice(at, at + 3)
    if (slashes === '://') end = scan(at + 3)
    else if (!final && slashes === '://'.slice(0, source.length - at)) end = MORE
  } else {
    while (start > position && isMailName(source.charCodeAt(start - 1))) start--
    const whole =
      start > position || (input.base + start !== input.cut && !isAlphanumeric(input.before(start)))
    if (whole && start < at && at - start <= wordLimit) end = scanMailHost(source, at, final, limit)
  }
  if (end === MORE) return input.wait(start)
  const text = source.slice(start, end)
  const href = end
    ? safeUrl((code === 119 ? 'http://' : code === 64 ? 'mailto:' : '') + text, input.settings.schemes)
    : undefined
  if (href === undefined) return at + 1
  return input.put(start, end, () => input.queue.marked({ type: 'link', href, title: '' }, text))
}
