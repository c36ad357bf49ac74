import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { runStyle } from '../../src/markdown/flatten.js'
import { createRenderList } from '../../src/markdown/render-list.js'

function listOf(text: string) {
  const markdown = createMarkdown()
  const list = createRenderList()
  list.apply(markdown.push(text))
  list.apply(markdown.end())
  return list
}

const texts = (text: string) => listOf(text).blocks.map((block) => block.runs.map((run) => run.text).join(''))

describe('render list', () => {
  it('has one run for each look', () => {
    const [block] = listOf('a **b *c*** [d](/e) `f`').blocks
    expect(block!.runs.map(({ look, text }) => [look.kind, look.style, look.link?.href, text])).toEqual([
      ['text', 0, undefined, 'a '],
      ['text', runStyle.strong, undefined, 'b '],
      ['text', runStyle.strong | runStyle.em, undefined, 'c'],
      ['text', 0, undefined, ' '],
      ['text', 0, '/e', 'd'],
      ['text', 0, undefined, ' '],
      ['code', 0, undefined, 'f'],
    ])
  })

  it('numbers items and tells which containers begin with a block', () => {
    const { blocks } = listOf('3. a\n   - b\n4. c')
    expect(
      blocks.map(({ path, starts }) => [path.map(({ type, number }) => number ?? type), starts]),
    ).toEqual([
      [['list', 3], 2],
      [['list', 3, 'list', 'item'], 2],
      [['list', 4], 1],
    ])
  })

  it('shows an item without content, and no other empty container', () => {
    const { blocks } = listOf('-\n- a\n\n>\n\n<think></think>')
    expect(blocks.map(({ block }) => block.type)).toEqual(['empty', 'paragraph'])
  })

  it('keeps a gap for the first block of a container', () => {
    expect(listOf('a\n\n- b\n- c').blocks.map(({ gap }) => gap)).toEqual([false, true, false])
  })

  it('has rows of cells of runs in a table', () => {
    const [table] = listOf('| a | **b** |\n|---|--:|\n| c |').blocks
    expect(
      table!.rows.map(({ header, cells }) => [header, cells.map(({ runs }) => runs.map(({ text }) => text))]),
    ).toEqual([
      [true, [['a'], ['b']]],
      [false, [['c'], []]],
    ])
    expect(table!.rows[0]!.cells[1]).toMatchObject({
      align: 'right',
      runs: [{ look: { style: runStyle.strong } }],
    })
  })

  it('answers with the blocks that changed', () => {
    const markdown = createMarkdown()
    const list = createRenderList()
    list.apply(markdown.push('A first paragraph of some words.\n\n'))
    const touched = list.apply(markdown.push('A second paragraph of some words '))
    expect(touched).toEqual([list.blocks[1]])
    expect(list.blocks.map(({ done }) => done)).toEqual([true, false])
  })

  it('tells when a reasoning section is complete', () => {
    const markdown = createMarkdown()
    const list = createRenderList()
    list.apply(markdown.push('<think>some words that are long enough'))
    const { key } = list.blocks[0]!.path[0]!
    expect(list.shut.has(key)).toBe(false)
    list.apply(markdown.push('</think>'))
    expect(list.shut.has(key)).toBe(true)
  })

  it('keeps code, math and HTML as they were written', () => {
    expect(texts('```js\na *b*\n\n c\n```\n\n$$\nx\n$$\n\n<pre>\n<b>')).toEqual([
      'a *b*\n\n c',
      'x',
      '<pre>\n<b>',
    ])
  })

  it('never splits an emoji between two steps', () => {
    const markdown = createMarkdown()
    const half = '😀'.charAt(0)
    const ops = [...markdown.push(`\`\`\`\na${half}`), ...markdown.push('😀'.charAt(1))]
    for (const op of ops)
      if (op.op === 'text') expect(op.text).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/)
  })
})
