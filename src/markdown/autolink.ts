import { isAlphanumeric, MORE, NO, type Scan } from './scan.js'

/** The answer to an address without an end: none begins inside of it. */
export const TOO_LONG = -2

// Commas, semicolons, question marks and full stops of Arabic and Urdu, and those of Hindi.
const otherStops = '\u060c\u061b\u061f\u06d4\u0964\u0965'

/** Blanks, `<`, `"`, which no address has, dashes, arrows and full-width punctuation: Chinese and Japanese put no space after an address. */
function isStop(code: number): boolean {
  if (code < 0x80) return code <= 32 || code === 34 || code === 60
  if (code < 0x2018)
    return (
      code === 0xa0 ||
      code === 0x2014 ||
      code === 0x2015 ||
      otherStops.indexOf(String.fromCharCode(code)) >= 0
    )
  return (
    code <= 0x201d ||
    (code >= 0x2026 && code <= 0x2029) ||
    (code >= 0x2190 && code <= 0x21ff) ||
    (code >= 0x3000 && code <= 0x303f) ||
    (code >= 0xff00 && code <= 0xff65 && !isFullWidthLetter(code))
  )
}

function isFullWidthLetter(code: number): boolean {
  return isAlphanumeric(code - 0xfee0)
}

const closings = (link: string) => link.split(')').length - link.split('(').length

/** Leaves punctuation at the end out, a bracket only where the address does not open it. */
function trimTail(text: string, from: number, end: number): number {
  let last = end
  let excess = closings(text.slice(from, end))
  for (;;) {
    const char = text.charAt(last - 1)
    if (last > from && '?!.,:*_~\'"'.indexOf(char) >= 0) last--
    else if (char === ')' && excess > 0) {
      excess--
      last--
    } else if (char === ';') {
      const entity = /&[a-zA-Z0-9]+;$/.exec(text.slice(Math.max(from, last - 34), last))
      last -= entity ? entity[0].length : 1
    } else return last
  }
}

/** A domain that starts at `at` and has a dot, a port, or is `localhost`; no underscore in its last two parts. */
function hasDomain(text: string, at: number, end: number): boolean {
  const address = text.slice(at, end)
  const domain = /^[^/?#:]*/.exec(address) as RegExpExecArray
  return (
    /^(?:localhost(?:[/?#:]|$)|[\w-]+:\d|\[[\da-f]*:[\da-f:.]*\]|[\w\u0080-\uffff-]+(?:\.[\w\u0080-\uffff-]+)+)/i.test(
      address,
    ) && !/_[^.]*(?:\.[^.]*)?$/.test(domain[0])
  )
}

/**
 * Where an address of the host that starts at `host` ends if a word of Chinese follows it: no top-level domain and no port
 * goes on with one, so `https://example.com查看` is not all address. Else `end`: a path may.
 */
function endOfHost(text: string, host: number, end: number): number {
  const [authority] = /^[^/?#]*/.exec(text.slice(host, end)) as RegExpExecArray
  const label = authority.lastIndexOf('.') + 1
  const found = /^[\w-]+(?::\d+)?(?=[\u2e80-\uffff])/.exec(authority.slice(label))
  return found ? host + label + found[0].length : end
}

/**
 * An address without angle brackets that starts at `start` and whose host starts at `host`; it goes on up to `from` at least.
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
export function scanAddress(
  text: string,
  start: number,
  host: number,
  final: boolean,
  limit: number,
  from = host,
): Scan {
  let end = from
  while (end < text.length && !isStop(text.charCodeAt(end))) if (++end - start > limit) return TOO_LONG
  if (end === text.length && !final) return MORE
  const last = trimTail(text, host, endOfHost(text, host, end))
  return hasDomain(text, host, last) ? last : NO
}

// Every last word of what came is looked at, so it is looked up.
const mailName = new Uint8Array(128)
for (let code = 0; code < 128; code++)
  if (isAlphanumeric(code) || '.-_+'.indexOf(String.fromCharCode(code)) >= 0) mailName[code] = 1

/** True for a character that may stand in the name of a mail address. */
export function isMailName(code: number): boolean {
  return code < 128 && mailName[code] === 1
}

/** A mail address whose `@` stands at `at`; its name was checked by the caller. */
export function scanMailHost(text: string, at: number, final: boolean, limit: number): Scan {
  let end = at + 1
  while (end < text.length && isMailName(text.charCodeAt(end)) && text.charAt(end) !== '+')
    if (++end - at > limit) return NO
  if (end === text.length && !final) return MORE
  // `git@github.com:a/b.git` is no mail address.
  if (text.charAt(end) === ':') {
    if (end + 1 === text.length && !final) return MORE
    if (/[\w/~]/.test(text.charAt(end + 1))) return NO
  }
  while (text.charAt(end - 1) === '.') end--
  // The last part has a letter: `vue@3.4.21`, `vue@3.x` and `root@10.0.0.1` are no mail addresses, nor is `a@1.0.0-rc`.
  return !/^@\d+\.(?:\d|x\b)/i.test(text.slice(at, end)) &&
    /^@[^.].*\.[\w-]*[a-zA-Z][\w-]*$/.test(text.slice(at, end)) &&
    !/[-_]/.test(text.charAt(end - 1))
    ? end
    : NO
}
