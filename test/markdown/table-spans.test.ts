import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { htmlOf } from './html-of.js'
import { cutEvery, html, streamed } from './run.js'

/** The cells of the rows of a table with the header `header`, read in pieces of several sizes. */
function cellsOf(rows: string, header = '| 甲 | 乙 |\n|---|---|\n'): string[] {
  const text = header + rows
  const read = (size: number) => htmlOf(streamed(cutEvery(text, size)).flat())
  const whole = read(text.length)
  for (const size of [1, 3, 7]) expect(read(size), String(size)).toBe(whole)
  return Array.from(whole.matchAll(/<td>(.*?)<\/td>/g), ([, cell]) => cell!)
}

describe('bars in code and formulas of a row', () => {
  it.each([
    ['| `a || b` | 或 |', ['<code>a || b</code>', '或']],
    ['| 或 | `a | b`|', ['或', '<code>a | b</code>']],
    ['| `` a`|b `` | c |', ['<code>a`|b</code>', 'c']],
    ['| `a \\| b | c` | d |', ['<code>a | b | c</code>', 'd']],
    ['|$|x|$|绝对值|', ['<math>|x|</math>', '绝对值']],
    ['| $P(A|B)$ 与 $P(B|A)$ | 概率 |', ['<math>P(A|B)</math> 与 <math>P(B|A)</math>', '概率']],
    ['| \\(|x|\\) | 值 |', ['<math>|x|</math>', '值']],
  ])('are no ends of cells where text would be lost: %s', (row, cells) => {
    expect(cellsOf(row)).toEqual(cells)
  })

  it.each([
    ['| `a | b` |', ['`a', 'b`']],
    ['| ` | 反引号 |', ['`', '反引号']],
    ['| $5 | $10 |', ['$5', '$10']],
    ['| $5 | $10 | $20 |', ['$5', '$10']],
    [`| \`a | b\` ${'很长'.repeat(60)} | c |`, ['`a', `b\` ${'很长'.repeat(60)}`]],
  ])('are ends of cells as GitHub has it otherwise: %s', (row, cells) => {
    expect(cellsOf(row)).toEqual(cells)
  })

  it('count in a header like any sign', () => {
    expect(cellsOf('| 1 | 2 |', '| $|x|$ | `a|b` |\n|---|---|\n')).toEqual(['1', '2'])
    expect(html('| $|x|$ | `a|b` |\n|---|---|\n')).toContain(
      '<th><math>|x|</math></th>\n<th><code>a|b</code></th>',
    )
  })

  it('wait for a bounded part of the row', () => {
    const markdown = createMarkdown()
    markdown.push('| a | b |\n|---|---|\n| `a | b')
    for (let length = 0; length < 300; length++) {
      markdown.push('字')
      expect(markdown.held).toBeLessThanOrEqual(120)
    }
  })

  it('need the extension', () => {
    expect(html('| a | b |\n|---|---|\n| `a || b` | 或 |', { extensions: ['table'] })).toContain(
      '<td>`a</td>',
    )
  })
})
