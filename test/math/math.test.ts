import katex from 'katex'
import katex016 from 'katex-0-16'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Formula, FormulaNode } from '../../src/composables/formulas.js'
import { createMath } from '../../src/math.js'
import { formulas } from './formulas.js'

const versions = { '0.19': katex, '0.16': katex016 as unknown as typeof katex }

function mathWith(version: keyof typeof versions) {
  const math = createMath(() => versions[version])
  math.prepare()
  return math
}

const textOf = (formula: Formula) => textIn(formula.parts)
const textIn = (node: FormulaNode): string =>
  'text' in node ? node.text : 'children' in node ? node.children.map(textIn).join('') : ''

const all = (node: FormulaNode): FormulaNode[] => [
  node,
  ...('children' in node ? node.children.flatMap(all) : []),
]

/** KaTeX's own text, from the HTML that it prints. */
function katexText(version: keyof typeof versions, source: string, displayMode: boolean): string {
  const html = versions[version].renderToString(source, { displayMode, output: 'html', strict: 'ignore' })
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" }
  return html.replace(/<[^>]*>/g, '').replace(/&(#?\w+);/g, (whole, name: string) => names[name] ?? whole)
}

it('has at least 60 formulas, no two alike', () => {
  expect(new Set(formulas).size).toBe(formulas.length)
  expect(formulas.length).toBeGreaterThanOrEqual(60)
})

describe.each(Object.keys(versions) as (keyof typeof versions)[])('with KaTeX %s', (version) => {
  const math = mathWith(version)

  it.each(formulas)('%s has the text of KaTeX, in elements without anything but plain styles', (source) => {
    let shown = 0
    for (const display of [false, true]) {
      let expected: string | undefined
      try {
        expected = katexText(version, source, display)
      } catch {
        // Some environments are for display only, and \tag too.
      }
      const formula = math.render(source, display)
      if (expected === undefined) {
        expect(formula).toBeUndefined()
        continue
      }
      shown++
      expect(textOf(formula!)).toBe(expected)
      for (const node of all(formula!.parts)) {
        expect(Object.keys(node)).toHaveLength(2)
        expect(node.style).toMatch(/^([a-z-]+:[-\w.#%+,"() ]+(;[a-z-]+:[-\w.#%+,"() ]+)*)?$/)
        expect(node.style).not.toMatch(/url|expression|import|\\|position:fixed/i)
        if (!('shape' in node)) continue
        for (const data of node.shape.paths) expect(data).toMatch(/^[-\d.,\sA-Za-z]+$/)
      }
    }
    expect(shown).toBeGreaterThan(0)
  })

  it.each([
    '\\href{javascript:alert(1)}{x}',
    '\\href{https://example.com}{x}',
    '\\href{//example.com}{x}',
    '\\href{ jAvAsCript:alert(1)}{x}',
    '\\url{https://example.com}',
    '\\includegraphics{https://example.com/a.png}',
    '\\includegraphics[width=1em]{data:image/svg+xml,x}',
    '\\htmlClass{st-link}{x}',
    '\\htmlId{app}{x}',
    '\\htmlStyle{position:fixed;inset:0}{x}',
    '\\htmlData{href=javascript:alert(1)}{x}',
    '\\class{x}{y}',
    '\\style{color:red}{y}',
    '\\cssId{x}{y}',
    '\\unicode{x41}',
    '\\require{html}x',
    '\\input{/etc/passwd}',
    '\\write18{ls}',
    '\\def\\a{b}\\a',
    '\\gdef\\a{b}\\a',
    '\\edef\\a{b}\\a',
    '\\xdef\\a{b}\\a',
    '\\let\\a=b\\a',
    '\\futurelet\\a\\b c',
    '\\newcommand{\\a}{b}\\a',
    '\\renewcommand{\\frac}{b}\\frac',
    '\\providecommand{\\a}{b}\\a',
    '\\global\\def\\a{b}',
    '\\color{url(x)}y',
    '\\color{red;position:fixed}y',
    '\\frac{1}{',
    '\\unknown',
    'x^',
    '{',
  ])('%s is no formula', (source) => {
    expect(math.render(source, false)).toBeUndefined()
    expect(math.render(source, true)).toBeUndefined()
  })

  it('what one formula defines is unknown to the next', () => {
    math.render('\\gdef\\leak{x}', false)
    expect(math.render('\\leak', false)).toBeUndefined()
  })

  it.each([
    ['\\rule{500em}{500em}', 10],
    ['a\\hspace{9999px}b', 10],
    ['\\raisebox{999em}{x}', 20],
    ['a\\kern-20em b', 20],
  ])('sizes in %s are at most %d em', (source, limit) => {
    const numbers = all(math.render(source, false)!.parts).flatMap(({ style }) =>
      [...style.matchAll(/(-?[\d.]+)em/g)].map(([, size]) => Math.abs(Number(size))),
    )
    expect(Math.max(...numbers)).toBeLessThanOrEqual(limit)
  })

  it('what is moved out of the page is no formula', () => {
    expect(math.render('a\\kern-900em b', false)).toBeUndefined()
  })
})

describe('hostile formulas', () => {
  const draw = vi.fn(katex['__renderToHTMLTree' as never] as (source: string, options: object) => never)
  const math = createMath(() => ({ __renderToHTMLTree: draw }) as never)
  math.prepare()
  beforeEach(() => void draw.mockClear())

  it.each([
    ['1 MB', 'x+'.repeat(500_000)],
    ['10,000 braces', '{'.repeat(10_000) + '}'.repeat(10_000)],
    ['10,000 roots', '\\sqrt{'.repeat(10_000)],
  ])('of %s do not reach KaTeX', (_, source) => {
    expect(math.render(source, true)).toBeUndefined()
    expect(draw).not.toHaveBeenCalled()
  })

  it.each([
    ['a command of its own name', '\\\\def\\text{x}'],
    ['a macro that calls itself', '\\def\\a{\\a\\a}\\a'],
    ['macros that double', '\\def\\a{xx}' + '\\edef\\a{\\a\\a}'.repeat(60) + '\\a'],
    ['990 braces', '{'.repeat(990) + 'x' + '}'.repeat(990)],
    ['braces that stay open', '{'.repeat(2000)],
    ['190 roots', '\\sqrt{'.repeat(190) + 'x' + '}'.repeat(190)],
    ['180 fractions', '\\frac{1}{'.repeat(180) + 'x' + '}'.repeat(180)],
    ['300 powers', 'x^{'.repeat(300) + 'x' + '}'.repeat(300)],
    ['a wide matrix', `\\begin{matrix}${'&'.repeat(900)}\\\\${'&'.repeat(900)}\\end{matrix}`],
    ['1,900 letters', 'x'.repeat(1900)],
    ['dots that expand', '\\dots'.repeat(390)],
    ['combining marks', `\\text{a${'\u0301'.repeat(1900)}}`],
    ['emoji and halves of pairs', '😀\ud800\udc00\ud800'.repeat(300)],
  ])('such as %s end in a bounded tree or none', (_, source) => {
    const formula = math.render(source, true)
    if (formula) expect(all(formula.parts).length).toBeLessThanOrEqual(3001)
  })

  it('leave the typesetter as it was', () => {
    expect(textOf(math.render('x+y', false)!)).toBe('x+y')
  })
})

describe('a typesetter', () => {
  afterEach(() => vi.useRealTimers())
  const counting = () => {
    const draw = vi.fn(katex['__renderToHTMLTree' as never] as (source: string, options: object) => never)
    return { draw, module: { __renderToHTMLTree: draw } as never }
  }

  it('renders a formula once, a bad one too, and keeps no more than 300', () => {
    const { draw, module } = counting()
    const math = createMath(() => module)
    math.prepare()
    const first = math.render('x_0', false)
    expect(math.render('x_0', false)).toBe(first)
    math.render('\\bad', false)
    math.render('\\bad', false)
    expect(draw).toHaveBeenCalledTimes(2)
    math.render('x_0', true)
    expect(draw).toHaveBeenCalledTimes(3)
    for (let at = 1; at <= 300; at++) math.render(`x_{${at}}`, false)
    math.render('x_0', false)
    expect(draw).toHaveBeenCalledTimes(304)
  })

  it('is loaded at the first formula, once, and nothing is typeset before', async () => {
    const load = vi.fn(() => Promise.resolve({ default: katex }))
    const math = createMath(load)
    expect(load).not.toHaveBeenCalled()
    const arrival = math.prepare()
    expect(math.prepare()).toBe(arrival)
    expect(math.render('x', false)).toBeUndefined()
    await arrival
    expect(math.prepare()).toBeUndefined()
    expect(textOf(math.render('x', false)!)).toBe('x')
    expect(load).toHaveBeenCalledOnce()
  })

  it('is worth waiting for three seconds, and used when it comes later', async () => {
    vi.useFakeTimers()
    let give: (module: typeof katex) => void = () => undefined
    const math = createMath(() => new Promise((resolve) => (give = resolve)))
    const arrival = math.prepare()
    let isOver = false
    void arrival?.then(() => (isOver = true))
    await vi.advanceTimersByTimeAsync(2900)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(200)
    expect(isOver).toBe(true)
    expect(math.prepare()).toBeUndefined()
    expect(math.render('x', false)).toBeUndefined()
    give(katex)
    await vi.advanceTimersByTimeAsync(0)
    const atOnce = createMath(() => katex)
    atOnce.prepare()
    expect(math.render('x', false)?.parts).toEqual(atOnce.render('x', false)?.parts)
  })

  it.each([
    ['is not there', () => Promise.reject(new Error('offline'))],
    [
      'throws',
      () => {
        throw new Error('no module')
      },
    ],
    ['is something else', () => ({}) as never],
  ])('that %s leaves formulas as their source', async (_, load) => {
    const math = createMath(load)
    await math.prepare()
    expect(math.prepare()).toBeUndefined()
    expect(math.render('x', false)).toBeUndefined()
  })

  it('without its fonts names none of them, and has the alphabets that Unicode has', () => {
    const math = createMath(() => katex, { fonts: 'system' })
    math.prepare()
    for (const source of formulas) {
      const formula = math.render(source, true)
      if (formula) expect(JSON.stringify(formula.parts)).not.toContain('KaTeX')
    }
    expect(textOf(math.render('\\mathbb{RAk}\\mathcal{LQ}\\mathfrak{g}', false)!)).toBe('ℝ𝔸𝕜ℒ𝒬𝔤')
  })
})
