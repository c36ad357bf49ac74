import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnitLog } from '../../components/streaming-text/unit-log.js'
import { createMarkdown, createRenderList, Flattener, type Run } from '../../src/markdown.js'
import { foldLog, foldSource, type FoldedBlock, type FoldedRun } from './fold-log.js'

const corpora = ['prose', 'code', 'tables', 'lists'].map((name) =>
  readFileSync(new URL(`../fixtures/markdown/${name}.md`, import.meta.url), 'utf8'),
)
const all = corpora.join('\n')

/** Streams `text` in pieces into a log with a view for each unit; answers with what each view got. */
function stream(text: string, sizes: readonly number[]): string[][] {
  const engine = createMarkdown()
  const flat = new Flattener()
  const log = new UnitLog()
  const views: string[][] = []
  const write = (ops: Parameters<Flattener['apply']>[0]) => {
    log.write(flat.apply(ops))
    while (views.length < log.units.value.length) {
      const view: string[] = []
      views.push(view)
      log.claim({
        begin: (entries) => view.push(...entries),
        append: (index, entry) => {
          expect(index).toBe(view.length)
          view.push(entry)
        },
        setCursor: () => undefined,
      })
    }
  }
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    write(engine.push(text.slice(at, at + size)))
    at += size
  }
  write(engine.end())
  return views
}

const marked = ({ look, text }: Run): [string, string] => [
  `${look.style}${look.kind === 'code' ? 'c' : look.kind === 'image' ? 'i' : look.kind === 'math' ? 'm' : ''}${look.link?.href ?? ''}`,
  look.kind === 'break' ? '\n' : text,
]
const bits: Readonly<Record<string, number>> = {
  'st-em': 1,
  'st-strong': 2,
  'st-del': 4,
  'st-sub': 32,
  'st-sup': 64,
  'st-mark': 128,
}
const folded = ({ k, c, t, h }: FoldedRun): [string, string] => {
  const names = c.split(' ')
  const style = names.reduce((sum, name) => sum + (bits[name] ?? 0), 0)
  return [`${style}${names.includes('st-code') ? 'c' : k === 'i' ? 'i' : k === 'm' ? 'm' : ''}${h}`, t]
}

/** Neighbours of one look joined, so that cuts between units and runs do not show. */
function joined(runs: readonly (readonly [string, string])[]): string[] {
  const out: [string, string][] = []
  for (const [look, text] of runs) {
    const last = out[out.length - 1]
    if (last && last[0] === look) last[1] += text
    else if (text || look.includes('i')) out.push([look, text])
  }
  return out.map(([look, text]) => `${look}:${text}`)
}

/** Blocks that go on in another unit are one again. */
function whole(views: readonly (readonly string[])[]): string[][] {
  const blocks: { k: string; runs: [string, string][]; cells: string[][] }[] = []
  for (const block of views.flatMap((view): FoldedBlock[] => foldLog(view))) {
    const last = blocks[blocks.length - 1]
    const into = block.on && last ? last : { k: block.k, runs: [], cells: [] }
    if (into !== last) blocks.push(into)
    else if (block.k === 'C') into.runs.push(['0', '\n'])
    into.runs.push(...block.runs.map(folded))
    for (const row of block.rows) for (const cell of row.cells) into.cells.push(joined(cell.runs.map(folded)))
  }
  return blocks.map(({ k, runs, cells }) => [k, ...joined(runs), ...cells.flat()])
}

function expected(text: string): string[][] {
  const engine = createMarkdown()
  const list = createRenderList()
  list.apply([...engine.push(text), ...engine.end()])
  return list.blocks.map(({ block, runs, rows }) => [
    block.type === 'heading'
      ? String(block.level)
      : block.type === 'paragraph'
        ? block.checked === undefined
          ? 'P'
          : block.checked
            ? 'Y'
            : 'N'
        : block.type.charAt(0).toUpperCase(),
    ...joined(runs.map(marked)),
    ...rows.flatMap((row) => row.cells.flatMap((cell) => joined(cell.runs.map(marked)))),
  ])
}

describe('a log folded in the view', () => {
  it('shows what the whole text is, under random splits', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, (cuts) => {
        expect(whole(stream(all, cuts))).toEqual(expected(all))
      }),
      { numRuns: 40 },
    )
  })

  it('of code of 60 KB is cut at line starts into units of bounded size', () => {
    const code = `\`\`\`js\n${'const value = "a line of code"\n'.repeat(2000)}\`\`\`\n`
    const views = stream(code, [20])
    expect(views.length).toBeGreaterThan(10)
    for (const view of views) {
      expect(view.join('').length).toBeLessThan(6000)
      expect(view.length).toBeLessThan(250)
    }
    expect(whole(views)).toEqual(expected(code))
  })

  it('of one endless line is cut too', () => {
    const line = 'word '.repeat(40_000).trim()
    const views = stream(line, [20])
    for (const view of views) expect(view.join('').length).toBeLessThan(10_000)
    expect(whole(views)).toEqual(expected(line))
  })

  it('of a long table gives both halves the same columns', () => {
    const table = `| name | value |\n|---|--:|\n${'| some cell | 中文单元格 |\n'.repeat(600)}`
    const views = stream(table, [20])
    expect(views.length).toBeGreaterThan(1)
    const [first, second] = views.map((view) => foldLog(view)[0]?.widths)
    expect(first).toHaveLength(2)
    expect(second?.length).toBe(2)
    expect(whole(views)).toEqual(expected(table))
  })

  it('has numbers, bullets and quotes only where they begin', () => {
    const blocks = foldLog(stream('3. a\n\n   b\n4. - c\n\n> q\n>\n> r\n', [3]).flat())
    expect(blocks.map(({ rails }) => rails.map(({ t }) => t).join(''))).toEqual(['3.', '', '4.•', '', ''])
    expect(blocks.slice(3).map(({ rails }) => rails[0]?.c.includes('--on'))).toEqual([false, true])
  })

  it('is not confused by the mark of an instruction in the text', () => {
    const [block] = foldLog(stream('a\u007fb \u007fP c', [2]).flat())
    expect(block?.runs.map(({ t }) => t).join('')).toBe('abP c'.replace('bP', 'b P'))
  })

  it('needs nothing that WXS lacks', () => {
    const code = foldSource.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    expect(code).not.toMatch(
      /\b(let|const|class|new|Object|Array|JSON|RegExp|Symbol|Map|Set|typeof\s+window)\b/,
    )
    expect(code).not.toMatch(/=>|`|\.\.\.|\?\.|\?\?|,\s*[}\]]/)
    // A slash that is no division would be a regular expression.
    expect(code.replace(/\/ 2/g, '')).not.toMatch(/\//)
  })
})
