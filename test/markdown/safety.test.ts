import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Op } from '../../src/markdown/markdown-types.js'
import { safeUrl } from '../../src/markdown/safe-url.js'
import { cutEvery, streamed } from './run.js'

const schemes = ['http', 'https', 'mailto', 'tel']

const harmful = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'java\tscript:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\u0000script:alert(1)',
  'java\u00adscript\u200b:alert(1)',
  '\u202ejavascript:alert(1)',
  '\ufeffjavascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:image/svg+xml;base64,AAAA',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'blob:https://a.com/1',
  'intent://scan/#Intent;end',
  'weixin://dl/business',
  'https://a.com/\u0007',
  'https://a.com/\u009f',
  '\ud800',
]

const targets = (ops: readonly Op[]) =>
  ops.flatMap((op) => {
    if (op.op === 'image') return [op.src]
    return op.op === 'enter' && op.mark.type === 'link' ? [op.mark.href] : []
  })

describe('addresses', () => {
  it.each(harmful)('refuses %j', (url) => {
    expect(safeUrl(url, schemes)).toBeUndefined()
  })

  it.each([
    ['https://a.com/b?c=d#e', 'https://a.com/b?c=d#e'],
    ['HTTPS://a.com', 'HTTPS://a.com'],
    ['mailto:a@b.c', 'mailto:a@b.c'],
    ['tel:+1234', 'tel:+1234'],
    ['/a/b', '/a/b'],
    ['#top', '#top'],
    ['?page=2', '?page=2'],
    ['a/b:c', 'a/b:c'],
    ['', ''],
    ['https://a.com/中 文', 'https://a.com/%E4%B8%AD%20%E6%96%87'],
    ['https://a.com/%20%zz', 'https://a.com/%20%25zz'],
  ])('encodes %j', (url, expected) => {
    expect(safeUrl(url, schemes)).toBe(expected)
  })

  it('lets no list of schemes allow one that runs code', () => {
    for (const scheme of ['javascript', 'data', 'vbscript'])
      expect(safeUrl(`${scheme}:x`, [scheme])).toBeUndefined()
  })

  it.each(harmful)('shows the text of links and images to %j', (url) => {
    const encoded = url.replace(/[\s\0]/g, (char) => `&#${char.charCodeAt(0)};`)
    for (const target of [url, encoded, `<${encoded}>`]) {
      const text = `[click](${target}) ![see](${target}) <${url}> [ref]\n\n[ref]: ${target}\n\n[ref] ![ref]`
      for (const size of [1, 5, text.length]) {
        const ops = streamed(cutEvery(text, size)).flat()
        for (const href of targets(ops))
          expect(href).not.toMatch(/^\s*[a-z\s]*script:|^data:|^file:|^blob:|^intent:|^weixin:/i)
      }
    }
    const plain = streamed([`[click](<${encoded}>)`]).flat()
    expect(targets(plain)).toEqual([])
    // An angle bracket inside ends the target, so there it is no link in the first place.
    if (!url.includes('<')) expect(plain).toContainEqual({ op: 'text', text: 'click' })
  })

  it('gives references of an app the same check', () => {
    const references = { a: { href: 'javascript:alert(1)' }, b: { href: 'https://b.com', title: 'B' } }
    const ops = streamed(['[a] [b]'], { references }).flat()
    expect(targets(ops)).toEqual(['https://b.com'])
  })

  it('never makes a forbidden target of generated text', () => {
    const parts = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '![',
      '<',
      '>',
      'javascript:',
      'java',
      'script',
      ':',
      'data:',
      '&#58;',
      '&colon;',
      '\\:',
      'alert(1)',
      '\n',
      ' ',
      '"',
      '[a]: ',
      'a',
      '&#x6A;',
      '%6A',
      '\u0001',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), (list) => {
        for (const href of targets(streamed(list).flat())) expect(href).not.toMatch(/^(?:javascript|data):/i)
      }),
      { numRuns: 3000 },
    )
  })

  const markup = [
    (url: string) => `<a href="${url}">x</a>`,
    (url: string) => `<a href='${url}' onclick="alert(1)">x</a>`,
    (url: string) => `<A HREF=${url}>x</A>`,
    (url: string) => `<img src="${url}" onerror=alert(1)>`,
    (url: string) => `<img alt=x src='${url}'/>`,
    (url: string) => `<b><a\nhref="${url}">x</a></b>`,
    (url: string) => `<details ontoggle=alert(1) open><summary><a href="${url}">x</a></summary>y</details>`,
    (url: string) => `<h1 style="background:url(${url})"><img src="${url}"></h1>`,
  ]

  it.each(harmful)('lets no tag lead to %j', (url) => {
    for (const write of markup)
      for (const target of [url, url.replace(/[\s\0]/g, (char) => `&#${char.charCodeAt(0)};`)])
        for (const size of [1, 3, 1000])
          for (const href of targets(streamed(cutEvery(write(target), size)).flat()))
            expect(href).not.toMatch(/^\s*[a-z\s]*script:|^data:|^file:|^blob:|^intent:|^weixin:/i)
  })

  it.each([
    'script',
    'style',
    'iframe',
    'object',
    'svg',
    'math',
    'form',
    'input',
    'video',
    'template',
    'base',
    'link',
    'meta',
  ])('makes nothing but text of <%s>', (tag) => {
    const text = `a <${tag} src="x" onload="alert(1)">b</${tag}>\n\n<${tag}>\nc\n</${tag}>\n`
    for (const size of [1, 5, text.length]) {
      const ops = streamed(cutEvery(text, size)).flat()
      const kinds = ops.flatMap((op) => (op.op === 'open' ? [op.block.type] : [op.op]))
      expect(new Set(kinds)).toEqual(new Set(['paragraph', 'text', 'html', 'close']))
    }
  })
})
