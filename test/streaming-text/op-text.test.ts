import { readFileSync } from 'node:fs'
import { tests as commonmark } from 'commonmark-spec'
import fc from 'fast-check'
import { Window } from 'happy-dom'
import katex from 'katex'
import { describe, expect, it } from 'vitest'
import { createLineColours } from '../../components/streaming-text/colour-lines.js'
import { DomSink } from '../../components/streaming-text/dom-sink.js'
import type { DomOp } from '../../components/streaming-text/dom-writer.js'
import { formulaParts } from '../../components/streaming-text/formula-parts.js'
import { OpReader } from '../../components/streaming-text/op-reader.js'
import { OpText } from '../../components/streaming-text/op-text.js'
import { ViewLog } from '../../components/streaming-text/view-log.js'
import type { FormulaNode, ViewOp } from '../../src/index.js'
import { createMarkdown, Flattener, type FlatOp } from '../../src/markdown.js'
import { createMath } from '../../src/math.js'
import { formulas } from '../math/formulas.js'
import { corpus } from './corpus.js'
import { xssVectors } from './xss-vectors.js'

const showcase = readFileSync(new URL('../fixtures/markdown/showcase.md', import.meta.url), 'utf8')

/** Everything that a run can be. */
const everything = `a **b *c ~~d~~* \`e\`** [f **g** \`h\`](https://a.example "i j") k  
l **m  
n** ![o p](https://a.example/q.png "r s") [![t](https://a.example/u.png "v")](https://a.example/w "x") $y$ [$z$](/z)
<b>raw</b> **<i>** https://a.example

- [ ] one
- [x] two

  > 7) three
  > 8) four
  >
  >    - five

-

| l | c | r | n |
|:--|:-:|--:|---|
| 1 | **2** | \`3\` | [4](/4) |

\`\`\`ts x y
let a
\`\`\`

$$
f(x)
$$

<think>

- hm

</think>

***
`

function stream(text: string, sizes: readonly number[]): FlatOp[][] {
  const engine = createMarkdown()
  const flat = new Flattener()
  const calls: FlatOp[][] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    calls.push(flat.apply(engine.push(text.slice(at, at + size))))
    at += size
  }
  calls.push(flat.apply(engine.end()))
  return calls
}

const { document } = new Window()

/** What a sink makes of these calls, as HTML. */
function shown(calls: readonly (readonly DomOp[])[]): string {
  const host = document.createElement('div') as unknown as HTMLElement
  const sink = new DomSink(() => 'copy')
  sink.mount(host)
  for (const ops of calls) sink.write(ops)
  // The labels of tasks are numbered through the page, and this page has many answers.
  return host.innerHTML.replace(/st-task-\d+/g, 'st-task-n')
}

const crossed = (calls: readonly (readonly ViewOp[])[]) => {
  const text = new OpText()
  return calls.map((ops) => text.encode(ops))
}
const read = (pieces: readonly string[]) => {
  const reader = new OpReader()
  return pieces.map((piece) => reader.read(piece))
}

describe('operations that cross as text', () => {
  it.each([
    ['the corpus', corpus],
    ['the showcase', showcase],
    ['everything a run can be', everything],
  ])('show %s as the operations themselves do, piece by piece and at once', (_name, text) => {
    const calls = stream(text, [20])
    const pieces = crossed(calls)
    expect(shown(read(pieces))).toBe(shown(calls))
    // A view that comes late gets all pieces as one.
    expect(shown(read([pieces.join('')]))).toBe(shown(calls))
  })

  it('show every example of CommonMark, and every attack, as the operations themselves do', () => {
    for (const markdown of [...commonmark.map((example) => example.markdown), ...xssVectors]) {
      const calls = stream(markdown, [markdown.length || 1])
      // DEL, which shows nothing, is taken out of texts.
      expect(shown(read(crossed(calls))), markdown).toBe(shown(calls).split('\u007f').join(''))
    }
  })

  it('show the same under every split', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, fc.constantFrom(showcase, everything), (cuts, text) => {
        const calls = stream(text, cuts)
        const pieces = crossed(calls)
        expect(shown(read(pieces))).toBe(shown(calls))
        expect(shown(read([pieces.join('')]))).toBe(shown(calls))
      }),
      { numRuns: 40 },
    )
  })

  it('show texts of any characters', () => {
    // Without DEL, which is taken out.
    const text = fc.string({ unit: 'binary' }).map((any) => any.split('\u007f').join(''))
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const calls: ViewOp[][] = [
          [{ op: 'block', key: 0, block: { type: 'paragraph' }, gap: false, path: [], starts: 0 }],
          [{ op: 'run', look: { kind: 'text', style: 0 } }],
          ...texts.map((one): ViewOp[] => [{ op: 'text', text: one }]),
        ]
        expect(shown(read(crossed(calls)))).toBe(shown(calls))
      }),
    )
    expect(crossed([[{ op: 'text', text: 'a\u007fKb' }]])).toEqual(['aKb'])
  })

  it('take nothing that an answer says for an instruction', () => {
    const forged = [
      '\u007f',
      '\u007f@javascript:alert(1)\u007fa',
      '\u007fP ',
      '\u007f!ahttps://a.example ',
      "\u007f'",
      '\u007f|',
    ]
    fc.assert(
      fc.property(fc.nat(everything.length), fc.constantFrom(...forged), (at, forgery) => {
        const calls = stream(everything.slice(0, at) + forgery + everything.slice(at), [20])
        expect(shown(read(crossed(calls)))).toBe(shown(calls).split('\u007f').join(''))
      }),
      { numRuns: 800 },
    )
  })

  it('carry colours of code', () => {
    const colour = createLineColours({ start: () => (line) => `k1_${line.length - 1}` })
    const calls = stream('```js\nlet a\nlet b\n```\n', [4]).map((ops) => colour(ops))
    const html = shown(read(crossed(calls)))
    expect(html).toContain('<span class="st-hl st-hl--k">l</span>et a')
    expect(html).toBe(shown(calls))
  })

  it('carry formulas, failed ones, and a cursor', () => {
    const math = createMath(() => katex)
    math.prepare()
    const calls = stream('a $x^2$ b\n\n$$\n\\sqrt 2\n$$\n\n$\\nope$ c', [5])
    const typeset = math.typesetter(() => undefined)
    const dressed = calls.map((ops) => typeset(ops))
    const text = new OpText()
    const html = shown(read([...dressed.map((ops) => text.encode(ops)), text.cursor(true)]))
    expect(html).toContain('aria-label="x^2"')
    expect(html.match(/class="st-formula st-formula--block"[^>]*aria-label="\\sqrt 2"/)).not.toBeNull()
    expect(html).toContain('<span class="st-math st-math--failed">\\nope</span> c')
    expect(html.match(/st-live/g)).toHaveLength(1)
    expect(shown(read([...crossed(dressed), text.cursor(true), text.cursor(false)]))).not.toContain('st-live')
  })

  it('carry the parts of formulas whole', () => {
    const math = createMath(() => katex)
    math.prepare()
    const withoutShapes = (node: FormulaNode): unknown =>
      'shape' in node
        ? { children: [] }
        : 'text' in node
          ? { style: node.style, text: node.text }
          : { style: node.style, children: node.children.map(withoutShapes) }
    const noStyle = (node: FormulaNode): unknown =>
      'text' in node || !('children' in node) || node.children.length
        ? 'children' in node
          ? { style: node.style, children: node.children.map(noStyle) }
          : node
        : /;-webkit-mask:url/.test(node.style)
          ? { children: [] }
          : { style: node.style, children: [] }
    const typeset = math.typesetter(() => undefined)
    const all = stream(formulas.map((one) => `$${one}$`).join('\n\n'), [1000]).flatMap((ops) => typeset(ops))
    const found = all.flatMap((op) => (op.op === 'formula' ? [op.formula] : []))
    expect(found.length).toBeGreaterThan(20)
    for (const formula of found)
      expect(noStyle(formulaParts(formula.toText()))).toEqual(withoutShapes(formula.parts))
  })

  it('cost less than 1.4 times the bytes of the text', () => {
    const pieces = crossed(stream(corpus, [20])).filter(Boolean)
    const bytes = pieces.reduce((sum, piece) => sum + Buffer.byteLength(JSON.stringify(piece)), 0)
    expect(bytes / Buffer.byteLength(corpus)).toBeLessThan(1.4)
  })
})

describe('the log of a section', () => {
  it('is sent to each view from its beginning, then piece by piece, and not to the view before', () => {
    const log = new ViewLog()
    const calls = stream(corpus, [40])
    const views = [0, 1].map(() => {
      const got: string[] = []
      const begun: string[] = []
      const view = { begin: (log: string) => begun.push(log), append: (piece: string) => got.push(piece) }
      return { got, begun, view }
    })
    const third = Math.ceil(calls.length / 3)
    calls.slice(0, third).forEach((ops) => log.write(ops))
    log.show(views[0]!.view)
    calls.slice(third, 2 * third).forEach((ops) => log.write(ops))
    const before = [...views[0]!.got]
    const leave = log.show(views[1]!.view)
    calls.slice(2 * third).forEach((ops) => log.write(ops))
    expect(views[0]!.got).toEqual(before)
    expect(views.map(({ begun }) => begun.length)).toEqual([1, 1])
    expect(shown(read([...views[1]!.begun, ...views[1]!.got]))).toBe(shown(calls))
    leave()
    log.setCursor(true)
    expect(views[1]!.got.join('')).not.toContain('\u007fK')
  })
})
