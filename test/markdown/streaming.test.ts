import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import type { Op } from '../../src/markdown/markdown-types.js'
import { createRenderList, type RenderBlock, type Run } from '../../src/markdown/render-list.js'
import { defaultLimits } from '../../src/markdown/limits.js'
import { cutEvery, joined, streamed } from './run.js'

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/markdown/${name}.md`, import.meta.url), 'utf8')
const answers = ['prose', 'code', 'tables', 'lists'].map((name) => [name, fixture(name)] as const)

const pieces =
  '* ** *** _ __ ` `` ``` [ ] ( ) ![ ](/u) < > & &amp; | ~~ ~ $ $$ \\( \\) \\[ \\] \\ : @ - + # ## > 1. = ! . 5 a foo 中文 ， ： http://a.co/x www.a.co a@b.co <b> </b> <sup> </sup> <i> </a> <br> <h2> <p> </p> <details> </details> <summary> <!-- --> <Thought> </think> [^1] [^a]: data:image/png;base64, =x { <!-- --> <div> <think> </think> ◁think▷ ◁/think▷ [THINK] <ul> </ul> <li> <table> </table> <tr> <td> [ref] 😀 —'
    .split(' ')
    .concat([
      '\n',
      '\n\n',
      ' ',
      '  ',
      '    ',
      '\t',
      '\r',
      '\n- ',
      '\n> ',
      '\n| a | b |\n',
      '\n|---|---|\n',
      '\n===\n',
      '\n---\n',
      '\n```js\n',
      '\n[ref]: /u "t"\n',
      '\n[^1]: ',
      '<a href="/u">',
      '<img src="/u">',
      '\n$$\n',
      '\n\\[',
      '\n$\n',
      '\n\\begin{align*}\n',
      '\n\\end{align*}',
      '\\]\n',
      '- [ ] ',
      '\0',
      '<table>\n<tr><td>',
      '</td><th colspan="2">',
      '</table>',
      '<ul><li>',
      '</li>',
      '</ul>',
      '\n| a long header of a table | and b | c |\n',
      '|:-:|--|-:|\n',
    ])
const markdownText = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''))
const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 })
const limits = fc.constantFrom({}, { opening: 0 }, { span: 12, target: 20, opening: 5, depth: 4 })

function cut(text: string, sizes: readonly number[]): string[] {
  const parts: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length]!
    parts.push(text.slice(at, at + size))
    at += size
  }
  return parts
}

/** What a reader sees: every run's text with all that decides its look. */
function seen(blocks: readonly RenderBlock[]): { look: string; text: string }[] {
  const shown: { look: string; text: string }[] = []
  const add = (block: string, runs: readonly Run[]) => {
    for (const run of runs) shown.push({ look: block + JSON.stringify(run.look), text: run.text })
  }
  for (const { key, block, gap, path, starts, runs, rows } of blocks) {
    const frame = JSON.stringify({ key, block, gap, path, starts })
    shown.push({ look: frame, text: '' })
    add(frame, runs)
    for (const row of rows)
      for (const cell of row.cells) add(frame + row.key + cell.key + cell.align, cell.runs)
  }
  return shown
}

function expectPrefix(before: ReturnType<typeof seen>, after: ReturnType<typeof seen>): void {
  expect(after.length).toBeGreaterThanOrEqual(before.length)
  before.forEach((run, at) => {
    const grown = after[at]!
    const last = at === before.length - 1
    if (grown.look !== run.look || (last ? !grown.text.startsWith(run.text) : grown.text !== run.text)) {
      throw new Error(`taken back: ${JSON.stringify(run)} became ${JSON.stringify(grown)}`)
    }
  })
}

function expectNothingTakenBack(steps: readonly Op[][]): void {
  const list = createRenderList()
  let before = seen([])
  for (const step of steps) {
    list.apply(step)
    const after = seen(list.blocks)
    expectPrefix(before, after)
    before = after
  }
}

describe('streaming', () => {
  it('gives the same operations for every cut of generated text', () => {
    fc.assert(
      fc.property(markdownText, cuts, limits, (text, sizes, bounds) => {
        const options = { limits: bounds }
        const whole = joined(streamed([text], options).flat())
        expect(joined(streamed(cut(text, sizes), options).flat())).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })

  it('takes nothing back that it showed of generated text', () => {
    fc.assert(
      fc.property(markdownText, cuts, limits, (text, sizes, bounds) => {
        expectNothingTakenBack(streamed(cut(text, sizes), { limits: bounds }))
      }),
      { numRuns: 1000 },
    )
  })

  it('takes nothing back after it was told to settle', () => {
    const settled = fc.array(
      fc.constantFrom('words' as const, 'likely' as const, 'all' as const, undefined),
      {
        minLength: 1,
        maxLength: 9,
      },
    )
    fc.assert(
      fc.property(markdownText, cuts, settled, (text, sizes, when) => {
        const markdown = createMarkdown()
        const steps: Op[][] = []
        cut(text, sizes).forEach((part, turn) => {
          steps.push(markdown.push(part))
          const what = when[turn % when.length]
          if (what) steps.push(markdown.settle(what))
        })
        steps.push(markdown.end())
        expectNothingTakenBack(steps)
      }),
      { numRuns: 1000 },
    )
  })

  it.each(answers)('gives the same operations for every cut of the %s answer', (_name, text) => {
    const whole = joined(streamed([text]).flat())
    for (const size of [1, 2, 3, 5, 20, 64])
      expect(joined(streamed(cutEvery(text, size)).flat())).toEqual(whole)
  })

  it.each(answers)('takes nothing back that it showed of the %s answer', (_name, text) => {
    expectNothingTakenBack(streamed(cutEvery(text, 1 + (text.length % 7))))
  })

  it.each(answers)('never holds more of the %s answer than a line of it', (_name, text) => {
    const markdown = createMarkdown()
    let most = 0
    for (const part of cutEvery(text, 4)) {
      markdown.push(part)
      most = Math.max(most, markdown.held)
    }
    expect(most).toBeLessThan(260)
  })

  const long = '，后面是说明文字，模型不停地往下写，读的人想马上看到它'.repeat(20)
  it.each([
    '命令 `ps aux | grep node` 的含义是',
    '设 |x| < 1',
    '名称 | 说明',
    '面积=长*宽',
    '2**10 等于 1024',
    '区间 [0, 1) 上',
    '[0, 1) 上',
    '区间[0,1](包含端点，',
    '按键 ` 在左上角',
    '环境变量 $HOME 指',
    '价格 ~~原价 与',
    '**重 *点 `码 $变量 [方括号',
    `**${'重'.repeat(100)}\`码`,
    `*${'word '.repeat(20)}${'w'.repeat(60)}`,
  ])('shows what follows %j after 120 characters at most', (begin) => {
    const markdown = createMarkdown()
    let shown = 0
    for (const [at, char] of Array.from(begin + long).entries()) {
      for (const op of markdown.push(char)) if ('text' in op) shown += op.text.length
      expect(at + 1 - shown).toBeLessThanOrEqual(122)
    }
  })

  it('holds back no more than the limits of any generated text', () => {
    const { span, target } = defaultLimits
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 6 }), cuts, (parts, sizes) => {
        const markdown = createMarkdown()
        for (const part of cut(parts.join('').repeat(120), sizes)) {
          markdown.push(part)
          // An address may be the longest of all, with a mark open before it.
          expect(markdown.held).toBeLessThanOrEqual(4 * target + 2 * span)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('does not wait for the end of an environment that begins once more', () => {
    const markdown = createMarkdown()
    markdown.push('\\begin{align}\nx\n')
    const { held } = markdown
    markdown.push('\\begin{align}\nx\n')
    expect(markdown.held).toBeLessThan(2 * held)
  })

  it('shows the words that came when told to settle them', () => {
    const markdown = createMarkdown()
    expect(markdown.push('Let me check')).toEqual([])
    expect(markdown.settle('words')).toContainEqual({ op: 'text', text: 'Let me check' })
  })

  it('shows a paragraph from its first word where openings may not wait', () => {
    const markdown = createMarkdown({ limits: { opening: 0 } })
    expect(markdown.push('Let me ')).toContainEqual({ op: 'text', text: 'Let me' })
    markdown.push('check\n\n- [x')
    expect(joined(markdown.push('] done '))).toContainEqual({ op: 'text', text: 'done' })
  })

  it('keeps open emphasis back when told to settle words, and shows it when told to settle all', () => {
    const markdown = createMarkdown()
    const list = createRenderList()
    list.apply(markdown.push('A paragraph long enough, with **bold'))
    list.apply(markdown.settle('words'))
    expect(list.blocks[0]!.runs.map((run) => run.text)).toEqual(['A paragraph long enough, with '])
    list.apply(markdown.settle('all'))
    list.apply(markdown.push(' words**.'))
    list.apply(markdown.end())
    expect(list.blocks[0]!.runs.map((run) => run.text)).toEqual([
      'A paragraph long enough, with **bold words**.',
    ])
  })

  it('reads a second text after the end', () => {
    const markdown = createMarkdown()
    markdown.push('> first')
    markdown.end()
    const ops = [...markdown.push('second'), ...markdown.end()]
    expect(ops).toEqual([
      { op: 'open', key: expect.any(Number), gap: false, block: { type: 'paragraph' } },
      { op: 'text', text: 'second' },
      { op: 'close', key: expect.any(Number) },
    ])
  })
})
