import { describe, expect, test } from 'vitest'
import { dashScopeDecoder } from '../../src/index.js'
import { data, error, named, read } from './read-stream.js'

describe('dashScopeDecoder', () => {
  const result = (...outputs: object[]) =>
    outputs
      .map(
        (output, index) =>
          `id:${index + 1}\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify({ output, request_id: 'r' })}\n\n`,
      )
      .join('')
  const choice = (message: object, finish_reason = 'null') => ({ choices: [{ message, finish_reason }] })

  test('reads a model’s answer until it gives a reason to end', () => {
    const stream = result(
      choice({ role: 'assistant', content: '', reasoning_content: '想' }),
      choice({ role: 'assistant', content: '你' }),
      choice({ role: 'assistant', content: [{ text: '好' }, { image: 'x' }, { text: '呀' }] }),
      choice({ role: 'assistant', content: '！' }, 'stop'),
    )
    expect(read(dashScopeDecoder, stream)).toMatchObject({
      text: '你好呀！',
      reasoning: '想',
      ending: { outcome: 'done' },
    })
  })

  test('reads an app’s answer', () => {
    const stream = result({ text: '你', finish_reason: 'null' }, { text: '好', finish_reason: 'stop' })
    expect(read(dashScopeDecoder, stream)).toMatchObject({ text: '你好', ending: { outcome: 'done' } })
  })

  test('an error ends the run with what it says', () => {
    const failure = { code: 'DataInspectionFailed', message: 'Input data may contain inappropriate content.' }
    for (const stream of [named(['error', failure]), data(failure)])
      expect(read(dashScopeDecoder, stream).ending).toMatchObject(error(failure.message))
  })
})
