import { describe, expect, it } from 'vitest'
import { createMarkdown } from '../../src/markdown/create-markdown.js'
import type { Op } from '../../src/markdown/markdown-types.js'
import { cutEvery } from './run.js'

type Method = (this: string, ...args: never[]) => unknown

/** Characters that string functions and searches looked at or copied: what grows when an engine reads text twice. */
function countSteps(run: () => void): number {
  let steps = 0
  const proto = String.prototype as unknown as Record<string, Method>
  const costs: Record<string, (text: string, result: never, from: number) => number> = {
    charCodeAt: () => 1,
    charAt: () => 1,
    slice: (_text, result: string) => result.length,
    replace: (text) => text.length,
    indexOf: (text, found: number, from) => (found < 0 ? text.length : found) - from,
  }
  const originals = Object.keys(costs).map((name) => [name, proto[name]!] as const)
  for (const [name, original] of originals) {
    const cost = costs[name]!
    proto[name] = function (this: string, ...args: never[]) {
      const result = original.apply(this, args)
      steps += cost(this, result as never, Number(args[1] ?? 0))
      return result
    }
  }
  const { exec } = RegExp.prototype
  RegExp.prototype.exec = function (text) {
    const from = this.global ? this.lastIndex : 0
    const found = exec.call(this, text)
    if (this.global) steps += (found ? this.lastIndex : text.length) - from
    return found
  }
  try {
    run()
  } finally {
    RegExp.prototype.exec = exec
    for (const [name, original] of originals) proto[name] = original
  }
  return steps
}

function stream(text: string, size: number): { ops: Op[]; most: number } {
  const markdown = createMarkdown()
  const ops: Op[] = []
  let most = 0
  for (const part of cutEvery(text, size)) {
    ops.push(...markdown.push(part))
    most = Math.max(most, markdown.held)
  }
  ops.push(...markdown.end())
  return { ops, most }
}

function depthOf(ops: readonly Op[]): number {
  let depth = 0
  let deepest = 0
  for (const op of ops) {
    if (op.op === 'open') deepest = Math.max(deepest, ++depth)
    if (op.op === 'close') depth--
  }
  return deepest
}

const hostile: readonly (readonly [string, string])[] = [
  ['quotes', '>'],
  ['quotes with blanks', '> '],
  ['brackets', '['],
  ['image brackets', '!['],
  ['bracket pairs', '[]'],
  ['links without end', '[a]('],
  ['stars before letters', '*a'],
  ['two kinds of emphasis', '*a_b '],
  ['runs that match nothing', 'a**b_c'],
  ['backticks', '`'],
  ['runs of backticks', '`a``b```c'],
  ['dollars', '$a '],
  ['math brackets', '\\('],
  ['tags', '<a '],
  ['tags with values', "<a x='"],
  ['comments', '<!--'],
  ['instructions', 'a <?'],
  ['entities', '&a'],
  ['letters', 'a'],
  ['Chinese letters', '中'],
  ['blanks', ' '],
  ['tabs', '\t'],
  ['line ends', '\n'],
  ['rules', '- '],
  ['equal signs', 'a\n='],
  ['nested items', '- a\n '],
  ['bars', '|'],
  ['headers', '| a | b |\n'],
  ['delimiter rows', '| a |\n|-|\n'],
  ['rows', '|-'],
  ['addresses', 'http://a'],
  ['addresses in a row', 'http://a.b/c '],
  ['mail names', 'a@'],
  ['mail', 'a@b.c '],
  ['dots', 'www.'],
  ['underscores', '_'],
  ['words with underscores', 'a_'],
  ['tildes', '~~a'],
  ['escapes', '\\'],
  ['definitions', '[a]: b\n'],
  ['definitions without end', '[a]: <'],
  ['titles', '[a]: b "'],
  ['hashes', '# '],
  ['fences', '```\n'],
  ['fences behind text', '甲：```js\n'],
  ['text behind fences', '```\n甲\n```乙\n'],
  ['code in rows', '|a|b|\n|-|-|\n|`a|b`|`|$x|\n'],
  ['signs with blanks', '$ a_b '],
  ['tokens of models', '<|end'],
  ['fences of math', '```math\nx\n'],
  ['brackets in addresses', 'http://a.b/)'],
  ['semicolons in addresses', 'www.a.b;'],
  ['reasoning', '<think>'],
  ['reasoning in pairs', '<think></think>'],
  ['math lines', '$$\na\n'],
  ['tags that are marks', '<b><i></b>'],
  ['folded text', '<details>a'],
  ['lists of tags', '<ul><li>'],
  ['tables of tags', '<table><tr><td>'],
  ['cells of tags', '<table><tr><td>a<td'],
  ['signed addresses', '[a](https://b?c '],
]

describe('hostile text', () => {
  it.each(hostile)('reads %s in linear work, whole and in pieces', (_name, unit) => {
    for (const size of [20, 1_000_000]) {
      const work = (length: number) =>
        countSteps(() => stream(unit.repeat(Math.ceil(length / unit.length)), size))
      expect(work(40_000) / work(10_000)).toBeLessThan(5.5)
    }
  })

  it.each(hostile)('holds back and nests a bounded part of %s', (_name, unit) => {
    const { ops, most } = stream(unit.repeat(Math.ceil(20_000 / unit.length)), 7)
    expect(most).toBeLessThan(6_600)
    expect(depthOf(ops)).toBeLessThan(104)
  })

  it.each([
    ['of bars', (size: number) => `${'|a'.repeat(size)}|\n${'|-'.repeat(size)}|\n${'|a\n'.repeat(size)}`],
    [
      'of bars without a delimiter row',
      (size: number) => `${'| aaaa '.repeat(size)}|\n${'| a |\n'.repeat(size)}`,
    ],
    ['of tags', (size: number) => `<table><tr>${'<td>'.repeat(size)}${'<tr><td>a'.repeat(size)}`],
  ])('fills a bounded part of the short rows below a wide one in a table %s', (_name, text) => {
    const count = (size: number) => stream(text(size), 1_000_000).ops.length
    expect(count(3_000)).toBeLessThan(60_000)
  })

  it.each([' ', '\n'])('reads a cell of %j without end in linear work', (blank) => {
    const work = (length: number) => countSteps(() => stream(`<table><tr><td>${blank.repeat(length)}`, 1))
    expect(work(8_000) / work(2_000)).toBeLessThan(5.5)
  })

  it('reads 100,000 nested quotes', () => {
    const { ops } = stream(`${'>'.repeat(100_000)} deep`, 64)
    expect(depthOf(ops)).toBe(101)
  })

  it('reads 10,000 brackets that never close', () => {
    const { ops } = stream('['.repeat(10_000), 20)
    expect(ops.map((op) => (op.op === 'text' ? op.text : '')).join('')).toBe('['.repeat(10_000))
  })

  it('shows a line of a megabyte as it comes', () => {
    const { ops, most } = stream('some words and 文字 '.repeat(70_000), 100)
    expect(most).toBeLessThan(200)
    expect(ops.filter((op) => op.op === 'open')).toHaveLength(1)
  })
})
