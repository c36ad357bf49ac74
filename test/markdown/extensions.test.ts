import { describe, expect, it } from 'vitest'
import { html, streamed } from './run.js'

describe('emphasis in Chinese, Japanese and Korean text', () => {
  it.each([
    ['**注意：**请看', '<strong>注意：</strong>请看'],
    ['这是**“引用”**的内容', '这是<strong>“引用”</strong>的内容'],
    ['请看**（括号）**之后', '请看<strong>（括号）</strong>之后'],
    ['**`code`**的用法', '<strong><code>code</code></strong>的用法'],
    ['使用**`fetch`**函数', '使用<strong><code>fetch</code></strong>函数'],
    ['*强调。*后面', '<em>强调。</em>后面'],
    ['***重要！***必须', '<em><strong>重要！</strong></em>必须'],
    ['**太郎は「こんにちわ」**といった', '<strong>太郎は「こんにちわ」</strong>といった'],
    ['**이 용어(This term)**를', '<strong>이 용어(This term)</strong>를'],
    ['**100%**的人', '<strong>100%</strong>的人'],
    ['访问**[链接](/a)**即可', '访问<strong><a href="/a">链接</a></strong>即可'],
    ['~~（旧）~~新', '<del>（旧）</del>新'],
    ['**𠮷：**野家', '<strong>𠮷：</strong>野家'],
  ])('reads %j', (text, expected) => {
    expect(html(text)).toBe(`<p>${expected}</p>\n`)
  })

  it.each(['** 注意**', '2 * 3 * 4', '变量_名_称', 'a**"b"**c'])('leaves %j as CommonMark has it', (text) => {
    expect(html(text)).toBe(html(text, { extensions: [] }))
  })

  it('needs the extension', () => {
    expect(html('**注意：**请看', { extensions: [] })).toBe('<p>**注意：**请看</p>\n')
  })
})

describe('math', () => {
  it.each([
    ['$x$', '<math>x</math>'],
    ['令 $a_1 * b_1 * c$ 为', '令 <math>a_1 * b_1 * c</math> 为'],
    ['so \\(x^2\\) is', 'so <math>x^2</math> is'],
    ['in text $$E=mc^2$$ here', 'in text <math>E=mc^2</math> here'],
    ['in text \\[a + b\\] here', 'in text <math>a + b</math> here'],
    ['$2 + 3 = 5$', '<math>2 + 3 = 5</math>'],
    ['$\\$$', '<math>\\$</math>'],
    ['$a<b$', '<math>a&lt;b</math>'],
    ['it costs $5 and $10, or $20', 'it costs $5 and $10, or $20'],
    ['$5,$6', '$5,$6'],
    ['a $ b $ c', 'a $ b $ c'],
    ['$a\nb$', '$a\nb$'],
    ['\\$x\\$', '$x$'],
    ['`$x$`', '<code>$x$</code>'],
  ])('reads %j inline', (text, expected) => {
    expect(html(text)).toBe(`<p>${expected}</p>\n`)
  })

  it.each([
    ['$$\nx = 1\n$$', 'x = 1'],
    ['$$ x = 1 $$', 'x = 1'],
    ['$$x = 1\ny = 2$$', 'x = 1\ny = 2'],
    ['\\[\n\\frac{a}{b}\n\\]', '\\frac{a}{b}'],
    ['\\[ a * b * c \\]', 'a * b * c'],
    ['  $$\na\nb\n  $$', 'a\nb'],
    ['$$\n- a\n# b\n$$', '- a\n# b'],
  ])('reads %j as a block', (text, expected) => {
    expect(html(text)).toBe(`<math>${expected}</math>\n`)
  })

  it('interrupts a paragraph and nests in a list', () => {
    expect(html('so:\n$$\nx\n$$\nthen')).toBe('<p>so:</p>\n<math>x</math>\n<p>then</p>\n')
    expect(html('- so:\n\n  $$\n  x\n  $$')).toContain('<math>x</math>')
  })

  it('ends at a blank line, so a stray mark costs one paragraph', () => {
    expect(html('$$\nx\n\n**y**')).toBe('<math>x</math>\n<p><strong>y</strong></p>\n')
  })
})

describe('reasoning', () => {
  it.each([
    ['<think>\nfirst\n</think>\n\nanswer', '<think>\n<p>first</p>\n</think>\n<p>answer</p>\n'],
    ['<think>first</think>answer', '<think>\n<p>first</p>\n</think>\n<p>answer</p>\n'],
    ['<thinking>a</thinking>\nb', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<think>\n\n</think>\n\nb', '<think>\n</think>\n<p>b</p>\n'],
    [
      '<think>\n- a\n- b</think>\n- c',
      '<think>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</think>\n<ul>\n<li>c</li>\n</ul>\n',
    ],
    ['<think>\n```\ncode</think>\nb', '<think>\n<pre><code>code\n</code></pre>\n</think>\n<p>b</p>\n'],
    ['<think>never closed', '<think>\n<p>never closed</p>\n</think>\n'],
    ['a\n<think>b</think>', '<p>a</p>\n<think>\n<p>b</p>\n</think>\n'],
    ['<think>a</think><think>b</think>', '<think>\n<p>a</p>\n</think>\n<think>\n<p>b</p>\n</think>\n'],
  ])('reads %j', (text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it.each(['see <think> in text', '- <think>', '`<think>`', '```\n<think>\n```', '    <think>'])(
    'opens no section in %j',
    (text) => {
      const opened = streamed([text])
        .flat()
        .flatMap((op) => (op.op === 'open' ? [op.block.type] : []))
      expect(opened).not.toContain('reasoning')
    },
  )
})

describe('line breaks', () => {
  it('makes a break of <br>, and text of every other tag', () => {
    expect(html('a<br>b<br/>c')).toBe('<p>a<br />\nb<br />\nc</p>\n')
  })
})
