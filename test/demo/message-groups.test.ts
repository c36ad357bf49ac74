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
  const { groups } = open(10, 21)
  expect(outline(groups.value)).toEqual([
    [2, 'm10', 2, 'first'],
    [3, 'm12', 4, 'full'],
    [4, 'm16', 4, 'full'],
    [5, 'm20', 1, 'last'],
  ])
  expect(outline(open(12, 15).groups.value)).toEqual([[3, 'm12', 3, 'last']])
  expect(open(5, 5).groups.value).toEqual([])
})

test('what comes above or below leaves the other groups the lists that they are', () => {
  const { range, groups } = open(10, 21)
  const former = groups.value
  range.value = [9, 22]
  expect(outline(groups.value)).toEqual([
    [2, 'm9', 3, 'first'],
    [3, 'm12', 4, 'full'],
    [4, 'm16', 4, 'full'],
    [5, 'm20', 2, 'last'],
  ])
  expect(groups.value[1]?.messages).toBe(former[1]?.messages)
  range.value = [6, 26]
  expect(outline(groups.value).map(([, id]) => id)).toEqual(['m6', 'm8', 'm12', 'm16', 'm20', 'm24'])
  expect(groups.value[3]?.messages).toBe(former[2]?.messages)
})
