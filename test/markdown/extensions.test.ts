import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import { htmlOf } from './html-of.js'
import { cutEvery, html, streamed } from './run.js'

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

describe('headings in Chinese, Japanese and Korean text', () => {
  it.each([
    ['###标题', '<h3>标题</h3>\n'],
    ['正文\n##一、**概述**\n正文', '<p>正文</p>\n<h2>一、<strong>概述</strong></h2>\n<p>正文</p>\n'],
    ['###2.使用', '<h3>2.使用</h3>\n'],
    ['####**重点**', '<h4><strong>重点</strong></h4>\n'],
    ['##`a`', '<h2><code>a</code></h2>\n'],
    ['###Step 1\n文', '<h3>Step 1</h3>\n<p>文</p>\n'],
    ['###🚀 开始', '<h3>🚀 开始</h3>\n'],
    ['##“引用”', '<h2>“引用”</h2>\n'],
    ['##[error] a', '<p>##[error] a</p>\n'],
    ['##_x', '<p>##_x</p>\n'],
    ['#1 楼 #A', '<p>#1 楼 #A</p>\n'],
    ['#话题 #话题', '<p>#话题 #话题</p>\n'],
    ['##macro 和 #######七', '<p>##macro 和 #######七</p>\n'],
  ])('reads %j', (text, expected) => {
    for (const size of [1, 3, text.length])
      expect(htmlOf(streamed(cutEvery(text, size)).flat()), String(size)).toBe(expected)
  })

  it('need the extension', () => {
    expect(html('###标题', { extensions: [] })).toBe('<p>###标题</p>\n')
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
    ['2*3*4=24，2**10*5**2', '2*3*4=24，2**10*5**2'],
    ['第*1*步，**2**次', '第<em>1</em>步，<strong>2</strong>次'],
    ['$5,$6', '$5,$6'],
    [
      '$ \\alpha $ 和 $ x_{max} $，$ 2^n $。',
      '<math>\\alpha</math> 和 <math>x_{max}</math>，<math>2^n</math>。',
    ],
    ['$ npm i foo_bar $ x', '$ npm i foo_bar $ x'],
    ['$ export A_B=1 && echo $HOME', '$ export A_B=1 &amp;&amp; echo $HOME'],
    ['花 $ 5 和 $ 6', '花 $ 5 和 $ 6'],
    ['$ \\alpha $1', '$ \\alpha $1'],
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

  it.each([
    ['text before and after', '公式：$$\nx\n$$\n其中 **x**', '公式：<math>x</math>\n其中 <strong>x</strong>'],
    ['brackets with text before', '公式：\\[\nx\n\\] 其中', '公式：<math>x</math> 其中'],
    ['punctuation after', '\\[\nx\n\\]，其中', '<math>x</math>，其中'],
    ['parentheses over two lines', '因为 \\(a +\nb\\) 所以', '因为 <math>a +\nb</math> 所以'],
    ['a block mark inside', '公式：$$\n- x\n# y\n$$ 完', '公式：<math>- x\n# y</math> 完'],
    ['a line break of TeX', '公式：\\[ a \\\\[2pt]\nb \\] 完', '公式：<math>a \\\\[2pt]\nb</math> 完'],
    ['a comparison', '\\(AB > CD\\)', '<math>AB &gt; CD</math>'],
    ['letters', '\\(f(x)\\) \\(n-1\\) \\(x, y\\)', '<math>f(x)</math> <math>n-1</math> <math>x, y</math>'],
    ['a number in brackets', 'a\\[0\\] \\(1\\)', 'a[0] (1)'],
    [
      'words in brackets',
      '\\[注意\\] \\(见下文\\) \\[read-only\\] \\[a name\\]',
      '[注意] (见下文) [read-only] [a name]',
    ],
    ['brackets that never close', '见 \\[附录\n下一行', '见 [附录\n下一行'],
  ])('reads %s in a paragraph', (_name, text, expected) => {
    expect(html(text)).toBe(`<p>${expected}</p>\n`)
  })

  it.each([
    ['blank lines', '$$\n\na\n\nb\n\n$$\n\n**c**', '<math>a\nb</math>\n<p><strong>c</strong></p>\n'],
    [
      'an environment',
      '\\[ \\begin{a}\nx\\\\\n\\end{a} \\]\n**c**',
      '<math>\\begin{a}\nx\\\\\n\\end{a}</math>\n<p><strong>c</strong></p>\n',
    ],
    ['items', '- $$\n  x\n  $$\n- b', '<ul>\n<li>\n<math>x</math>\n</li>\n<li>b</li>\n</ul>\n'],
    ['an end that never comes', '$$\nx\n\n**y**', '<p>$$\nx</p>\n<p><strong>y</strong></p>\n'],
    [
      'blocks behind a mark that is none',
      '花了 $$\n- a\n\n# b',
      '<p>花了 $$</p>\n<ul>\n<li>a</li>\n</ul>\n<h1>b</h1>\n',
    ],
    ['an answer that stops in it', '$$\nx', '<math>x</math>\n'],
    [
      'an environment of its own',
      '甲：\n\\begin{align*}\na &= b \\\\\n\\end{align*}\n**c**',
      '<p>甲：</p>\n<math>\\begin{align*}\na &amp;= b \\\\\n\\end{align*}</math>\n<p><strong>c</strong></p>\n',
    ],
    [
      'one on a single line',
      '\\begin{equation} x \\end{equation}。',
      '<math>\\begin{equation} x \\end{equation}。</math>\n',
    ],
    [
      'text behind an environment',
      '- \\begin{cases}\n  1\n  \\end{cases}，**c**',
      '<ul>\n<li>\n<math>\\begin{cases}\n1\n\\end{cases}</math>\n，<strong>c</strong></li>\n</ul>\n',
    ],
    [
      'text behind one on a single line',
      '\\begin{cases} 1 \\end{cases} 其中 **c**\n下',
      '<math>\\begin{cases} 1 \\end{cases}</math>\n<p>其中 <strong>c</strong>\n下</p>\n',
    ],
    [
      'a blank behind an environment',
      '\\begin{cases}\n1\n\\end{cases}: **c**',
      '<math>\\begin{cases}\n1\n\\end{cases}</math>\n<p>: <strong>c</strong></p>\n',
    ],
    [
      'a table above one with text behind it',
      '| a |\n|---|\n$$\nx\n$$ 其中',
      '<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>\n<p><math>x</math> 其中</p>\n',
    ],
    [
      'environments that never end',
      '\\begin{align}\nx\n\n**y**',
      '<p>\\begin{align}\nx</p>\n<p><strong>y</strong></p>\n',
    ],
    [
      'one that begins once more before it ends',
      '\\begin{align}\nx\n\\begin{align}\n**y**',
      '<p>\\begin{align}\nx\n\\begin{align}\n<strong>y</strong></p>\n',
    ],
    ['those of text', '\\begin{itemize}\n**a**', '<p>\\begin{itemize}\n<strong>a</strong></p>\n'],
    ['lines of one sign', '甲\n$\nx^2\n$\n**c**', '<p>甲</p>\n<math>x^2</math>\n<p><strong>c</strong></p>\n'],
    ['a stray sign', '$\n**a**', '<p>$\n<strong>a</strong></p>\n'],
    ['signs around words', '$\n好的\n$', '<p>$\n好的\n$</p>\n'],
    ['signs around blank lines', '$\n\nx^2\n$', '<p>$</p>\n<p>x^2\n$</p>\n'],
  ])('reads %s around formulas', (_name, text, expected) => {
    for (const size of [1, 2, 4, text.length])
      expect(htmlOf(streamed(cutEvery(text, size)).flat()), String(size)).toBe(expected)
  })

  it('lets a stray sign on a line of its own wait as long as any other', () => {
    const markdown = createMarkdown()
    markdown.push('$\n')
    for (let length = 1; length < 300; length++) {
      markdown.push('字')
      expect(markdown.held).toBeLessThanOrEqual(120)
    }
  })

  it('shows a formula as it comes that is longer than what may wait', () => {
    const lines = 'a + b\n'.repeat(400)
    expect(html(`$$\n${lines}$$\nc`)).toBe(
      `<math>\n${lines.trim()}</math>\n<p>c</p>\n`.replace('<math>\n', '<math>'),
    )
  })

  it('takes what is longer than what may wait and has blank lines for text', () => {
    expect(html(`$$\n\n${'字'.repeat(1000)}\n\n${'字'.repeat(1000)}\n\n**c**`)).toContain(
      '<strong>c</strong>',
    )
  })
})

describe('what stands beside an address or a price', () => {
  const link = (url: string) => `<a href="${url}">${url}</a>`

  it.each([
    ['انظر https://a.example/x، ثم', `انظر ${link('https://a.example/x')}، ثم`],
    ['见 http://db:5432/a。', `见 ${link('http://db:5432/a')}。`],
    ['见 http://[::1]:8080/ 完', `见 ${link('http://[::1]:8080/')} 完`],
    ['http://db 与 http://)', 'http://db 与 http://)'],
    ['访问https://a.example查看，', `访问${link('https://a.example')}查看，`],
    ['官网是https://a.gov.cn的首页', `官网是${link('https://a.gov.cn')}的首页`],
    ['见http://db:5432查看', `见${link('http://db:5432')}查看`],
    ['见http://localhost打开', `见${link('http://localhost')}打开`],
    ['见www.a.example也行', '见<a href="http://www.a.example">www.a.example</a>也行'],
    [
      '见https://a.example/C语言',
      '见<a href="https://a.example/C%E8%AF%AD%E8%A8%80">https://a.example/C语言</a>',
    ],
    [
      '见https://甲乙.中国/a',
      '见<a href="https://%E7%94%B2%E4%B9%99.%E4%B8%AD%E5%9B%BD/a">https://甲乙.中国/a</a>',
    ],
    ['见https://a甲.example/a', '见<a href="https://a%E7%94%B2.example/a">https://a甲.example/a</a>'],
    [
      '{"url":"https://a.example/b","c":1}',
      `{&quot;url&quot;:&quot;${link('https://a.example/b')}&quot;,&quot;c&quot;:1}`,
    ],
    ['克隆 git@a.example:b/c.git 后', '克隆 git@a.example:b/c.git 后'],
    ['写 a@b.example: 好', '写 <a href="mailto:a@b.example">a@b.example</a>: 好'],
    ['写 a@b.example:', '写 <a href="mailto:a@b.example">a@b.example</a>:'],
    ['设 $HOME/bin:$PATH，再 `$x`', '设 $HOME/bin:$PATH，再 <code>$x</code>'],
    ['$k$-means，第$n$th', '<math>k</math>-means，第<math>n</math>th'],
  ])('%s', (text, expected) => {
    for (const size of [1, 5, text.length])
      expect(htmlOf(streamed(cutEvery(text, size)).flat()), String(size)).toBe(`<p>${expected}</p>\n`)
  })

  it.each([
    ['a link', (url: string) => `[a](${url})`],
    ['an image', (url: string) => `![a](${url})`],
    ['brackets', (url: string) => `<${url}>`],
    ['text', (url: string) => `${url} b`],
  ])('may be long and signed in %s', (_name, text) => {
    const url = `https://a.example/b?Signature=${'Ab%2F'.repeat(600)}`
    expect(htmlOf(streamed(cutEvery(text(url), 7)).flat())).toContain(`="${url}"`)
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

  it.each([
    ['<Thought>\na\n</Thought>\nb', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<THINK>a</THINK>b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<think time="3">\na\n</think >\nb', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<thinking>a</think>b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['a\n</think>\n\nb', '<p>a</p>\n<p>b</p>\n'],
    ['a</thinking> b', '<p>a b</p>\n'],
    ['◁think▷a◁/think▷b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['[THINK]\na[/THINK]b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<mm:think>a</mm:think>b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<ant_thinking>a</ant_thinking>b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<|channel>thought\na\n<channel|>b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    [
      '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>',
      '<think>\n<p>a</p>\n</think>\n<p>b</p>\n',
    ],
    ['<seed:think>a</seed:think>b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['<|START_THINKING|>a<|END_THINKING|>b', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    [
      '<|begin_of_thought|>\na\n<|end_of_thought|>\n\n<|begin_of_solution|>\nb\n<|end_of_solution|>',
      '<think>\n<p>a</p>\n</think>\n<p>b</p>\n',
    ],
    [
      '<|start|>assistant<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>**b**<|return|>',
      '<think>\n<p>a</p>\n</think>\n<p><strong>b</strong></p>\n',
    ],
    ['a<|end_of_solution|> b <|x|>', '<p>a b &lt;|x|&gt;</p>\n'],
    ['<think/>b', '<p>b</p>\n'],
    [
      '<think>a</think>\n\n<answer>\n**b**\n</answer>',
      '<think>\n<p>a</p>\n</think>\n<p><strong>b</strong></p>\n',
    ],
    ['<think>a</think><answer>b</answer>', '<think>\n<p>a</p>\n</think>\n<p>b</p>\n'],
    ['- a</think>\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n'],
  ])('shows no tag of %j', (text, expected) => {
    for (const size of [1, 3, text.length])
      expect(htmlOf(streamed(cutEvery(text, size)).flat()), String(size)).toBe(expected)
  })

  it.each(['[THINK]', '◁think▷', '<think>'])('%s ends a formula that was none, wherever it is cut', (tag) => {
    const text = `$$\n${tag}\n| a | b |\n<br>`
    const whole = html(text)
    expect(whole).toContain('<think>')
    for (const size of [1, 2, 3, 5]) expect(htmlOf(streamed(cutEvery(text, size)).flat())).toBe(whole)
  })

  it('may begin without a tag', () => {
    const options = { startsInReasoning: true }
    expect(html('a\n</think>\nb', options)).toBe('<think>\n<p>a</p>\n</think>\n<p>b</p>\n')
    expect(html('<think>\na\n</think>\nb', options)).toBe('<think>\n<p>a</p>\n</think>\n<p>b</p>\n')
  })

  it.each([
    '[think](/a)',
    '[THINKING] a',
    '◁ think',
    'see <think> in text',
    '- <think>',
    '`<think>`',
    '```\n<think>\n```',
    '    <think>',
  ])('opens no section in %j', (text) => {
    const opened = streamed([text])
      .flat()
      .flatMap((op) => (op.op === 'open' ? [op.block.type] : []))
    expect(opened).not.toContain('reasoning')
  })
})

describe('definitions', () => {
  it.each([
    [
      'speech',
      '[张三]: 你好。\n[李四]: 你**也**好！',
      '<p>[张三]: 你好。\n[李四]: 你<strong>也</strong>好！</p>\n',
    ],
    ['a warning', '[Note]: be careful', '<p>[Note]: be careful</p>\n'],
    [
      'sources',
      '[a][1].\n\n[1]: https://b.c "t"',
      '<p>[a][1].</p>\n<p>[1]: <a href="https://b.c">https://b.c</a> &quot;t&quot;</p>\n',
    ],
    [
      'a title below',
      '[a]: /b\n"t"\n[c]: /d\n\n[a] [c]',
      '<p>[a]: /b\n&quot;t&quot;</p>\n<p>[c]: /d</p>\n<p><a href="/b" title="t">a</a> <a href="/d">c</a></p>\n',
    ],
    ['what follows', '[a]: /b "t"\n# c', '<p>[a]: /b &quot;t&quot;</p>\n<h1>c</h1>\n'],
    [
      'a long title',
      `[a]: /b "${'t'.repeat(300)}"\nc`,
      `<p>[a]: /b &quot;${'t'.repeat(300)}&quot;</p>\n<p>c</p>\n`,
    ],
  ])('shows %s', (_name, text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it('leaves no empty line behind in plain CommonMark either', () => {
    expect(html('[a]: https://a.example.com/b "Title"\nc [a]', { extensions: [] })).toBe(
      '<p>c <a href="https://a.example.com/b" title="Title">a</a></p>\n',
    )
  })
})

describe('footnotes', () => {
  it.each([
    [
      'a note',
      '甲[^1]。\n\n[^1]: 乙',
      '<p>甲<sup><a href="#note-1">1</a></sup>。</p>\n<ol>\n<li>乙</li>\n</ol>\n',
    ],
    [
      'a label',
      '甲[^a-note]\n[^a-note]: 乙',
      '<p>甲<sup><a href="#note-a-note">a-note</a></sup></p>\n<ul>\n<li>a-note: 乙</li>\n</ul>\n',
    ],
    [
      'what belongs to it',
      '[^1]: a\n\n    b\n\nc',
      '<ol>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ol>\n<p>c</p>\n',
    ],
    ['a range', '匹配 [^a-z] 与 [^0-9]', '<p>匹配 [^a-z] 与 [^0-9]</p>\n'],
  ])('shows %s', (_name, text, expected) => {
    expect(html(text)).toBe(expected)
  })
})

describe('safe HTML', () => {
  it.each([
    ['H<sub>2</sub>O x<sup>2</sup>', 'H<sub>2</sub>O x<sup>2</sup>'],
    ['<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>', '漢(<sup>kan</sup>)'],
    ['<kbd>Ctrl</kbd>+<mark>**a**</mark>', '<kbd>Ctrl</kbd>+<mark><strong>a</strong></mark>'],
    ['<b>a</b> <I>b</I> <s>c</s>', '<strong>a</strong> <em>b</em> <del>c</del>'],
    ['**a <mark>b** c</mark> d', '<strong>a <mark>b</mark></strong><mark> c</mark> d'],
    ['<b>a *b</b> c*', '<strong>a <em>b</em></strong><em> c</em>'],
    ['a</b> b', 'a b'],
    ['<sup>a', '<sup>a</sup>'],
    ['Vec<i> and List<b>', 'Vec<i> and List<b>'],
    ['<span style="color:red">a</span> <u>b</u>', 'a b'],
    ['a<br>b<br/>c</br>d', 'a<br />\nb<br />\nc<br />\nd'],
    ['a<br>\nb<br> \n**c**', 'a<br />\nb<br />\n<strong>c</strong>'],
    ['a<div>b</div><div>c</div>', 'a<br />\nb<br />\nc'],
    ['一<p>**b**</p>c</p>\nd', '一<br />\n<strong>b</strong><br />\nc<br />\nd'],
    [
      'a<hr>[b](https://example.com)<h4>`c`</h4>',
      'a<br />\n<a href="https://example.com">b</a><br />\n<code>c</code>',
    ],
    ['a <p>![b](https://example.com/c.png)', 'a <br />\n<img src="https://example.com/c.png" alt="b" />'],
    ['a <!-- b --> c', 'a  c'],
    ['<a href="https://b.c" title=\'d\'>a</a>', '<a href="https://b.c" title="d">a</a>'],
    ['<a href="/b?c=1&amp;d=2">a</a>', '<a href="/b?c=1&amp;d=2">a</a>'],
    ['<a href="&#106;avascript:alert(1)">a</a>', 'a'],
    ['<a href="javascript:alert(1)">a</a> <a onclick="b()">c</a>', 'a c'],
    ['<img src="https://b.c/d.png" alt="e" onerror="f()">', '<img src="https://b.c/d.png" alt="e" />'],
    ['<img src="javascript:a" alt="e"> <x-y>', 'e <x-y>'],
  ])('reads %j', (text, expected) => {
    expect(html(text)).toBe(`<p>${expected}</p>\n`)
  })

  it('ends marks with their paragraph, also after a pause', () => {
    expect(html('<b>a\n\nb')).toBe('<p><strong>a</strong></p>\n<p>b</p>\n')
    const markdown = createMarkdown()
    const ops = [...markdown.push('A paragraph of some length <b>bold'), ...markdown.settle('all')]
    expect(htmlOf([...ops, ...markdown.push(' and on</b> plain'), ...markdown.end()])).toBe(
      '<p>A paragraph of some length <strong>bold and on</strong> plain</p>\n',
    )
  })

  it.each([
    ['<div align="center">\n\n**a**\n\n</div>\n\nb', '<p><strong>a</strong></p>\n<p>b</p>\n'],
    ['<p align="center">\n    <b>a</b>\n</p>\nb', '<p><strong>a</strong></p>\n<p>b</p>\n'],
    ['<h1 align="center">a *b*</h1>\n\nc', '<h1>a <em>b</em></h1>\n<p>c</p>\n'],
    ['a\n\n<br>\n\nb\n<br/>\nc', '<p>a</p>\n<p>b</p>\n<p>c</p>\n'],
    ['a\n<!-- b -->\n\n<!--\nc\n\nd\n-->\ne', '<p>a</p>\n<p>e</p>\n'],
    ['<!-- a\n\nb', '<!-- a\n\nb\n'],
    [
      '<details>\n<summary>a **b**</summary>\n\n- c\n\n</details>\n\nd',
      '<details>\n<summary>a <strong>b</strong></summary>\n<ul>\n<li>c</li>\n</ul>\n</details>\n<p>d</p>\n',
    ],
    [
      '<details><summary>a</summary>\nb\n</details>\nc',
      '<details>\n<summary>a</summary>\n<p>b</p>\n</details>\n<p>c</p>\n',
    ],
    ['<script>\nalert(1)\n</script>\na', '<script>\nalert(1)\n</script>\n<p>a</p>\n'],
  ])('reads %j as blocks', (text, expected) => {
    expect(html(text)).toBe(expected)
  })
})

describe('images that hold their bytes', () => {
  const bytes = 'iVBORw0KGgo'.repeat(9)
  const src = `data:image/png;base64,${bytes}`
  const all = (text: string, size = 7) => JSON.stringify(streamed(cutEvery(text, size)).flat())

  it.each([
    ['alone', `![a](${src})`],
    ['titled', `- ![a](${src} "b") c`],
    ['in a cell', `| a |\n|---|\n| ![a](${src}) |`],
    ['as a tag', `<img src="${src}" alt="a">`],
    ['of 40 KB', `![a](data:image/png;base64,${bytes.repeat(400)})`],
  ])('are shown %s', (_name, text) => {
    expect(all(text)).toContain('"op":"image","src":"data:image/png;base64,iVBOR')
  })

  it.each([
    ['too long', `a ![b](data:image/png;base64,${bytes.repeat(4000)}) c`],
    ['of a type that may run', `a ![b](data:image/svg+xml;base64,${bytes}) c`],
    ['cut short', `a ![b](data:image/png;base64,${bytes}`],
    ['in a link', `a [b](${src}) c`],
    ['in brackets', `a <${src}> c`],
    ['without anything', `a ${src} c`],
    ['without anything at the end', src],
    ['as a definition', `[b]: ${src}\n\nc`],
    ['with an end that does not fit', `a ![b](${src} "t) c`],
  ])('never become text where they are %s', (_name, text) => {
    for (const size of [1, 20, text.length]) expect(all(text, size)).not.toContain('iVBOR')
  })
})
