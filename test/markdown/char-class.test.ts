import { expect, it } from 'vitest'
import { isCjk, isPunctuation, isWhitespace } from '../../src/markdown/char-class.js'

it('knows the punctuation and symbols of the first plane', () => {
  let different = 0
  for (let code = 0; code < 0x10000; code++) {
    const known = /[\p{P}\p{S}]/u.test(String.fromCodePoint(code))
    if (known !== isPunctuation(code)) different++
    if (code < 0x3000) expect(`${code} ${isPunctuation(code)}`).toBe(`${code} ${known}`)
  }
  expect(different).toBeLessThan(20)
})

it('counts emoji as symbols', () => {
  for (const char of ['😀', '🎉', '🀄']) expect(isPunctuation(char.codePointAt(0)!)).toBe(true)
})

it('knows Unicode whitespace and the edge of the text', () => {
  for (const char of ['\0', ' ', '\t', '\n', '\f', '\u00a0', '\u2003', '\u3000'])
    expect(isWhitespace(char.charCodeAt(0))).toBe(true)
  for (const char of ['a', '中', '\u200b']) expect(isWhitespace(char.charCodeAt(0))).toBe(false)
})

it('knows the characters of Chinese, Japanese and Korean text', () => {
  for (const char of ['中', 'あ', 'カ', '한', '：', '。', '「', '𠮷', '｡'])
    expect(isCjk(char.codePointAt(0)!)).toBe(true)
  for (const char of ['a', 'é', '“', '—', '😀', 'я']) expect(isCjk(char.codePointAt(0)!)).toBe(false)
})
