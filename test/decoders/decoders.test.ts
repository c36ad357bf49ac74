import { describe, expect, test } from 'vitest'
import { jsonDecoder } from '../../src/decoders/json.js'
import type { Decoded, Decoder } from '../../src/decoders/decoder.js'
import { uiMessageStream } from '../../src/decoders/ui-message-stream.js'

const decode = (decoder: Decoder, ...data: unknown[]): Decoded[] => {
  const read = decoder()
  return data.map((value) =>
    read({ id: '', type: 'message', data: typeof value === 'string' ? value : JSON.stringify(value) }),
  )
}
const last = (decoder: Decoder, ...data: unknown[]) => decode(decoder, ...data).pop()

describe.each([
  ['json', jsonDecoder],
  ['ui-message-stream', uiMessageStream],
])('%s', (_name, decoder) => {
  const event = (type: string, data: string) => decoder()({ id: 'a_1', type, data })

  test.each([
    ['message', '[DONE]', { outcome: 'done' }],
    ['end', '{"outcome":"done"}', { outcome: 'done' }],
    ['end', '{"outcome":"stopped"}', { outcome: 'stopped' }],
    ['end', 'not json', { outcome: 'done' }],
    ['end', 'null', { outcome: 'done' }],
  ])('%s %s ends the run as %j', (type, data, ending) => {
    expect(event(type, data)).toEqual({ chunks: [], ending })
  })

  test.each([
    ['{"outcome":"error","code":"SERVER_BUSY","message":"满了"}', 'SERVER_BUSY', '满了'],
    ['{"outcome":"error","code":"no code of ours"}', 'PRODUCER_ERROR', expect.stringContaining('producer')],
  ])('end %s is an error with its code', (data, code, message) => {
    expect(event('end', data).ending).toMatchObject({ outcome: 'error', error: { code, message } })
  })

  test('a gap told as an event is HISTORY_EXPIRED', () => {
    expect(event('gap', '{}').ending).toMatchObject({ outcome: 'error', error: { code: 'HISTORY_EXPIRED' } })
  })

  test.each([
    ['{"a":1}', { a: 1 }],
    ['0', 0],
    ['null', null],
    ['plain text', 'plain text'],
    ['', ''],
  ])('data %j passes as the message %j', (data, message) => {
    expect(event('message', data)).toEqual({ message, chunks: [] })
  })
})

describe('ui-message-stream', () => {
  test.each([
    [
      { type: 'text-delta', id: '1', delta: '好' },
      { type: 'text', delta: '好' },
    ],
    [
      { type: 'reasoning-delta', id: '1', delta: 'hm' },
      { type: 'reasoning', delta: 'hm' },
    ],
    [{ type: 'text-end', id: '1' }, { type: 'section-end' }],
    [{ type: 'reasoning-end', id: '1' }, { type: 'section-end' }],
    [{ type: 'start-step' }, { type: 'section-end' }],
    [
      { type: 'data-weather', id: 'w', data: { c: 20 } },
      { type: 'data', name: 'weather', id: 'w', data: { c: 20 }, transient: false },
    ],
    [
      { type: 'data-status', data: 1, transient: true },
      { type: 'data', name: 'status', id: undefined, data: 1, transient: true },
    ],
  ])('%j is the chunk %j, and a message too', (data, chunk) => {
    expect(last(uiMessageStream, data)).toEqual({ message: data, chunks: [chunk] })
  })

  test('sources and files are references, whole', () => {
    const source = { type: 'source-url', sourceId: 's', url: 'https://example.com', title: '标题' }
    expect(last(uiMessageStream, source)?.chunks).toEqual([{ type: 'reference', reference: source }])
  })

  test.each([
    { type: 'start' },
    { type: 'finish' },
    { type: 'text-start', id: '1' },
    { type: 'novel' },
    { type: 7 },
    [1],
  ])('%j is a message and no chunk', (data) => {
    expect(last(uiMessageStream, data)).toEqual({ message: data, chunks: [] })
  })

  test('abort ends the run as stopped, error as an error with its text', () => {
    expect(last(uiMessageStream, { type: 'abort' })?.ending).toEqual({ outcome: 'stopped' })
    expect(last(uiMessageStream, { type: 'error', errorText: '出错了' })?.ending).toMatchObject({
      outcome: 'error',
      error: { code: 'PRODUCER_ERROR', message: '出错了' },
    })
    const lost = { type: 'error', errorText: 'gone', code: 'PRODUCER_LOST' }
    expect(last(uiMessageStream, lost)?.ending?.error?.code).toBe('PRODUCER_LOST')
  })

  test('a tool call grows from its name to its output', () => {
    const call = { toolCallId: 't1' }
    const chunks = decode(
      uiMessageStream,
      { type: 'tool-input-start', ...call, toolName: 'weather' },
      { type: 'tool-input-delta', ...call, inputTextDelta: '{"city":' },
      { type: 'tool-input-delta', ...call, inputTextDelta: '"北京"}' },
      { type: 'tool-input-available', ...call, toolName: 'weather', input: { city: '北京' } },
      { type: 'tool-output-available', ...call, output: { c: 20 } },
    ).flatMap((decoded) => decoded.chunks)
    const tool = { type: 'tool', id: 't1', name: 'weather' }
    expect(chunks).toEqual([
      { ...tool, state: 'input-streaming' },
      { ...tool, state: 'input-streaming', input: '{"city":' },
      { ...tool, state: 'input-streaming', input: '{"city":"北京"}' },
      { ...tool, state: 'input-available', input: { city: '北京' } },
      { ...tool, state: 'output-available', input: { city: '北京' }, output: { c: 20 } },
    ])
  })

  test('a tool call that fails keeps its input', () => {
    const chunk = last(
      uiMessageStream,
      { type: 'tool-input-available', toolCallId: 't1', toolName: 'x', input: 1 },
      { type: 'tool-output-error', toolCallId: 't1', errorText: 'no' },
    )?.chunks[0]
    expect(chunk).toEqual({
      type: 'tool',
      id: 't1',
      name: 'x',
      state: 'output-error',
      input: 1,
      errorText: 'no',
    })
  })

  test('two runs share nothing', () => {
    decode(uiMessageStream, { type: 'tool-input-start', toolCallId: 't1', toolName: 'x' })
    const chunk = last(uiMessageStream, { type: 'tool-output-available', toolCallId: 't1', output: 1 })
      ?.chunks[0]
    expect(chunk).toMatchObject({ name: 'tool' })
  })
})
