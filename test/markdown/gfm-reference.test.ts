import { tests } from 'commonmark-spec-029'
import fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { commonEntities } from '../../src/markdown/entity.js'
import type { MarkdownOptions } from '../../src/markdown/settings.js'
import { htmlOf } from './html-of.js'
import { cutEvery, html, joined, streamed } from './run.js'

/**
 * GFM 0.29 is CommonMark 0.29 (649 examples, from npm) and five extensions (24 examples). For the extensions the
 * reference is the engine that follows GitHub's own to the letter: it is asked about the texts below, which go
 * through every rule of those sections.
 */
const html5: Record<string, string> = {
  Dcaron: 'Ď',
  HilbertSpace: 'ℋ',
  DifferentialD: 'ⅆ',
  ClockwiseContourIntegral: '∲',
  ngE: '≧̸',
}
const options: MarkdownOptions = {
  schemes: ['http', 'https', 'mailto', 'irc', 'made-up-scheme', 'a+b+c', 'localhost'],
  entities: (name) => html5[name] ?? commonEntities(name),
}
const github: MarkdownOptions = { extensions: ['table', 'task', 'strikethrough', 'autolink'] }

const reference = (text: string) =>
  micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
    .replace(
      /<input type="checkbox" disabled=""( checked="")? \/>/g,
      (_, checked = '') => `<input${checked} disabled="" type="checkbox">`,
    )
    .trimEnd()

/** The body in one piece and, at every place, in two; and a character at a time. */
function expectSameUnderEverySplit(text: string, given: MarkdownOptions) {
  const whole = joined(streamed([text], given).flat())
  expect(joined(streamed(cutEvery(text, 1), given).flat())).toEqual(whole)
  for (let at = 1; at < text.length; at++)
    expect(joined(streamed([text.slice(0, at), text.slice(at)], given).flat())).toEqual(whole)
}

describe('the CommonMark inside of GFM', () => {
  const examples = tests.map(({ number, markdown, html: wanted }) => ({
    number,
    markdown: markdown.replace(/→/g, '\t'),
    wanted: wanted.replace(/→/g, '\t'),
  }))

  it('gives the reference HTML for each of its 649 examples but two, and under every split', () => {
    expect(examples).toHaveLength(649)
    const different = examples.filter(({ markdown, wanted }) => {
      // As in commonmark.test.ts: a definition below its use comes too late, so it is known before.
      const first = createMarkdown({ ...options, extensions: [] })
      first.push(markdown)
      first.end()
      const given = { ...options, extensions: [], references: first.references }
      expectSameUnderEverySplit(markdown, given)
      return htmlOf(streamed([markdown], given).flat()) !== wanted
    })
    // CommonMark 0.31 allows what it did not: two hyphens in a comment, `<!-->` and `<!--->`.
    expect(different.map(({ number }) => number)).toEqual([622, 623])
  })
})

const texts: Record<string, readonly string[]> = {
  tables: [
    '| name | age |\n| --- | --- |\n| Ann | 31 |',
    '| no | dashes |\n| Ann | 31 |',
    'left | centre | right\n:-- | :-: | --:\na | b | c',
    '| name | a wide one |\n:-: | -----------:\none | two',
    '| a | b | c |\n|:---|---|---:\n| x\n| x | y\n| x | y | z | too much |',
    '| f\\|g |\n| --- |\n| with `\\|` in code |\n| with **\\|** in bold |',
    '| name | age |\n| --- | --- |\n| Ann | 31 |\n> quoted',
    '| name | age |\n| --- | --- |\n| Ann | 31 |\nnothing but text\n\ntext below',
    '| name | age |\n| --- |\n| Ann |',
    '| a | b |\n| --- | --- |\n| only one |\n| 1 | 2 | 3 |',
    '| a | b |\n| --- | --- |',
    '| a |\n| - |',
    '| a |\n---',
    'a | b\n---',
    '| a |\n:-',
    '| a | b |\n| --- | --- |\n| *x | y* |',
    '| a | b |\n| --- | --- |\n| `x | y` |',
    '| `a\\|b` | ~~c~~ |\n| --- | --- |\n| www.a.org | [l](/u) |',
    'text above\n| a | b |\n| --- | --- |\n| 1 | 2 |',
    '- | a | b |\n  | - | - |\n  | 1 | 2 |\n\n  text',
    '> | a | b |\n> | - | - |\n> | 1 | 2 |\n\ntext',
    '1. one\n\n   | a | b |\n   | - | - |\n   | 1 | 2 |',
    '| a | b |\n| - | - |\n| 1 | 2 |\n# heading',
    '| a | b |\n| - | - |\n| 1 | 2 |\n```\ncode | bar\n```',
    '| a | b |\n| - | - |\n| 1 | 2 |\n- item | bar',
    '| a | b |\n| - | - |\n| 1 | 2 |\n<div>\nx | y\n</div>',
    '  | a | b |\n  | - | - |\n  | 1 | 2 |',
    '| 表头 | セル |\n| --- | :-: |\n| 内容 | 값 |',
    '| | |\n| - | - |\n| | |',
  ],
  tasks: [
    '- [ ] open\n- [x] done',
    '- [x] outer\n  - [ ] inner\n  - [x] inner\n- [ ] last',
    '1. [ ] one\n2. [X] two',
    '* [x] star\n+ [ ] plus',
    '- [x]no blank\n- [ ]\n- [  ] two\n- [y] letter',
    '- text [ ] later',
    '[ ] no item',
    '- [x] **bold** and `code`\n\n- [ ] loose',
    '> - [ ] quoted',
    '- [x] [link](/u)',
  ],
  strikethrough: [
    '~~gone~~ stays, ~gone~ too',
    'not ~~over\n\na paragraph~~',
    'not ~~~three~~~',
    '~~a *b* c~~ *d ~~e~~ f*',
    '~~ not ~~ and \\~~not~~',
    'over ~~two\nlines~~',
    '~~one~ and ~two~~',
    '`~~code~~` and [~~link~~](/u)',
  ],
  autolinks: [
    'www.example.com',
    'see www.example.com/help, or not',
    'end www.example.com.\n\nquery www.example.com/a?b=c!',
    'www.a.com/q=m+(b)\n\nwww.a.com/q=m+(b)))\n\n(www.a.com/q=m+(b))\n\n(www.a.com/q=m+(b)',
    'www.a.com/q=(b))+ok',
    'www.a.com/?q=c&hl=en\n\nwww.a.com/?q=c&hl;',
    'www.a.com/he<lp',
    'http://a.com\n\n(see https://b.a.com/q?c=M+(b))\n\nno ftp://a.com',
    'me@a.com\n\nnot me@a+b.c but me+you@a.c',
    'a.b-c_d@e.f\n\na.b-c_d@e.f.\n\na.b-c_d@e.f-\n\na.b-c_d@e.f_',
    '*http://a.com* _www.a.com_ ~~https://a.com~~',
    '[http://a.com](/u) ![http://a.com](/u.png) `www.a.com`',
    'http://a.com/中文?查=询',
    '- www.a.com\n- http://b.com',
    'awww.a.com xhttp://a.com',
    'http://a_b.com/ www.a_b.com http://a.b_c.d.com',
  ],
}

describe.each(Object.entries(texts))('%s, as GitHub', (_section, list) => {
  it.each(list)('reads %j, and the same under every split', (text) => {
    expect(html(text, github).trimEnd()).toBe(reference(text))
    expectSameUnderEverySplit(text, github)
  })
})

it('reads generated tables, tasks and strikethrough as GitHub, where nothing else is meant', () => {
  const parts = '| a b , ~~x~~ ( ) &amp; \\| 中'
    .split(' ')
    .concat([' ', ' | ', '\n', '\n\n', '| a | b |\n', '|---|---|\n', '|:--|--:|\n', '\n- [ ] x', '\n- [x] y'])
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 16 }), (list) => {
      const text = list.join('')
      expect(html(text, { ...github, limits: { opening: 400 } }).trimEnd()).toBe(reference(text))
    }),
    { numRuns: 5000, seed: 7 },
  )
})

describe('raw HTML that GitHub disallows', () => {
  it.each(['title', 'textarea', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'script', 'plaintext'])(
    '<%s> is text, and so is what no subset knows',
    (tag) => {
      for (const text of [
        `a <${tag}> <x>c</x>`,
        `<${tag}>\nx\n</${tag}>\n`,
        `<${tag.toUpperCase()} a="b">`,
      ]) {
        const ops = streamed([text]).flat()
        const shown = ops.flatMap((op) => (op.op === 'text' || op.op === 'html' ? [op.text] : [])).join('')
        expect(shown).toBe(text.trimEnd())
        const kinds = new Set(ops.flatMap((op) => (op.op === 'open' ? [op.block.type] : [op.op])))
        expect([...kinds].filter((kind) => !['paragraph', 'html', 'text', 'close'].includes(kind))).toEqual(
          [],
        )
      }
    },
  )
})
