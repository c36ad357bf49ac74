import { describe, expect, it } from 'vitest'
import { cutEvery, html, joined, streamed } from './run.js'

const cite = (label: string) => (/^[1-3]$/.test(label) ? label : label === '4:0' ? '1' : undefined)
const link = (label: string, shown = `[${label}]`) => `<a href="#cite-${label}">${shown}</a>`

describe('citations', () => {
  it.each([
    ['a[1]。', `a${link('1')}。`],
    ['a【1†source】b', `a${link('1')}b`],
    ['a【4:0†手册.pdf】【2】', `a${link('4:0', '[1]')}${link('2')}`],
    ['a[1][2]', `a${link('1')}${link('2')}`],
    ['a[1, 3] b', `a[${link('1', '1')}, ${link('3', '3')}] b`],
    ['a[1-3]', `a[${link('1', '1')}-${link('3', '3')}]`],
    [
      'a[citation:1] [cite: 1, 2] [ref_3] [^2^]',
      `a${link('1')} [${link('1', '1')}, ${link('2', '2')}] ${link('3')} ${link('2')}`,
    ],
    ['**a[1]**', `<strong>a${link('1')}</strong>`],
    ['[9] 【9†source】', '[9] 【9†source】'],
    ['[1, 9]', '[1, 9]'],
    ['`a[1]` 【注】', '<code>a[1]</code> 【注】'],
    ['[1](https://b.c)', '<a href="https://b.c">1</a>'],
    ['[x] [1', '[x] [1'],
    ['a[[1]](https://b.c)。', 'a<a href="https://b.c">[1]</a>。'],
    ['a[^1]', `a${link('1')}`],
  ])('%s', (text, expected) => {
    for (const size of [1, 3, text.length])
      expect(html(text, { cite }), String(size)).toBe(`<p>${expected}</p>\n`)
    expect(joined(streamed(cutEvery(text, 1), { cite }).flat())).toEqual(
      joined(streamed([text], { cite }).flat()),
    )
  })

  it('are text without sources', () => {
    expect(html('a[1]【1†source】')).toBe('<p>a[1]【1†source】</p>\n')
  })

  it('are the links that the text defines where it does', () => {
    expect(html('[1]: https://a.b/c\n\n见 [1]', { extensions: [] })).toContain(
      '<a href="https://a.b/c">1</a>',
    )
  })
})
