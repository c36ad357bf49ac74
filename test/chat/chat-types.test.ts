import { expect, expectTypeOf, test } from 'vitest'
import type { ChatMessage, ToolOutput, UseChatOptions, UseChatReturn } from '../../src/index.js'

type Message = ChatMessage<
  { readonly cost: number },
  { readonly weather: { readonly city: string } },
  { readonly add: { readonly input: readonly number[]; readonly output: number } }
>

test('metadata, data and tools have their types in messages, callbacks and outputs', () => {
  expectTypeOf<Message['metadata']>().toEqualTypeOf<{ readonly cost: number } | undefined>()
  const read = (part: Message['parts'][number]) => {
    if (part.type === 'data-weather') expectTypeOf(part.data.city).toEqualTypeOf<string>()
    if (part.type === 'tool-add' && part.state === 'output-available') {
      expectTypeOf(part.output).toEqualTypeOf<number>()
      expectTypeOf(part.input).toEqualTypeOf<readonly number[]>()
    }
    return part.type
  }
  expect(read({ type: 'data-weather', data: { city: '北京' } })).toBe('data-weather')
  type OnData = NonNullable<UseChatOptions<Message>['onData']>
  expectTypeOf<Parameters<OnData>[0]['data']>().toEqualTypeOf<{ readonly city: string }>()
  type OnToolCall = NonNullable<UseChatOptions<Message>['onToolCall']>
  expectTypeOf<Parameters<OnToolCall>[0]['toolCall']['toolName']>().toEqualTypeOf<'add'>()
  expectTypeOf<ToolOutput<Message>['tool']>().toEqualTypeOf<'add'>()
  expectTypeOf<UseChatReturn<Message>['messages']['value']>().toEqualTypeOf<readonly Message[]>()
  // @ts-expect-error the output of this tool is a number
  const wrong: ToolOutput<Message> = { tool: 'add', toolCallId: 'c', output: 'three' }
  expect(wrong.tool).toBe('add')
})
