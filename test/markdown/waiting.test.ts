import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import type { Op } from '../../src/markdown/markdown-types.js'
import { htmlOf } from './html-of.js'
import { cutEvery, html, streamed } from './run.js'

/** The HTML of `before` and `after`, where what waits between them was settled, and what went on waiting. */
function settled(before: string, after: string): readonly [held: number, html: string] {
  const markdown = createMarkdown()
  const ops: Op[] = [...markdown.push(before), ...markdown.settle('likely')]
  const { held } = markdown
  return [held, htmlOf([...ops, ...markdown.push(after), ...markdown.end()])]
}

describe('what waited for long', () => {
  it.each([
    ['这是**很重要的', '事情**，好', '这是<strong>很重要的事情</strong>，好'],
    ['**a *b', '* c** d **e** f', '<strong>a *b* c</strong> d <strong>e</strong> f'],
    ['**没有', '结束', '<strong>没有结束</strong>'],
    ['~~删', '除~~ 好', '<del>删除</del> 好'],
    ['运行 `npm run', ' build` 即可', '运行 <code>npm run build</code> 即可'],
    ['运行 ``a`b', ' c`` 即可', '运行 <code>a`b c</code> 即可'],
    ['按键 ` 在', '左上', '按键 ` 在左上'],
    ['见 [官方文', '档] 好', '见 [官方文档] 好'],
    ['环境变量 $HO', 'ME 好', '环境变量 $HOME 好'],
    ['长*宽', '，高', '长*宽，高'],
    ['2024', '年', '2024年'],
    ['Let me look.', ' Found.', 'Let me look. Found.'],
    ['Wait...', ' and on', 'Wait... and on'],
    ['Use C++', ' here', 'Use C++ here'],
    ['Hello!', ' [a](https://example.com)', 'Hello! <a href="https://example.com">a</a>'],
    ['好！Done!', '**好**', '好！Done!<strong>好</strong>'],
    ['AT&', 'T 公司', 'AT&amp;T 公司'],
    ['see [1]', ' and', 'see [1] and'],
    ['Done.\n', 'Next', 'Done.\nNext'],
  ])('%s… is shown as what it most likely is', (before, after, expected) => {
    expect(settled(before, after)).toEqual([0, `<p>${expected}</p>\n`])
  })

  it('a row begins a table', () => {
    expect(settled('| 名', '称 | 值 |\n|---|---|\n| a | b |\n')).toEqual([
      0,
      html('| 名称 | 值 |\n|---|---|\n| a | b |\n'),
    ])
  })

  it('an address, a formula and a tag go on waiting for their end', () => {
    expect(settled('[a](https://exa', 'mple.com/b) c')[1]).toBe(
      '<p><a href="https://example.com/b">a</a> c</p>\n',
    )
    expect(settled('a !', '[b](https://example.com/b.png)')[1]).toBe(
      '<p>a <img src="https://example.com/b.png" alt="b" /></p>\n',
    )
    expect(settled('式 $x^', '2$')[1]).toBe('<p>式 <math>x^2</math></p>\n')
    expect(settled('a <su', 'p>2</sup>')[1]).toBe('<p>a <sup>2</sup></p>\n')
  })
})

describe('a long header', () => {
  const header =
    '| 名称很长很长很长很长很长很长很长很长很长 | 这一列的说明也很长 | 说明很长很长很长很长很长很长很长很长很长很长 |'

  it('is shown before the row below it comes', () => {
    const markdown = createMarkdown()
    const ops = Array.from(header, (char) => markdown.push(char)).flat()
    expect(ops.filter(({ op }) => op === 'text').length).toBeGreaterThan(0)
    expect(markdown.held).toBeLessThan(24)
    expect(htmlOf([...ops, ...markdown.push('\n|---|:-:|\n| a | b |\n'), ...markdown.end()])).toContain(
      '<td>a</td>\n<td align="center">b</td>',
    )
  })

  it('is none where a cell without outer bars is long, however it is cut', () => {
    const text = `名称|${'长'.repeat(44)}|\n-|-\n`
    for (const size of [1, 7, text.length])
      expect(htmlOf(streamed(cutEvery(text, size)).flat()), String(size)).toMatch(/^<p>/)
  })

  it('is a table of its own where no such row comes', () => {
    expect(html(`${header}\n\n后文`)).toMatch(/^<table>[^]*<\/table>\n<p>后文<\/p>\n$/)
  })

  it('is none where it is prose', () => {
    expect(html(`| 词 | 下面没有分隔行，所以这是一段话${'，很长'.repeat(60)}`)).toMatch(/^<p>\| 词 \| 下面/)
    expect(html(`| 方案 | 好处，以及${'坏处'.repeat(30)} |\n|---|---|\n| a | b |\n`)).toMatch(/^<table>/)
  })

  it('is none where its bars stand beside letters', () => {
    expect(html(`|x| 表示 x 的绝对值${'，很长'.repeat(60)}`)).toMatch(/^<p>\|x\| 表示/)
  })
})
