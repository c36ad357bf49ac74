import { describe, expect, it } from 'vitest'
import { cutEvery, html, joined, streamed } from './run.js'

const table = (head: string, ...rows: string[]) =>
  `<table>\n${head && `<thead>\n${head}</thead>\n`}${rows.length ? `<tbody>\n${rows.join('')}</tbody>\n` : ''}</table>\n`
const row = (tag: string, ...cells: string[]) =>
  `<tr>\n${cells.map((cell) => `<${tag}>${cell}</${tag}>\n`).join('')}</tr>\n`

describe('tables and lists of tags', () => {
  it.each([
    [
      'a table over lines, with marks in it',
      '<table>\n<tr><th>名</th><th>值</th></tr>\n<tr>\n  <td>a <b>b</b></td>\n  <td>`c`\n**d**</td>\n</tr>\n</table>\n后文',
      table(row('th', '名', '值'), row('td', 'a <strong>b</strong>', '<code>c</code> <strong>d</strong>')) +
        '<p>后文</p>\n',
    ],
    [
      'short rows, filled, and a cell of two columns',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td></tr><tr><td colspan="2">2</td></tr></tbody></table>',
      table(row('th', 'a', 'b'), row('td', '1', ''), row('td', '2', '')),
    ],
    [
      'a list in a cell',
      '| a |\n|---|\n| <ul><li>x</li><li>y</li></ul> |\n',
      table(row('th', 'a'), row('td', '• x<br />\n• y')),
    ],
    [
      'lists in one another',
      '<ol start="3"><li>a</li><li>b<ul><li>c</li></ul></li></ol>d',
      '<ol start="3">\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ol>\n<p>d</p>\n',
    ],
    [
      'text as usual behind a blank line, where it is not closed',
      '<ul>\n<li>a\n\n**b**',
      '<ul>\n<li>a</li>\n</ul>\n<p><strong>b</strong></p>\n',
    ],
    ['words about tags as text', '<ul> 与 <table>', '<ul> 与 <table>\n'],
    [
      'scripts in a cell as text',
      '<table><tr><td onclick="x">a<script>b</script></td></tr></table>',
      // A first row is printed as a header.
      table(row('th', 'a<script>b</script>')),
    ],
  ])('shows %s', (_name, text, expected) => {
    const found = html(text)
    expect(found).toBe(expected)
    for (const size of [1, 2, 7])
      expect(joined(streamed(cutEvery(text, size)).flat())).toEqual(joined(streamed([text]).flat()))
  })
})
