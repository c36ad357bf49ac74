import { describe, expect, test } from 'vitest'
import { anthropicDecoder } from '../../src/index.js'
import { error, named, read } from './read-stream.js'

describe('anthropicDecoder', () => {
  const events = (...values: ({ type: string } & Record<string, unknown>)[]) =>
    named(...values.map((value): [string, unknown] => [value.type, value]))
  const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields })

  test('reads thinking, text and tool calls to the end of the message', () => {
    const stream = events(
      { type: 'message_start', message: { id: 'msg_1', content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'ping' },
      delta(0, { type: 'thinking_delta', thinking: '嗯' }),
      delta(0, { type: 'signature_delta', signature: 'EqQB' }),
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      delta(1, { type: 'text_delta', text: 'Hel' }),
      delta(1, { type: 'text_delta', text: 'lo' }),
      { type: 'content_block_stop', index: 1 },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 'toolu_1', name: 'map', input: {} },
      },
      delta(2, { type: 'input_json_delta', partial_json: '{"x"' }),
      delta(2, { type: 'input_json_delta', partial_json: ':1}' }),
      { type: 'content_block_stop', index: 2 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    )
    expect(read(anthropicDecoder, stream)).toMatchObject({
      parts: [
        { type: 'reasoning', text: '嗯' },
        { type: 'text', text: 'Hello' },
        { type: 'tool-map', toolCallId: 'toolu_1', state: 'input-available', input: { x: 1 } },
      ],
      ending: { outcome: 'done' },
    })
  })

  test('two blocks of text are two parts', () => {
    const block = (index: number, text: string) =>
      events(
        { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
        delta(index, { type: 'text_delta', text }),
        { type: 'content_block_stop', index },
      )
    expect(read(anthropicDecoder, block(0, 'a') + block(1, 'b')).parts).toHaveLength(2)
  })

  test('an overloaded model is an error with its words', () => {
    const stream = events({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })
    expect(read(anthropicDecoder, stream).ending).toMatchObject(error('Overloaded'))
  })
})
