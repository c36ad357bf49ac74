import { expect, test } from 'vitest'
import { computed, shallowRef } from 'vue'
import { useSegments } from '../../components/chat-message/message-segments'
import type { ChatMessage } from '../../src/index.js'

const text = (content: string) => ({ type: 'text', text: content }) as const
const weather = (city: string) => ({ type: 'data-weather', data: { city } }) as const

function segmentsOf(parts: ChatMessage['parts'], showsData: boolean) {
  const message = shallowRef<ChatMessage>({ id: 'a', role: 'assistant', parts })
  const segments = useSegments(
    () => message.value,
    () => 'done',
    () => showsData,
  )
  const shown = computed(() =>
    segments.value.map((segment) => {
      if (segment.kind === 'text') return segment.content()
      return segment.kind === 'data' ? `${segment.type} ${segment.index}` : segment.kind
    }),
  )
  return { message, shown }
}

test('data stands where it came, each by itself, among text, tools and files', () => {
  const file = { type: 'file', url: 'a.png', mediaType: 'image/png' } as const
  const { shown } = segmentsOf(
    [text('before'), weather('a'), weather('b'), text('after'), file, weather('c')],
    true,
  )
  expect(shown.value).toEqual([
    'before',
    'data-weather 1',
    'data-weather 2',
    'after',
    'files',
    'data-weather 5',
  ])
})

test('data that nobody shows cuts no text in two', () => {
  const { shown } = segmentsOf([text('one list,'), weather('a'), text(' going on')], false)
  expect(shown.value).toEqual(['one list, going on'])
})

test('a part that comes later leaves the segments before it as they are', () => {
  const { message, shown } = segmentsOf([weather('a')], true)
  expect(shown.value).toEqual(['data-weather 0'])
  message.value = { ...message.value, parts: [weather('b'), text('more')] }
  expect(shown.value).toEqual(['data-weather 0', 'more'])
})
