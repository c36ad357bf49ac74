import { MORE, NO, skipRun, type Scan } from './scan.js'

const spans = /(`+)(?!`)[^]*?[^`]\1(?!`)|\$[^\s$](?:[^$]*[^\s$])?\$(?!\d)|\\\(.*?\\\)/g

/** A table's line without its code and formulas, in which bars stand for themselves. */
export const withoutSpans = (line: string) => line.replace(spans, '.')

/** Where the code or formula that `closer` ends does so in `rest`; `MORE` while it `mayGrow`. */
export function endOfSpan(rest: string, closer: string, mayGrow: boolean): Scan {
  const sign = closer.charCodeAt(0)
  for (let at = rest.indexOf(closer); at >= 0; at = rest.indexOf(closer, at)) {
    const end = sign === 92 ? at + 2 : skipRun(rest, at, sign)
    if (end === rest.length && mayGrow) return MORE
    // As in any text: before the sign that ends a formula stands no blank, after it no digit.
    const isPrice = sign === 36 && (/\s/.test(rest.charAt(at - 1)) || /\d/.test(rest.charAt(end)))
    if (end - at === closer.length && !isPrice) return end
    at = end
  }
  return mayGrow ? MORE : NO
}
