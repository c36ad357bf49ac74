// Unicode's punctuation and symbols (categories P and S) beyond ASCII in the first plane, as base 36 pairs
// of "characters skipped, characters taken - 1". Written out because older mini-program engines parse
// no `\p{}`; a test compares it with the engine that runs the tests.
const table =
  'x 8 1 1 1 3 2 0 1 2 2 0 3 0 n 0 v 0 cq 3 c d 5 6 1 0 1 g 39 0 8 0 5 1 1 0 32 0 3v 0 5z 5 15 1 2 2 1a 0 1 0 ' +
  '2 0 2 0 18 1 h 9 b 0 1 2 22 3 2u 0 9 0 a 0 j 1 1 d 6g 3 4 1 1c e v 0 15 0 63 1 a 0 3l 1 6 1 1 0 3c 0 3d 1 3i ' +
  '0 3m 7 3g 0 7 0 4 0 5m 0 15 0 3e 0 22 0 f 0 a 1 4l m 2 5 k 0 1 0 1 0 1 3 1z 0 1k 7 1 5 1 c 33 5 26 1 2j 0 h0 ' +
  '8 13 9 2u 0 h8 1 18 1 26 2 1z 1 4d 2 1 3 10 a 8l 0 3 1 48 x u 1 3k 6 1 5 4g 1 a g 9 b 3g 3 1n 4 1q 1 1s 7 b 0 ' +
  'kp 0 1 2 b 2 d 2 d 2 d 1 h n 8 1a r 4 b 4 h x 1q 1 1 3 1 1 a 0 1 2 5 5 1 0 1 0 1 0 4 0 b 1 4 4 5 3 1 0 1m 1 4 ' +
  'ih m a 29 25 m hh u rj 2 3t 6d 5 e 3 1 1 34 0 3z 1a 1 19 y p 1 2g c 5x q f 1 3 3 o f 0 5 1 5 2 2j 1 3 0 2i 0 ' +
  '44 1 4 9 w 11 9 0 g u b t 8 0 f v a 12 f 8v 534 1r h3k 1i 1j 1 7h 2 2r 0 a 0 37 5 8 m 9 1 2v 1 4d 3 a 3 1m 3 ' +
  '2e 1 14 2 1 0 1d 1 1b 0 2p c g 1 3g 3 n 2 2s 1 g 1 2x 0 e 1 3j 0 fnh 0 3s w a3 h 1s 1 1i 7 18 3 g 9 m y 1 i 1 ' +
  '3 45 e a 6 q 5 q a 3e 6 1 6 d 1'

let marks: Uint8Array | undefined

// Built on first use: many answers never put a delimiter beside such a character.
function build(): Uint8Array {
  const built = new Uint8Array(0x10000)
  let at = 0x80
  const numbers = table.split(' ').map((digits) => parseInt(digits, 36))
  numbers.forEach((count, index) => {
    if (index % 2) built.fill(1, at, at + count + 1)
    at += count + (index % 2)
  })
  return built
}

/** True for Unicode punctuation and symbols, the class CommonMark's delimiter runs look at. */
export function isPunctuation(code: number): boolean {
  if (code < 0x80)
    return code > 32 && code < 127 && !((code | 32) > 96 && (code | 32) < 123) && !(code > 47 && code < 58)
  if (code > 0xffff) return (code >= 0x1cc00 && code < 0x1d400) || (code >= 0x1f000 && code < 0x1fc00)
  marks = marks || build()
  return marks[code] === 1
}

/** True for Unicode whitespace, and for `0`, which stands for the edge of the text. */
export function isWhitespace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code > 8 && code < 14) || code === 0
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code > 0x1fff && code < 0x200b) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  )
}

/** True for a character of Chinese, Japanese or Korean text, its full-width punctuation included. */
export function isCjk(code: number): boolean {
  if (code < 0x1100) return false
  return (
    code < 0x1200 ||
    (code > 0x2e7f && code < 0xa000) ||
    (code > 0xa95f && code < 0xa980) ||
    (code > 0xabff && code < 0xd800) ||
    (code > 0xf8ff && code < 0xfb00) ||
    (code > 0xfe2f && code < 0xfe50) ||
    (code > 0xff00 && code < 0xfff0) ||
    (code > 0x1aff0 && code < 0x1b300) ||
    (code > 0x1f1ff && code < 0x1f300) ||
    (code > 0x1ffff && code < 0x3fffe)
  )
}
