import { describe, expect, test } from 'vitest'
import { openAIDecoder } from '../../src/index.js'
import { data, error, read } from './read-stream.js'

describe('openAIDecoder', () => {
  const delta = (fields: object, finish_reason: string | null = null) => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: fields, finish_reason }],
  })

  test('reads an answer with the thinking before it, to [DONE]', () => {
    const stream = data(
      delta({ role: 'assistant', content: '' }),
      delta({ content: null, reasoning_content: '先想' }),
      delta({ content: null, reasoning_content: '想。' }),
      delta({ content: '你' }),
      delta({ content: '好 👋' }),
      delta({}, 'stop'),
      { choices: [], usage: { total_tokens: 9 } },
    )
    expect(read(openAIDecoder, `${stream}data: [DONE]\n\n`)).toMatchObject({
      text: '你好 👋',
      reasoning: '先想想。',
      parts: [
        { type: 'reasoning', text: '先想想。' },
        { type: 'text', text: '你好 👋' },
      ],
      ending: { outcome: 'done' },
      messages: { length: 7 },
    })
  })

  test('reads OpenRouter’s reasoning and a refusal', () => {
    const { text, reasoning } = read(
      openAIDecoder,
      data(delta({ reasoning: 'hm' }), delta({ refusal: 'No.' })),
    )
    expect([reasoning, text]).toEqual(['hm', 'No.'])
  })

  test('gathers the input of tool calls that come in pieces, side by side', () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] })
    const stream = data(
      call(0, { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } }),
      call(0, { function: { arguments: '{"city":' } }),
      call(1, { id: 'call_b', function: { name: 'now', arguments: '' } }),
      call(0, { function: { arguments: '"深圳"}' } }),
    )
    expect(read(openAIDecoder, stream).parts).toMatchObject([
      { type: 'tool-weather', state: 'input-streaming', input: { city: '深圳' } },
      { type: 'tool-now', state: 'input-streaming' },
    ])
    expect(read(openAIDecoder, stream + data(delta({}, 'tool_calls'))).parts).toEqual([
      { type: 'tool-weather', toolCallId: 'call_a', state: 'input-available', input: { city: '深圳' } },
      { type: 'tool-now', toolCallId: 'call_b', state: 'input-available', input: {} },
    ])
  })

  test.each([
    [
      { error: { message: 'You exceeded your quota', code: 'insufficient_quota' } },
      'You exceeded your quota',
    ],
    [{ error: 'model is loading' }, 'model is loading'],
  ])('%j ends the run with what it says', (value, message) => {
    const { text, ending } = read(
      openAIDecoder,
      data(delta({ content: 'half' }), value, delta({ content: 'x' })),
    )
    expect([text, ending]).toMatchObject(['half', error(message)])
  })
})
