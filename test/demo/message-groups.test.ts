import { expect, test } from 'vitest'
import { shallowRef } from 'vue'
import { useMessageGroups, type MessageGroup } from '../../pages/chat/message-groups'
import type { ChatMessage } from '../../src/index.js'

const all: readonly ChatMessage[] = Array.from({ length: 60 }, (_, index) => ({
  id: `m${index}`,
  role: 'user',
  parts: [],
}))

/** The messages from `start` to `end` of the first `end`. */
function open(start: number, end: number) {
  const range = shallowRef([start, end] as const)
  const groups = useMessageGroups(
    () => all.slice(...range.value),
    () => range.value[1],
  )
  return { range, groups }
}

const outline = (groups: readonly MessageGroup[]) =>
  groups.map(({ key, messages, isFull, isLast }) => [
    key,
    messages[0]?.id,
    messages.length,
    isLast ? 'last' : isFull ? 'full' : 'first',
  ])

test('the groups hold every message once, and only those at both ends may still grow', () => {
  const { groups } = open(18, 37)
  expect(outline(groups.value)).toEqual([
    [1, 'm18', 2, 'first'],
    [2, 'm20', 10, 'full'],
    [3, 'm30', 7, 'last'],
  ])
  expect(outline(open(12, 19).groups.value)).toEqual([[1, 'm12', 7, 'last']])
  expect(open(5, 5).groups.value).toEqual([])
})

test('what comes above or below leaves the other groups the lists that they are', () => {
  const { range, groups } = open(18, 37)
  const former = groups.value
  range.value = [17, 38]
  expect(outline(groups.value)).toEqual([
    [1, 'm17', 3, 'first'],
    [2, 'm20', 10, 'full'],
    [3, 'm30', 8, 'last'],
  ])
  expect(groups.value[1]?.messages).toBe(former[1]?.messages)
  range.value = [9, 41]
  expect(outline(groups.value).map(([, id]) => id)).toEqual(['m9', 'm10', 'm20', 'm30', 'm40'])
  expect(groups.value[2]?.messages).toBe(former[1]?.messages)
})
