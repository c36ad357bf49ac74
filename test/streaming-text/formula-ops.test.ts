import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import katex from 'katex'
import { describe, expect, it } from 'vitest'
import { UnitBlocks } from '../../components/streaming-text/unit-blocks.js'
import { UnitLog } from '../../components/streaming-text/unit-log.js'
import type { Formulas, ViewOp } from '../../src/index.js'
import { createMarkdown, Flattener } from '../../src/markdown.js'
import { createMath } from '../../src/math.js'
import { formulaText, richNode } from '../../src/math/formula-text.js'
import { formulas } from '../math/formulas.js'
import { foldLog, formulaNodes, formulaSource } from './fold-log.js'

const text = readFileSync(new URL('../fixtures/markdown/formulas.md', import.meta.url), 'utf8')
const math = createMath(() => katex)
math.prepare()

/** Streams `text` in pieces of these sizes through the engine and the typesetter. */
function stream(text: string, sizes: readonly number[], typesetter: Formulas = math): ViewOp[][] {
  const engine = createMarkdown()
  const flat = new Flattener()
  const typeset = typesetter.typesetter(() => calls.push([...typeset([])]))
  const calls: ViewOp[][] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    calls.push([...typeset(flat.apply(engine.push(text.slice(at, at + size))))])
    at += size
  }
  calls.push([...typeset(flat.apply(engine.end()))])
  return calls
}

/** Texts that follow one another joined, so that cuts do not show. */
function joined(ops: readonly ViewOp[]): ViewOp[] {
  const out: ViewOp[] = []
  for (const op of ops) {
    const last = out[out.length - 1]
    if (op.op === 'text' && last?.op === 'text')
      out[out.length - 1] = { op: 'text', text: last.text + op.text }
    else out.push(op)
  }
  return out
}
const formulasOf = (ops: readonly ViewOp[]) => ops.flatMap((op) => (op.op === 'formula' ? [op.source] : []))
const failedOf = (ops: readonly ViewOp[]) =>
  ops.flatMap((op, at) => {
    const next = ops[at + 1]
    return op.op === 'run' && op.failed && next?.op === 'text' ? [next.text] : []
  })

describe('formulas in a stream', () => {
  const whole = joined(stream(text, [text.length]).flat())

  it('are the same under every split, and nothing else changes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, (cuts) => {
        expect(joined(stream(text, cuts).flat())).toEqual(whole)
      }),
      { numRuns: 30 },
    )
  })

  it('are found where dollars and brackets mean them, and not in prices', () => {
    expect(formulasOf(whole)).toHaveLength(14)
    expect(formulasOf(joined(stream('It costs $5 and $6, or US$7 to $8.', [3]).flat()))).toEqual([])
    expect(failedOf(whole)).toEqual(['\\frac{1}{', '\\href{javascript:alert(1)}{x}'])
  })

  it('of several lines come whole when they end, and nothing of them before', () => {
    const calls = stream('a\n\n$$\nx +\ny\n$$\n\nb\n', [1])
    const shown = calls.flat().map((op) => op.op)
    expect(shown.filter((op) => op === 'formula')).toHaveLength(1)
    expect(formulasOf(calls.flat())).toEqual(['x +\ny'])
    expect(calls.flat().flatMap((op) => (op.op === 'text' ? [op.text] : []))).toEqual(['a', 'b'])
  })

  it('that are too long for a formula are source, and are not taken back', () => {
    const source = 'x + y \\\\\n'.repeat(400)
    const calls = stream(`$$\n${source}$$\n`, [10])
    expect(formulasOf(calls.flat())).toEqual([])
    expect(failedOf(calls.flat())).toEqual([])
    const texts = joined(calls.flat()).flatMap((op) => (op.op === 'text' ? [op.text] : []))
    expect(texts).toEqual([source.trimEnd()])
  })

  it('that end with the text are decided, complete or not', () => {
    expect(formulasOf(stream('$$\na+b', [2]).flat())).toEqual(['a+b'])
    expect(failedOf(stream('$$\n\\frac{a}{', [2]).flat())).toEqual(['\\frac{a}{'])
  })

  it.each(['before $x$ and $y$ after\n\n$$\nz\n$$\n\nend\n', 'before\n\n$$\nz\n$$\n\nafter $x$\n'])(
    'hold what follows them until the typesetter has come, in order: %j',
    async (text) => {
      const lazy = createMath(() => Promise.resolve(katex))
      const calls = stream(text, [4], lazy)
      const early = calls.flat().length
      expect(JSON.stringify(calls)).toContain('before')
      expect(JSON.stringify(calls)).not.toContain('after')
      await lazy.prepare()
      await Promise.resolve()
      expect(calls.flat().length).toBeGreaterThan(early)
      const again = stream(text, [4])
      // As JSON, without the functions of a formula.
      expect(JSON.stringify(joined(calls.flat()))).toBe(JSON.stringify(joined(again.flat())))
    },
  )
})

describe('a formula on its way to a mini-program', () => {
  it.each(formulas)('%s arrives in the view as the nodes that other platforms get', (source) => {
    const formula = math.render(source, true)!
    expect(formulaNodes(formula.toText())).toEqual([formula.toRich()])
  })

  it('keeps blanks, bars and numbers of its texts', () => {
    const children = ['1', ' ', '| 2 ', '{}\\', ''].map((text) => ({ style: 'c:d', text }))
    const formula = {
      style: 'a:b',
      children: [...children, { style: '', text: '3' }, { style: '', children }],
    }
    expect(formulaNodes(formulaText(formula))).toEqual([richNode(formula)])
  })

  it('is the same object at every fold, so that the view keeps it', () => {
    const spec = math.render('x^2', false)!.toText()
    expect(formulaNodes(spec)).toBe(formulaNodes(spec))
    expect(formulaNodes(spec)).not.toHaveLength(0)
  })

  it('stands in the log once, behind its source, and the text goes on after it', () => {
    const log = new UnitLog()
    for (const ops of stream('a **$x^2$** $y$\n\n| t |\n|---|\n| $z$ u |\n', [3])) log.write(ops)
    const sent: string[] = []
    log.claim({
      begin: (entries) => sent.push(...entries),
      append: () => undefined,
      setCursor: () => undefined,
    })
    const [line, table] = foldLog(sent)
    expect(line?.runs.map(({ k, t, h }) => [k, t, h])).toEqual([
      ['t', 'a ', ''],
      ['f', 'x^2', ''],
      ['t', ' ', ''],
      ['f', 'y', ''],
    ])
    expect(table?.rows[1]?.cells[0]?.runs.map(({ k, t }) => [k, t])).toEqual([
      ['f', 'z'],
      ['t', ' u'],
    ])
    expect(formulaNodes(line?.runs[1]?.s ?? '')).toEqual([math.render('x^2', false)!.toRich()])
  })

  it('does not cut the line that it stands in', () => {
    const log = new UnitLog()
    const line = Array.from({ length: 30 }, (_, at) => `so $\\frac{x_{${at}}}{y}$ and`).join(' ')
    for (const ops of stream(line, [20])) log.write(ops)
    expect(log.units.value).toHaveLength(1)
  })

  it('is one segment of a block where no WXS is', () => {
    const list = new UnitBlocks()
    for (const ops of stream('a $x$ b\n\n$$\ny\n$$\n', [2])) list.write(ops)
    const segments = list.claim()?.unit.blocks.map((block) => block.segments)
    expect(segments?.[0]?.map(({ t, f }) => (f ? `formula ${t}` : t))).toContain('formula x')
    expect(segments?.[1]).toEqual([
      { t: 'y', c: 'st-formula st-formula--block', f: [math.render('y', true)!.toRich()] },
    ])
  })

  it('is read with nothing that WXS lacks', () => {
    const code = formulaSource.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    expect(code).not.toMatch(/\b(let|const|class|new|Object|Array|JSON|RegExp|Symbol|Map|Set)\b/)
    expect(code).not.toMatch(/=>|\.\.\.|\?\.|\?\?|,\s*[}\]]|\//)
  })
})
