import { describe, expect, test } from 'vitest'
import type { UIMessageChunk } from '../../src/messages/chunk.js'
import { createAnswer } from '../../src/messages/create-answer.js'
import type { LooseText } from '../../src/messages/fold-text.js'

function answerOf(...chunks: (UIMessageChunk | LooseText)[]) {
  const answer = createAnswer()
  for (const chunk of chunks) answer.add(chunk)
  return answer
}
const loose = (delta: string, type: 'text' | 'reasoning' = 'text') => ({ type, delta }) as const
const start = (id: string) => ({ type: 'text-start', id }) as const
const delta = (id: string, delta: string) => ({ type: 'text-delta', id, delta }) as const
const end = (id: string) => ({ type: 'text-end', id }) as const
const data = (id: string, data: unknown) => ({ type: 'data-row', id, data }) as const

describe('names of fields that every object has', () => {
  test('are names as any other: of messages, texts, calls, tools, rows and metadata', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const answer = createAnswer()
    for (const name of names) {
      const metadata = JSON.parse(`{"${name}": {"polluted": true}}`) as object
      for (const chunk of [
        { type: 'start', messageId: name, messageMetadata: metadata },
        { type: 'message-metadata', messageMetadata: metadata },
        delta(name, 'te'),
        delta(name, 'xt'),
        end(name),
        { type: 'tool-input-start', toolCallId: name, toolName: name },
        { type: 'tool-input-delta', toolCallId: name, inputTextDelta: '{"__proto__": {"polluted": 1}}' },
        { type: 'tool-input-available', toolCallId: name, toolName: name, input: {} },
        { type: 'tool-approval-request', approvalId: name, toolCallId: name },
        { type: 'tool-approval-response', approvalId: name, approved: true },
        { type: 'tool-output-available', toolCallId: name, output: name },
        data(name, 1),
        data(name, 2),
        { type: name, delta: 'x' },
      ])
        answer.add(chunk as UIMessageChunk)
      expect(answer.id).toBe(name)
    }
    expect(answer.text).toBe(names.map(() => 'text').join(''))
    expect(answer.parts.filter(({ type }) => type.startsWith('tool-'))).toMatchObject(
      names.map((name) => ({ type: `tool-${name}`, state: 'output-available', output: name })),
    )
    expect(answer.parts.filter(({ type }) => type === 'data-row')).toMatchObject(
      names.map(() => ({ data: 2 })),
    )
    expect(answer.message([]).others).toHaveLength(names.length)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('text', () => {
  test('without a frame it gathers until something else comes', () => {
    const { text, reasoning, parts } = answerOf(
      loose('h', 'reasoning'),
      loose('m', 'reasoning'),
      loose('a'),
      loose('b'),
      { type: 'data-x', data: 1 },
      loose('c'),
    )
    expect([text, reasoning]).toEqual(['abc', 'hm'])
    expect(parts).toEqual([
      { type: 'reasoning', text: 'hm', state: 'done' },
      { type: 'text', text: 'ab', state: 'done' },
      { type: 'data-x', data: 1 },
      { type: 'text', text: 'c', state: 'streaming' },
    ])
  })

  test('without a frame it goes on what a frame has opened', () => {
    expect(answerOf(start('1'), delta('1', 'a'), loose('b'), end('1')).parts).toEqual([
      { type: 'text', text: 'ab', state: 'done' },
    ])
  })

  test('of two texts at once each has its own, and the whole reads in the order of the parts', () => {
    const growing = answerOf(
      start('A'),
      delta('A', 'The '),
      start('B'),
      delta('B', 'Das '),
      delta('A', 'cat'),
    )
    expect(growing.text).toBe('The catDas ')
    growing.add(end('A'))
    growing.add(delta('B', 'Tier'))
    expect(growing.text).toBe('The catDas Tier')
    expect(growing.parts.map((part) => part.type === 'text' && part.text)).toEqual(['The cat', 'Das Tier'])
  })

  test.each([
    ['pieces that never began', [delta('1', 'a'), delta('1', 'b')], ['ab']],
    ['a piece after the end', [start('1'), delta('1', 'a'), end('1'), delta('1', 'b')], ['a', 'b']],
    ['an end without a beginning', [end('1'), delta('2', 'a')], ['a']],
    ['a beginning that comes twice', [start('1'), delta('1', 'a'), start('1'), delta('1', 'b')], ['a', 'b']],
    ['pieces without any id', [{ type: 'text-delta', delta: 'a' } as never, loose('b')], ['ab']],
    [
      'a piece that is no string',
      [delta('1', 'a'), delta('1', null as never), delta('1', 7 as never)],
      ['a7'],
    ],
  ])('of %s nothing is lost', (_what, chunks, texts) => {
    const { parts, text } = answerOf(...chunks)
    expect(parts.map((part) => part.type === 'text' && part.text)).toEqual(texts)
    expect(text).toBe(texts.join(''))
  })
})

describe('reset-step', () => {
  const half = [start('1'), delta('1', 'Half')]

  test('takes back what the step has given, and no more', () => {
    const broken = answerOf(
      { type: 'start-step' },
      start('0'),
      delta('0', 'Kept. '),
      end('0'),
      data('kept', 1),
      { type: 'start-step' },
      ...half,
      data('gone', 1),
    )
    expect(broken.text).toBe('Kept. Half')
    broken.add({ type: 'reset-step' })
    expect(broken.text).toBe('Kept. ')
    expect(broken.parts.map(({ type }) => type)).toEqual(['step-start', 'text', 'data-row', 'step-start'])
    broken.add(data('gone', 2))
    broken.add(data('kept', 2))
    broken.add(delta('1', 'Whole'))
    expect(broken.text).toBe('Kept. Whole')
    expect(broken.parts.slice(2)).toMatchObject([
      { id: 'kept', data: 2 },
      { type: 'step-start' },
      { id: 'gone', data: 2 },
      { text: 'Whole' },
    ])
  })

  test('without a step takes back everything', () => {
    const broken = answerOf(...half, end('1'))
    expect(broken.text).toBe('Half')
    for (const chunk of [{ type: 'reset-step' } as const, start('1'), delta('1', 'All.'), end('1')])
      broken.add(chunk)
    expect(broken.text).toBe('All.')
  })

  test('gives a call of an earlier step its id back', () => {
    const call = { type: 'tool-input-available', toolCallId: 'c', toolName: 'x', input: 1 } as const
    const { parts } = answerOf(
      { type: 'start-step' },
      call,
      { type: 'start-step' },
      { ...call, input: 2 },
      { type: 'reset-step' },
      { type: 'tool-output-available', toolCallId: 'c', output: 'of the first' },
    )
    expect(parts).toMatchObject([
      { type: 'step-start' },
      { type: 'tool-x', input: 1, output: 'of the first' },
      { type: 'step-start' },
    ])
  })
})

describe('what the AI SDK refuses', () => {
  test.each([
    [
      { type: 'tool-output-available', toolCallId: 'c', output: 1 },
      { state: 'output-available', output: 1 },
    ],
    [{ type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '{"a":1' }, { input: { a: 1 } }],
    [{ type: 'tool-output-denied', toolCallId: 'c' }, { state: 'output-denied' }],
    [{ type: 'tool-approval-request', toolCallId: 'c', approvalId: 'a' }, { approval: { id: 'a' } }],
  ] as const)('%j, of a call that never began, has a part', (chunk, part) => {
    expect(answerOf(chunk).parts).toMatchObject([{ type: 'dynamic-tool', toolName: 'unknown', ...part }])
  })

  test('the answer to a question that nobody asked changes nothing', () => {
    const { parts } = answerOf(
      { type: 'tool-input-available', toolCallId: 'c', toolName: 'x', input: 1 },
      { type: 'tool-approval-response', approvalId: 'a', approved: true },
    )
    expect(parts).toMatchObject([{ state: 'input-available' }])
  })
})

test('the message takes the server’s id, metadata from wherever it comes, and the reason of its end', () => {
  const { id, metadata, finishReason } = answerOf(
    { type: 'start', messageId: 'srv', messageMetadata: { model: 'm', usage: { input: 1 } } },
    { type: 'message-metadata', messageMetadata: { usage: { output: 2 }, tags: ['a'] } },
    { type: 'finish', finishReason: 'length', messageMetadata: { tags: ['b'], model: undefined } },
  ).message([])
  expect([id, metadata, finishReason]).toEqual([
    'srv',
    { model: 'm', usage: { input: 1, output: 2 }, tags: ['b'] },
    'length',
  ])
})

test('metadata can’t reach the prototype of objects', () => {
  answerOf(
    { type: 'start', messageMetadata: { a: {} } },
    {
      type: 'finish',
      messageMetadata: JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}'),
    },
  )
  expect(({} as { x?: unknown }).x).toBeUndefined()
})

test('chunks of a later version are kept apart', () => {
  const chunk = { type: 'hologram', url: 'u' } as never
  const answer = answerOf(chunk)
  expect(answer.message(answer.parts)).toMatchObject({ others: [chunk], parts: [] })
})

test('of an endless run the newest data parts are kept, and all text', () => {
  const endless = answerOf(loose('first'))
  for (let i = 0; i < 100_000; i++) endless.add({ type: 'data-log', data: i })
  endless.add(loose('last'))
  const { parts } = endless
  expect(parts.length).toBeGreaterThan(10_000)
  expect(parts.length).toBeLessThan(11_100)
  expect(parts[0]).toMatchObject({ type: 'text', text: 'first' })
  expect(parts.slice(-2)).toMatchObject([{ data: 99_999 }, { text: 'last' }])
  expect(endless.text).toBe('firstlast')
})

test('a row that was dropped and comes again is a row again', () => {
  const endless = answerOf(data('first', 1))
  for (let i = 0; i < 11_000; i++) endless.add(data(`r${i}`, i))
  endless.add(data('first', 2))
  const rows = endless.parts.filter((part) => 'id' in part && part.id === 'first')
  expect(rows).toEqual([{ type: 'data-row', id: 'first', data: 2 }])
})

test('close shows open text as done; a run resumed goes on in the same part', () => {
  const broken = answerOf(start('1'), delta('1', '```js\nlet'))
  broken.close()
  expect(broken.parts).toEqual([{ type: 'text', text: '```js\nlet', state: 'done' }])
  broken.add(delta('1', ' a'))
  expect(broken.parts).toEqual([{ type: 'text', text: '```js\nlet a', state: 'streaming' }])
})

test('parts are replaced, never changed, so that a list can compare them', () => {
  const growing = answerOf(data('r', 1), loose('a'))
  const [row, text] = growing.parts
  growing.add(loose('b'))
  expect(text).toEqual({ type: 'text', text: 'a', state: 'streaming' })
  expect(growing.parts[0]).toBe(row)
  expect(growing.parts[1]).not.toBe(text)
})
