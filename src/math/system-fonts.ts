import type { Place } from './node-style.js'

/** How much taller than text KaTeX draws its four sizes of delimiters. */
const delimiters: Readonly<Record<string, number>> = { size1: 1.2, size2: 1.8, size3: 2.4, size4: 3 }

/** Letters that Unicode had before its block of mathematical letters, by class and letter. */
const exceptions: Readonly<Record<string, string>> = {
  bbC: 'ℂ',
  bbH: 'ℍ',
  bbN: 'ℕ',
  bbP: 'ℙ',
  bbQ: 'ℚ',
  bbR: 'ℝ',
  bbZ: 'ℤ',
  scrB: 'ℬ',
  scrE: 'ℰ',
  scrF: 'ℱ',
  scrH: 'ℋ',
  scrI: 'ℐ',
  scrL: 'ℒ',
  scrM: 'ℳ',
  scrR: 'ℛ',
  frakC: 'ℭ',
  frakH: 'ℌ',
  frakI: 'ℑ',
  frakR: 'ℜ',
  frakZ: 'ℨ',
  scre: 'ℯ',
  scrg: 'ℊ',
  scro: 'ℴ',
}

/** Where each alphabet begins: its capitals, and behind them its small letters. */
const alphabets: Readonly<Record<string, readonly [name: string, first: number]>> = {
  mathbb: ['bb', 0x1d538],
  textbb: ['bb', 0x1d538],
  mathcal: ['scr', 0x1d49c],
  mathscr: ['scr', 0x1d49c],
  textscr: ['scr', 0x1d49c],
  mathfrak: ['frak', 0x1d504],
  textfrak: ['frak', 0x1d504],
}

export const systemFamilies = (style: string) => style.replace(/KaTeX_\w+,/g, '')

/** Styles that draw large what only KaTeX's own fonts have in large. */
export function systemStyle({ classes }: Place, text: string): string {
  const has = (name: string) => classes.indexOf(name) >= 0
  if (has('delimsizing')) {
    const factor = classes.map((name) => delimiters[name]).find((size) => size !== undefined)
    if (factor) return `display:inline-block;margin:0 .06em;transform:scale(1.25,${factor})`
  }
  if (!has('op-symbol') || !has('large-op')) return ''
  return `display:inline-block;transform:scale(${/[∫-∰]/.test(text) ? '1.4,1.9' : '1.4'})`
}

/** KaTeX's fonts have their special alphabets in the place of plain letters; other fonts do not. */
export function systemText(text: string, { classes }: Place): string {
  const found = classes.map((name) => alphabets[name]).find((alphabet) => alphabet !== undefined)
  if (!found) return text
  const [name, first] = found
  return text.replace(/[A-Za-z]/g, (letter) => {
    const code = letter.charCodeAt(0)
    return exceptions[name + letter] ?? String.fromCodePoint(first + code - (code < 97 ? 65 : 97 - 26))
  })
}
