import { describe, expect, test } from 'vitest'
import { jsonDecoder } from '../../src/decoders/json.js'
import type { Decoded, Decoder } from '../../src/decoders/decoder.js'
import { uiMessageStream } from '../../src/decoders/ui-message-stream.js'

const decode = (decoder: Decoder, ...data: unknown[]): Decoded[] => {
  const read = decoder()
  return data.map((value) =>
    need(read({ id: '', type: 'message', data: typeof value === 'string' ? value : JSON.stringify(value) })),
  )
}
const need = (decoded: Decoded | undefined): Decoded => {
  if (!decoded) throw new Error('The decoder gave nothing.')
  return decoded
}
const last = (decoder: Decoder, ...data: unknown[]) => decode(decoder, ...data).pop()

describe.each([
  ['json', jsonDecoder],
  ['ui-message-stream', uiMessageStream],
])('%s', (_name, decoder) => {
  const event = (type: string, data: string) => need(decoder()({ id: 'a_1', type, data }))

  test.each([
    ['message', '[DONE]', { outcome: 'done' }],
    ['end', '{"outcome":"done"}', { outcome: 'done' }],
    ['end', '{"outcome":"stopped"}', { outcome: 'stopped' }],
    ['end', 'not json', { outcome: 'done' }],
    ['end', 'null', { outcome: 'done' }],
  ])('%s %s ends the run as %j', (type, data, ending) => {
    expect(event(type, data)).toEqual({ ending })
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
    expect(event('message', data)).toEqual({ message })
  })
})

describe('ui-message-stream', () => {
  test.each([
    { type: 'text-delta', id: '1', delta: '好' },
    { type: 'tool-input-start', toolCallId: 't', toolName: 'x' },
    { type: 'data-weather', id: 'w', data: { c: 20 } },
    { type: 'finish' },
    { type: 'novel', of: 'a later version' },
  ])('%j passes as it is, as a message too', (data) => {
    expect(last(uiMessageStream, data)).toEqual({ message: data, chunks: [data] })
  })

  test.each([{ type: 7 }, { progress: 1 }, [1]])(
    '%j, which has no type, is a message and no chunk',
    (data) => {
      expect(last(uiMessageStream, data)).toEqual({ message: data })
    },
  )

  test('abort ends the run as stopped, error as an error with its text', () => {
    expect(last(uiMessageStream, { type: 'abort' })?.ending).toEqual({ outcome: 'stopped' })
    expect(last(uiMessageStream, { type: 'error', errorText: '出错了' })?.ending).toMatchObject({
      outcome: 'error',
      error: { code: 'PRODUCER_ERROR', message: '出错了' },
    })
    const lost = { type: 'error', errorText: 'gone', code: 'PRODUCER_LOST' }
    expect(last(uiMessageStream, lost)?.ending?.error?.code).toBe('PRODUCER_LOST')
  })

  test.each([
    ['quota exceeded', 'quota exceeded'],
    ['{"message":"quota exceeded","statusCode":500}', 'quota exceeded'],
    ['{"code":402,"msg":"余额不足"}', '余额不足'],
    ['{"error":"quota exceeded"}', 'quota exceeded'],
    ['{"error":{"message":"quota exceeded"}}', 'quota exceeded'],
    ['{"type":"error","errorText":"quota exceeded"}', 'quota exceeded'],
    ['', expect.stringContaining('producer')],
    ['{}', expect.stringContaining('producer')],
  ])('an event called error, as of NestJS, ends the run in its words: %s', (data, message) => {
    expect(need(uiMessageStream()({ id: '', type: 'error', data })).ending).toMatchObject({
      outcome: 'error',
      error: { code: 'PRODUCER_ERROR', message },
    })
  })

  const closing = (...data: unknown[]) => {
    const read = uiMessageStream()
    for (const value of data) read({ id: '', type: 'message', data: JSON.stringify(value) })
    return read.closed?.()
  }

  test.each([
    ['nothing', []],
    ['plain JSON', [{ progress: 1 }, { progress: 2 }]],
    ['bare pieces of text', [{ type: 'text-delta', id: '1', delta: 'Hi' }]],
    ['data of the application', [{ type: 'data-price', data: 1 }]],
    ['a message and its finish', [{ type: 'start' }, { type: 'text-start', id: '1' }, { type: 'finish' }]],
  ])('a connection closed in order after %s is done', (_what, data) => {
    expect(closing(...data)).toEqual({ outcome: 'done' })
  })

  test.each([
    [[{ type: 'start' }]],
    [
      [
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: 'Half of' },
      ],
    ],
    [[{ type: 'start-step' }, { type: 'finish-step' }]],
    [[{ type: 'tool-input-start', toolCallId: 't', toolName: 'x' }]],
  ])('a connection closed in order after %j has lost the end', (data) => {
    expect(closing(...data)).toMatchObject({ outcome: 'error', error: { code: 'INCOMPLETE' } })
  })
})
