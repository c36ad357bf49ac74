import { parsePartialJson } from 'ai'
import { describe, expect, test } from 'vitest'
import { partialJson } from '../../src/messages/partial-json.js'
import { toolInput } from './chunk-streams.js'

describe.each([
  toolInput,
  '[1, 2.5, "a"]',
  '"text"',
  '-12.5',
  'true',
  ' [ ] ',
  '{"a":1} and more',
  '{"a": nul',
])('of %j', (json) => {
  test('each beginning reads as the AI SDK reads it', async () => {
    for (let end = 0; end <= json.length; end++) {
      const text = json.slice(0, end)
      expect([text, partialJson(text)]).toEqual([text, (await parsePartialJson(text)).value])
    }
  })
})

test.each(['no json', '}{', "{'a': 1", '{"a" 1', '{a: 1'])('%j is none', (text) => {
  expect(partialJson(text)).toBeUndefined()
})

test('lists that are opened without end overflow nothing', () => {
  expect(() => partialJson('['.repeat(100_000))).not.toThrow()
})
