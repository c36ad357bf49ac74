import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { useStickToBottom } from '../../src/composables/use-stick-to-bottom.js'

const at = (scrollTop: number, scrollHeight: number) => ({ detail: { scrollTop, scrollHeight } })

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('follows growth, and each time with a value that the platform takes as new', async () => {
  const stick = useStickToBottom()
  stick.follow()
  await nextTick()
  const first = stick.scrollTop.value
  stick.follow()
  await vi.runAllTimersAsync()
  expect(stick.scrollTop.value).not.toBe(first)
  expect(Math.min(first, stick.scrollTop.value)).toBeGreaterThan(1e6)
})

it('lets go at the first move up, and moves nothing any more', async () => {
  const stick = useStickToBottom()
  stick.onScroll(at(400, 1000))
  stick.onScroll(at(390, 1000))
  expect(stick.isFollowing.value).toBe(false)
  const before = stick.scrollTop.value
  stick.follow()
  await nextTick()
  expect(stick.scrollTop.value).toBe(before)
})

it('does not take growth, shrinking or rounding for a reader', () => {
  const stick = useStickToBottom()
  stick.onScroll(at(400, 1000))
  stick.onScroll(at(400, 1200))
  stick.onScroll(at(600, 1200))
  stick.onScroll(at(300, 900))
  stick.onScroll(at(299, 900))
  expect(stick.isFollowing.value).toBe(true)
})

it('follows again when the reader comes back to the end, or asks for it', () => {
  const stick = useStickToBottom()
  stick.onScroll(at(400, 1000))
  stick.onScroll(at(100, 1000))
  stick.onScroll(at(200, 1400))
  expect(stick.isFollowing.value).toBe(false)
  stick.onScroll(at(780, 1400))
  expect(stick.isFollowing.value).toBe(true)
  stick.onScroll(at(100, 1400))
  stick.toBottom()
  expect(stick.isFollowing.value).toBe(true)
})

it('moves a few times a second however often the content grows, and once more for the last of it', async () => {
  const stick = useStickToBottom()
  let moves = 0
  let last = stick.scrollTop.value
  for (let event = 0; event < 100; event++) {
    stick.follow()
    await vi.advanceTimersByTimeAsync(10)
    if (stick.scrollTop.value !== last) moves++
    last = stick.scrollTop.value
  }
  expect(moves).toBe(4)
  stick.follow()
  await vi.runAllTimersAsync()
  expect(stick.scrollTop.value).not.toBe(last)
})

it('goes to the end at once when the reader asks for it', async () => {
  const stick = useStickToBottom()
  stick.follow()
  await nextTick()
  const before = stick.scrollTop.value
  stick.toBottom()
  await nextTick()
  expect(stick.scrollTop.value).not.toBe(before)
})

it('moves nothing after its scope has ended', async () => {
  const scope = effectScope()
  const stick = scope.run(() => useStickToBottom())
  stick?.follow()
  await nextTick()
  const before = stick?.scrollTop.value
  stick?.follow()
  scope.stop()
  await vi.runAllTimersAsync()
  expect(stick?.scrollTop.value).toBe(before)
})
