import { readFileSync } from 'node:fs'
import MarkdownIt from 'markdown-it'
import { expect, it } from 'vitest'
import { html } from './run.js'

const reference = new MarkdownIt({ html: true, xhtmlOut: true })

/** The reference's HTML in the form the specifications print. */
const expected = (text: string) =>
  reference
    .render(text)
    .replace(/ style="text-align:(\w+)"/g, ' align="$1"')
    .replace(/<(\/?)s>/g, '<$1del>')

it.each(['prose', 'code', 'tables', 'lists'])(
  'gives the reference engine’s HTML for the %s answer',
  (name) => {
    const text = readFileSync(new URL(`../fixtures/markdown/${name}.md`, import.meta.url), 'utf8')
    expect(html(text, { extensions: ['table', 'strikethrough'] })).toBe(expected(text))
  },
)
