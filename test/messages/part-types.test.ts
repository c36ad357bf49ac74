import { expect, expectTypeOf, test } from 'vitest'
import { isDataPart, isToolPart, toolNameOf, type Part } from '../../src/index.js'

const parts: readonly Part[] = [
  { type: 'text', text: 'a' },
  { type: 'file', url: 'data:,', mediaType: 'text/plain' },
  { type: 'tool-web-search', toolCallId: '1', state: 'output-available', input: {}, output: 7 },
  { type: 'dynamic-tool', toolName: 'mcp', toolCallId: '2', state: 'input-available', input: {} },
  { type: 'data-price', data: 1 },
]

test('a part is narrowed by its type, in a list too', () => {
  for (const part of parts) {
    if (part.type === 'text') expectTypeOf(part.text).toEqualTypeOf<string>()
    if (part.type === 'file') expectTypeOf(part.url).toEqualTypeOf<string>()
  }
  expect(parts.filter((part) => part.type === 'text').map((part) => part.text.length)).toEqual([1])
})

test('guards narrow open types, and a call by its state', () => {
  const tools = parts.filter(isToolPart)
  expect(tools.map(toolNameOf)).toEqual(['web-search', 'mcp'])
  for (const tool of tools) {
    if (tool.state === 'output-available') expectTypeOf(tool.output).toEqualTypeOf<unknown>()
    if (tool.state === 'output-error') expectTypeOf(tool.errorText).toEqualTypeOf<string>()
  }
  expect(parts.filter(isDataPart).map(({ data }) => data)).toEqual([1])
})
