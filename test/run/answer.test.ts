import { expect, test } from 'vitest'
import type { Chunk } from '../../src/decoders/decoder.js'
import { createAnswer } from '../../src/run/answer.js'

function answer(...chunks: Chunk[]) {
  const answer = createAnswer()
  for (const chunk of chunks) answer.add(chunk)
  return answer
}
const text = (delta: string): Chunk => ({ type: 'text', delta })
const reasoning = (delta: string): Chunk => ({ type: 'reasoning', delta })
const data = (id: string | undefined, value: unknown, transient = false): Chunk => ({
  type: 'data',
  name: 'n',
  id,
  data: value,
  transient,
})
const end: Chunk = { type: 'section-end' }

test('deltas of one section gather in one part; the strings gather all sections', () => {
  const {
    text: all,
    reasoning: thoughts,
    parts,
  } = answer(reasoning('h'), reasoning('m'), text('a'), text('b'), end, text('c'))
  expect(all).toBe('abc')
  expect(thoughts).toBe('hm')
  expect(parts).toEqual([
    { type: 'reasoning', text: 'hm', state: 'done' },
    { type: 'text', text: 'ab', state: 'done' },
    { type: 'text', text: 'c', state: 'streaming' },
  ])
})

test('a tool call replaces itself where it stands', () => {
  const tool = { type: 'tool', id: 't', name: 'x' } as const
  const { parts } = answer(text('a'), { ...tool, state: 'input-streaming' }, text('b'), {
    ...tool,
    state: 'output-available',
    output: 1,
  })
  expect(parts).toEqual([
    { type: 'text', text: 'a', state: 'done' },
    { type: 'tool-x', toolCallId: 't', state: 'output-available', output: 1 },
    { type: 'text', text: 'b', state: 'streaming' },
  ])
})

test('data of one name and id replaces itself, without an id it adds up, transient it leaves no part', () => {
  const { parts } = answer(
    data('1', 'old'),
    data('2', 'two'),
    data('1', 'new'),
    data(undefined, 'x'),
    data(undefined, 'y'),
    data('1', 'gone', true),
  )
  expect(parts).toEqual([
    { type: 'data-n', id: '1', data: 'new' },
    { type: 'data-n', id: '2', data: 'two' },
    { type: 'data-n', data: 'x' },
    { type: 'data-n', data: 'y' },
  ])
})

test('references stand between texts', () => {
  const { parts } = answer(text('a'), { type: 'reference', reference: { type: 'file', url: 'u' } }, text('b'))
  expect(parts.map((part) => part.type)).toEqual(['text', 'file', 'text'])
})

test('close shows the open section as done; a run resumed goes on in the same part', () => {
  const broken = answer(text('```js\nlet'))
  broken.close()
  expect(broken.parts).toEqual([{ type: 'text', text: '```js\nlet', state: 'done' }])
  broken.add(text(' a'))
  expect(broken.parts).toEqual([{ type: 'text', text: '```js\nlet a', state: 'streaming' }])
})

test('a section that had ended before the break stays ended', () => {
  const broken = answer(text('a'), end)
  broken.close()
  broken.add(text('b'))
  expect(broken.parts.map((part) => 'text' in part && part.text)).toEqual(['a', 'b'])
})

test('parts are replaced, never changed, so that a list can compare them', () => {
  const growing = answer(text('a'))
  const before = growing.parts[0]
  growing.add(text('b'))
  expect(before).toEqual({ type: 'text', text: 'a', state: 'streaming' })
  expect(growing.parts[0]).not.toBe(before)
})
