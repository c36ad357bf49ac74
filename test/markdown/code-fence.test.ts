import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { htmlOf } from './html-of.js'
import { cutEvery, html, streamed } from './run.js'

const code = (language: string, text: string) =>
  `<pre><code${language && ` class="language-${language}"`}>${text}</code></pre>\n`

function readEveryWay(text: string, expected: string) {
  for (const size of [1, 3, text.length])
    expect(htmlOf(streamed(cutEvery(text, size)).flat()), String(size)).toBe(expected)
}

describe('a fence of code behind text', () => {
  it.each([
    [
      'with a language',
      '代码如下：```python\nprint(1)\n\nprint(2)\n```\n**完**',
      `<p>代码如下：</p>\n${code('python', 'print(1)\n\nprint(2)\n')}<p><strong>完</strong></p>\n`,
    ],
    [
      'behind a long line and a blank',
      'This is the code that you can run in your terminal ```bash\nls\n```\nend',
      `<p>This is the code that you can run in your terminal </p>\n${code('bash', 'ls\n')}<p>end</p>\n`,
    ],
    [
      'without a language behind a colon',
      '输出: ```\na\n```\n完',
      `<p>输出: </p>\n${code('', 'a\n')}<p>完</p>\n`,
    ],
    [
      'in an item',
      '1. 安装：```bash\n   npm i\n   ```\n2. 完',
      `<ol>\n<li>安装：\n${code('bash', 'npm i\n')}</li>\n<li>完</li>\n</ol>\n`,
    ],
    [
      'in an item whose code is not indented',
      '1. 配置：```yaml\n- a: 1\n```\n完',
      `<ol>\n<li>配置：</li>\n</ol>\n${code('yaml', '- a: 1\n')}<p>完</p>\n`,
    ],
    [
      'in a quote',
      '> 代码：```js\n> a\n> ```\n> b',
      `<blockquote>\n<p>代码：</p>\n${code('js', 'a\n')}<p>b</p>\n</blockquote>\n`,
    ],
  ])('begins a block: %s', (_name, text, expected) => readEveryWay(text, expected))

  it.each([
    ['told of, with a blank line below', '别用 ```json\n\n正文', '<p>别用 ```json</p>\n<p>正文</p>\n'],
    ['told of in an item', '- 别用 ```json\n- 好', '<ul>\n<li>别用 ```json</li>\n<li>好</li>\n</ul>\n'],
    ['without language or colon', '用三个反引号 ```\n再写', '<p>用三个反引号 ```\n再写</p>\n'],
    ['that ends code', '见 ```a b```\n下', '<p>见 <code>a b</code>\n下</p>\n'],
    ['at the end of the text', '代码：```js', '<p>代码：```js</p>\n'],
  ])('is text where it is %s', (_name, text, expected) => readEveryWay(text, expected))

  it('is waited for, as its language comes', () => {
    const markdown = createMarkdown()
    const ops = [
      ...markdown.push('代码：```py'),
      ...markdown.settle('likely'),
      ...markdown.push('thon\na\n```'),
      ...markdown.end(),
    ]
    expect(htmlOf(ops)).toBe(`<p>代码：</p>\n${code('python', 'a\n')}`)
  })

  it('needs the extension', () => {
    expect(html('代码：```js\na\n```', { extensions: [] })).toBe(`<p>代码：\`\`\`js\na</p>\n${code('', '')}`)
  })
})

describe('Chinese text behind the fence that ends code', () => {
  it.each([
    ['```py\na\n```这段代码\n- b', `${code('py', 'a\n')}<p>这段代码</p>\n<ul>\n<li>b</li>\n</ul>\n`],
    ['```py\na\n``` ，其中', `${code('py', 'a\n')}<p>，其中</p>\n`],
    ['````md\n```中文\n````', code('md', '```中文\n')],
  ])('reads %j', readEveryWay)

  it('needs the extension', () => {
    expect(html('```\na\n```这段', { extensions: [] })).toBe(code('', 'a\n```这段\n'))
  })
})

describe('a fence of math', () => {
  it.each([
    ['```math\n\\frac{a}{b}\n\n+ 1\n```\n后文', '<math>\\frac{a}{b}\n+ 1</math>\n<p>后文</p>\n'],
    ['- a\n  ```math\n  x\n  ```', '<ul>\n<li>a\n<math>x</math>\n</li>\n</ul>\n'],
    ['```math\nx', '<math>x</math>\n'],
    ['```math\n```', code('math', '')],
    ['```latex\nx\n```', code('latex', 'x\n')],
  ])('is a formula: %j', readEveryWay)

  it('is shown as code where it is too long for a formula', () => {
    const text = '```math\n' + 'x + '.repeat(2000)
    const markdown = createMarkdown()
    const ops = markdown.push(text)
    expect(markdown.held).toBe(0)
    expect(htmlOf([...ops, ...markdown.end()])).toContain('language-math')
  })

  it('is held until its end', () => {
    const markdown = createMarkdown()
    expect(markdown.push('```math\nx + y\n')).toEqual([])
    expect(markdown.held).toBe(5)
  })

  it('needs the extension', () => {
    expect(html('```math\nx\n```', { extensions: [] })).toBe(code('math', 'x\n'))
  })
})
