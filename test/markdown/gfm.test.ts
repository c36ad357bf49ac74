import { describe, expect, it } from 'vitest'
import { html } from './run.js'

const table = (head: string, body = '') =>
  `<table>\n<thead>\n<tr>\n${head}</tr>\n</thead>\n${body && `<tbody>\n${body}</tbody>\n`}</table>\n`
const th = (text: string, align = '') => `<th${align && ` align="${align}"`}>${text}</th>\n`
const td = (text: string, align = '') => `<td${align && ` align="${align}"`}>${text}</td>\n`
const tr = (...cells: string[]) => `<tr>\n${cells.join('')}</tr>\n`

describe('tables', () => {
  it.each([
    ['two columns', '| a | b |\n| --- | --- |\n| c | d |', table(th('a') + th('b'), tr(td('c'), td('d')))],
    [
      'alignment',
      '| a | b | c |\n|:--|:-:|--:|\n',
      table(th('a', 'left') + th('b', 'center') + th('c', 'right')),
    ],
    ['no outer bars', 'a | b\n--- | ---\nc | d', table(th('a') + th('b'), tr(td('c'), td('d')))],
    ['one column', '| a |\n|---|\n| b |', table(th('a'), tr(td('b')))],
    ['an escaped bar', '| a\\|b |\n|---|\n| `c\\|d` |', table(th('a|b'), tr(td('<code>c|d</code>')))],
    [
      'an escaped backslash before a bar',
      '| a | b |\n|---|---|\n| c \\\\| d |',
      table(th('a') + th('b'), tr(td('c \\'), td('d'))),
    ],
    [
      'inline content in cells',
      '| **a** | `b` |\n|---|---|\n| *c* | ~~d~~ |',
      table(th('<strong>a</strong>') + th('<code>b</code>'), tr(td('<em>c</em>'), td('<del>d</del>'))),
    ],
    ['emphasis that ends with its cell', '| *a | b* |\n|---|---|\n', table(th('*a') + th('b*'))],
    ['missing cells', '| a | b |\n|---|---|\n| c |', table(th('a') + th('b'), tr(td('c'), td('')))],
    ['excess cells', '| a | b |\n|---|---|\n| c | d | e |', table(th('a') + th('b'), tr(td('c'), td('d')))],
    ['empty cells', '| a | b |\n|---|---|\n| | d |', table(th('a') + th('b'), tr(td(''), td('d')))],
    ['the end at a blank line', '| a |\n|---|\n| b |\n\nc', `${table(th('a'), tr(td('b')))}<p>c</p>\n`],
    [
      'the end at another block',
      '| a |\n|---|\n| b |\n> c',
      `${table(th('a'), tr(td('b')))}<blockquote>\n<p>c</p>\n</blockquote>\n`,
    ],
    ['a row without bars', '| a | b |\n|---|---|\nc', table(th('a') + th('b'), tr(td('c'), td('')))],
    ['a paragraph right above', 'text\n| a | b |\n|---|---|\n', `<p>text</p>\n${table(th('a') + th('b'))}`],
    [
      'a table in a list item',
      '- | a |\n  |---|\n  | b |',
      `<ul>\n<li>\n${table(th('a'), tr(td('b')))}</li>\n</ul>\n`,
    ],
    [
      'a long paragraph right above',
      'text that is longer than an opening\n| a |\n|---|\n',
      `<p>text that is longer than an opening</p>\n${table(th('a'))}`,
    ],
    ['two candidates', '| x |\n| a |\n|---|', `<p>| x |</p>\n${table(th('a'))}`],
    ['a break in a cell', '| a<br>b |\n|---|', table(th('a<br />\nb'))],
  ])('reads %s', (_name, text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it.each([
    ['cell counts differ', '| a | b |\n| --- |\n| c |'],
    ['there is no delimiter row', '| a | b |\n| c | d |'],
    ['the delimiter row has other text', '| a | b |\n|---|-x-|'],
    ['the delimiter row is lazy', '> | a |\n|---|'],
  ])('makes no table when %s', (_name, text) => {
    expect(html(text)).not.toContain('<table>')
  })
})

describe('task lists', () => {
  const box = '<input disabled="" type="checkbox"> '
  const checked = '<input checked="" disabled="" type="checkbox"> '

  it('makes a box of brackets that begin an item', () => {
    expect(html('- [ ] foo\n- [x] bar\n- [X] baz')).toBe(
      `<ul>\n<li>${box}foo</li>\n<li>${checked}bar</li>\n<li>${checked}baz</li>\n</ul>\n`,
    )
  })

  it('makes boxes of nested and ordered items', () => {
    expect(html('1. [x] foo\n   - [ ] bar')).toBe(
      `<ol>\n<li>${checked}foo\n<ul>\n<li>${box}bar</li>\n</ul>\n</li>\n</ol>\n`,
    )
  })

  it.each(['[ ] foo', '- [ ]foo', '- [y] foo', '- a\n\n  [ ] foo', '> [x] foo'])(
    'leaves %j as text',
    (text) => {
      expect(html(text)).not.toContain('<input')
    },
  )
})

describe('strikethrough', () => {
  it.each([
    ['~~Hi~~ Hello, ~there~ world!', '<p><del>Hi</del> Hello, <del>there</del> world!</p>\n'],
    ['This ~~has a\n\nnew paragraph~~.', '<p>This ~~has a</p>\n<p>new paragraph~~.</p>\n'],
    ['This will ~~~not~~~ strike.', '<p>This will ~~~not~~~ strike.</p>\n'],
    ['~~a **b** c~~', '<p><del>a <strong>b</strong> c</del></p>\n'],
    ['~a~~', '<p>~a~~</p>\n'],
    ['删除~~这里~~的字', '<p>删除<del>这里</del>的字</p>\n'],
    ['价格 3~5 元，约 7~9 天', '<p>价格 3~5 元，约 7~9 天</p>\n'],
    ['好的~ 再见~', '<p>好的~ 再见~</p>\n'],
  ])('reads %j', (text, expected) => {
    expect(html(text)).toBe(expected)
  })
})

describe('addresses without brackets', () => {
  const link = (href: string, text = href) => `<a href="${href}">${text}</a>`

  it.each([
    ['www.commonmark.org', link('http://www.commonmark.org', 'www.commonmark.org')],
    [
      'Visit www.commonmark.org/help for more.',
      `Visit ${link('http://www.commonmark.org/help', 'www.commonmark.org/help')} for more.`,
    ],
    ['Visit www.commonmark.org.', `Visit ${link('http://www.commonmark.org', 'www.commonmark.org')}.`],
    ['www.a.org/search?q=(b)', link('http://www.a.org/search?q=(b)', 'www.a.org/search?q=(b)')],
    ['(www.a.org/search?q=b)', `(${link('http://www.a.org/search?q=b', 'www.a.org/search?q=b')})`],
    [
      'www.a.org/search?q=b&hl=en',
      link('http://www.a.org/search?q=b&amp;hl=en', 'www.a.org/search?q=b&amp;hl=en'),
    ],
    ['www.a.org/b&amp;', `${link('http://www.a.org/b', 'www.a.org/b')}&amp;amp;`],
    ['www.a.org/he<lp', `${link('http://www.a.org/he', 'www.a.org/he')}&lt;lp`],
    ['http://commonmark.org', link('http://commonmark.org')],
    ['(Visit https://a.com/b(c)d)', `(Visit ${link('https://a.com/b(c)d')})`],
    ['**https://a.com**', `<strong>${link('https://a.com')}</strong>`],
    ['foo@bar.baz', link('mailto:foo@bar.baz', 'foo@bar.baz')],
    [
      'hello@mail+xyz.example isn’t valid, but hello+xyz@mail.example is.',
      `hello@mail+xyz.example isn’t valid, but ${link('mailto:hello+xyz@mail.example', 'hello+xyz@mail.example')} is.`,
    ],
    ['a.b-c_d@a.b', link('mailto:a.b-c_d@a.b', 'a.b-c_d@a.b')],
    ['a.b-c_d@a.b.', `${link('mailto:a.b-c_d@a.b', 'a.b-c_d@a.b')}.`],
    ['a.b-c_d@a.b-', 'a.b-c_d@a.b-'],
    ['请看https://a.com/b，谢谢', `请看${link('https://a.com/b')}，谢谢`],
    ['（https://a.com）', `（${link('https://a.com')}）`],
    ['[https://a.com](/b)', link('/b', 'https://a.com')],
    ['https://localhost', link('https://localhost')],
    ['见 http://localhost:8000/a。', `见 ${link('http://localhost:8000/a')}。`],
    ['http://localhosts', 'http://localhosts'],
    ['xhttps://a.com and 5:30 and a://b', 'xhttps://a.com and 5:30 and a://b'],
  ])('reads %j', (text, expected) => {
    const escaped = expected.includes('&amp;amp;') ? expected.replace('&amp;amp;', '&amp;') : expected
    expect(html(text)).toBe(`<p>${escaped}</p>\n`)
  })
})
