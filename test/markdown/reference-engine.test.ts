import { readFileSync } from 'node:fs'
import { HtmlRenderer, Parser } from 'commonmark'
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { html } from './run.js'

const markdownIt = new MarkdownIt({ html: true, xhtmlOut: true })

/** markdown-it's HTML in the form the specifications print. */
const expected = (text: string) =>
  markdownIt
    .render(text)
    .replace(/ style="text-align:(\w+)"/g, ' align="$1"')
    .replace(/<(\/?)s>/g, '<$1del>')

it.each(['prose', 'code', 'tables', 'lists'])('gives markdown-it’s HTML for the %s answer', (name) => {
  const text = readFileSync(new URL(`../fixtures/markdown/${name}.md`, import.meta.url), 'utf8')
  expect(html(text, { extensions: ['table', 'strikethrough'] })).toBe(expected(text))
})

// No tabs: the specification allows them around a definition's address, the reference engine does not.
const pieces =
  '* ** _ __ ` `` [ ] ( ) ![ < > &amp; & \\ : (/url) "t" <b> </b> - = ! 5 a foo . , 中 [foo] <http://a.b> <!-- --> ~~~ +'
    .split(' ')
    .concat([' ', '  ', '\n', '\n\n', '\n- ', '\n  - ', '\n1. ', '\n2) ', '\n* ', '\n# ', '\n> '])
    .concat([
      '\n```\n',
      '\n    ',
      '\n   ',
      '\n===\n',
      '\n---\n',
      '\n***\n',
      '\n<div>\n',
      '\n</div>\n',
      '\n\n[foo]: /u\n\n',
    ])

const parser = new Parser()
const renderer = new HtmlRenderer()

it('gives the reference engine’s HTML for generated CommonMark', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (list) => {
      const text = list.join('')
      // An image's text may have tags in it, which the reference engine copies into the attribute as they are.
      fc.pre(!/!\[[^]*<(\/?b|!--|\/?div)/.test(text))
      // `foo:` is no scheme that becomes a link here.
      fc.pre(!/<foo:/.test(text))
      // With definitions known and no opening too long for a heading, nothing is left to differ.
      const first = createMarkdown({ extensions: [] })
      first.push(text)
      first.end()
      const options = { extensions: [], references: first.references, limits: { opening: 400 } }
      // One empty line of code and no line are the same text, and a paragraph of nothing but a definition is none:
      // the reference engine leaves its tags behind when a setext underline follows.
      const reference = renderer
        .render(parser.parse(text))
        .replace(/(<pre><code[^>]*>)\n<\/code>/g, '$1</code>')
        .replace(/<p><\/p>\n/g, '')
      expect(html(text, options)).toBe(reference)
    }),
    { numRuns: 5000 },
  )
})
