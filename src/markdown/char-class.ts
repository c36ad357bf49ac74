/** Unicode's categories P and S. Engines too old for classes get the blocks in which nearly all of them are. */
function punctuation(): RegExp {
  try {
    return new RegExp('[\\p{P}\\p{S}]', 'u')
  } catch {
    return /[¡-©«-±´¶-¹»¿×÷\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u2bff\u3001-\u3004\u3008-\u3020\u3030\ufe30-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffee]|\ud83c|\ud83d|\ud83e/
  }
}
let marks: RegExp | undefined

/** True for Unicode punctuation and symbols, the class CommonMark's delimiter runs look at. */
export function isPunctuation(code: number): boolean {
  if (code < 0x80)
    return code > 32 && code < 127 && !((code | 32) > 96 && (code | 32) < 123) && !(code > 47 && code < 58)
  marks = marks || punctuation()
  return marks.test(String.fromCodePoint(code))
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
