import { describe, expect, test } from 'vitest'
import {
  anthropicDecoder,
  cozeDecoder,
  dashScopeDecoder,
  difyDecoder,
  openAIDecoder,
} from '../../src/index.js'
import { read } from './read-stream.js'

describe.each(
  Object.entries({ openAIDecoder, anthropicDecoder, difyDecoder, cozeDecoder, dashScopeDecoder }),
)('%s', (_name, decoder) => {
  test.each([
    'null',
    '0',
    '"text"',
    '[]',
    '{}',
    'no json',
    '{"choices":7,"output":7,"delta":null,"data":null}',
  ])('passes %s as a message and goes on', (json) => {
    const { messages, text, ending } = read(decoder, `data: ${json}\n\n`)
    expect([messages.length, text, ending]).toEqual([1, '', undefined])
  })

  test('understands the end that a relay of ours writes', () => {
    expect(read(decoder, 'event: end\ndata: {"outcome":"stopped"}\n\n').ending).toEqual({
      outcome: 'stopped',
    })
  })
})
