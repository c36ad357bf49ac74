import { tests } from 'commonmark-spec'
import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { commonEntities } from '../../src/markdown/entity.js'
import type { MarkdownOptions } from '../../src/markdown/settings.js'
import { htmlOf } from './html-of.js'
import { cutEvery, joined, streamed } from './run.js'

const examples = tests.map((test) => ({
  number: test.number,
  markdown: test.markdown.replace(/→/g, '\t'),
  html: test.html.replace(/→/g, '\t'),
}))

// What the examples use and an app would have to allow: schemes, and names of HTML 5.
const html5: Record<string, string> = {
  Dcaron: 'Ď',
  HilbertSpace: 'ℋ',
  DifferentialD: 'ⅆ',
  ClockwiseContourIntegral: '∲',
  ngE: '≧̸',
}
const given: MarkdownOptions = {
  schemes: ['http', 'https', 'mailto', 'irc', 'made-up-scheme', 'a+b+c', 'localhost'],
  entities: (name) => html5[name] ?? commonEntities(name),
}
const plain: MarkdownOptions = { ...given, extensions: [] }

// A link whose definition comes later was already shown as text; with the definition known it is a link.
const usedBeforeDefined = [
  23, 33, 203, 204, 214, 218, 527, 528, 529, 530, 531, 532, 533, 534, 535, 539, 540, 542, 543, 549, 553, 554,
  555, 556, 557, 558, 559, 560, 561, 562, 565, 566, 568, 569, 570, 571, 573, 576, 577, 582, 583, 584, 585,
  586, 587, 588, 589, 591, 593,
]

// What is left beside definitions, which CommonMark hides, and HTML, which it hands on.
const unlike = ['table', 'task', 'strikethrough', 'autolink', 'math', 'reasoning', 'cjk', 'footnote'] as const

// What the extensions understand and CommonMark does not.
const extended: Record<number, string> = {
  12: '`\\[…\\]` is math',
  356: 'a star between digits is a sign of sums',
  602: 'an address without brackets is a link',
  608: 'an address without brackets is a link',
  611: 'an address without brackets is a link',
  612: 'a mail address is a link',
}

function render(text: string, options: MarkdownOptions) {
  const markdown = createMarkdown(options)
  return { html: htmlOf([...markdown.push(text), ...markdown.end()]), references: markdown.references }
}

describe('CommonMark 0.31', () => {
  it('has its 652 examples', () => {
    expect(examples).toHaveLength(652)
  })

  it.each(examples)('example $number gives the reference HTML', ({ number, markdown, html }) => {
    const first = render(markdown, plain)
    if (usedBeforeDefined.includes(number)) {
      expect(first.html).not.toBe(html)
      expect(render(markdown, { ...plain, references: first.references }).html).toBe(html)
    } else expect(first.html).toBe(html)
  })

  it('differs with all extensions but those that show definitions and read HTML only where one is meant', () => {
    const different = examples.filter(({ markdown, html }) => {
      const { references } = render(markdown, plain)
      return render(markdown, { ...given, references, extensions: unlike }).html !== html
    })
    expect(different.map(({ number }) => number)).toEqual(Object.keys(extended).map(Number))
  })

  it.each([1, 2, 3, 7])('gives the same operations in pieces of %i characters', (size) => {
    for (const { markdown } of examples) {
      for (const options of [plain, given]) {
        const whole = joined(streamed([markdown], options).flat())
        expect(joined(streamed(cutEvery(markdown, size), options).flat())).toEqual(whole)
      }
    }
  })
})
