import { describe, expect, it } from 'vitest'
import { cutEvery, html, joined, streamed } from './run.js'

const folded = (inner: string, summary = 'A') =>
  `<details>\n<summary>${summary}</summary>\n${inner}</details>\n`

describe('what is folded', () => {
  it.each([
    [
      'text',
      '<details><summary>A</summary>一 **二**</details>\n后',
      folded('<p>一 <strong>二</strong></p>\n') + '<p>后</p>\n',
    ],
    [
      'a paragraph of its own',
      '<details><summary>A</summary>\n\n一 </details>\n\n后',
      folded('<p>一</p>\n') + '<p>后</p>\n',
    ],
    [
      'a list',
      '<details><summary>A</summary>\n\n- 一</details>\n\n后',
      folded('<ul>\n<li>一</li>\n</ul>\n') + '<p>后</p>\n',
    ],
    [
      'another one',
      '<details><summary>A</summary>一</details><details><summary>B</summary>二</details>尾',
      `${folded('<p>一</p>\n')}${folded('<p>二</p>\n', 'B')}<p>尾</p>\n`,
    ],
    [
      'one inside of it',
      '<details><summary>A</summary>一<details><summary>B</summary>二</details>三</details>四',
      `${folded(`<p>一</p>\n${folded('<p>二</p>\n', 'B')}<p>三</p>\n`)}<p>四</p>\n`,
    ],
    [
      'a table of tags',
      '<details><summary>A</summary>\n<ul><li>一</li></ul></details>后',
      `${folded('<ul>\n<li>一</li>\n</ul>\n')}<p>后</p>\n`,
    ],
  ])('ends behind %s on the same line', (_name, text, expected) => {
    expect(html(text)).toBe(expected)
    for (const size of [1, 2, 7])
      expect(joined(streamed(cutEvery(text, size)).flat())).toEqual(joined(streamed([text]).flat()))
  })

  it.each([
    ['code', '<details>\n`a</details>` b'],
    ['a block of code', '<details>\n```\na</details>\n```'],
    ['words about it', 'a</details> b'],
  ])('does not end in %s', (_name, text) => {
    const closed = streamed([`${text}\n\nc`])
      .flat()
      .map((op) => op.op)
    expect(closed.lastIndexOf('text')).toBeLessThan(closed.lastIndexOf('close'))
    expect(html(`${text}\n\nc`)).toMatch(/<p>c<\/p>\n(?:<\/details>\n)?$/)
  })

  it.each(['<details>\na <', '<details>\na </', '<think>\na <'])('loses nothing of %j', (text) => {
    const end = text.slice(text.lastIndexOf('<'))
    expect(
      streamed(cutEvery(text, 1))
        .flat()
        .flatMap((op) => (op.op === 'text' ? [op.text] : []))
        .join(''),
    ).toBe(`a ${end}`)
  })
})
