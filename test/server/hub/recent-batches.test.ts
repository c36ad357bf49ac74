import { expect, it } from 'vitest'
import { createRecentBatches, recentBudget } from '../../../src/server/hub/recent-batches.js'

const batch = (seq: number, count: number, chars = 10) => ({
  seq,
  events: Array.from({ length: count }, (_, i) => ({
    id: `e_${seq + i}`,
    type: 'message',
    data: 'x'.repeat(chars),
  })),
  ended: false,
})

it('what is kept goes on from any event of it, and with the same batch where one begins', () => {
  const recent = createRecentBatches(recentBudget())
  const second = batch(12, 3)
  recent.keep(batch(10, 2))
  recent.keep(second)
  expect(recent.from(9)).toBeUndefined()
  expect(recent.from(11)?.events.map(({ id }) => id)).toEqual(['e_11'])
  expect(recent.from(12)).toBe(second)
  expect(recent.from(13)?.events.map(({ id }) => id)).toEqual(['e_13', 'e_14'])
  expect(recent.from(15)).toBeUndefined()
})

it('nothing is kept from before a hole', () => {
  const recent = createRecentBatches(recentBudget())
  recent.keep(batch(10, 2))
  recent.keep(batch(20, 2))
  expect(recent.from(10)).toBeUndefined()
  expect(recent.from(20)?.seq).toBe(20)
})

it('one channel keeps so much, all together keep so much, and nothing is left of those that are forgotten', () => {
  const budget = recentBudget()
  const [first, second] = [createRecentBatches(budget), createRecentBatches(budget)]
  for (let i = 0; i < 200; i++) first.keep(batch(i, 1, 10_000))
  expect(first.from(0)).toBeUndefined()
  expect(first.from(199)?.seq).toBe(199)
  expect(budget.used).toBeLessThan(1_100_000)
  const others = Array.from({ length: 30 }, () => createRecentBatches(budget))
  for (const other of others) for (let i = 0; i < 100; i++) other.keep(batch(i, 1, 10_000))
  expect(budget.used).toBeLessThanOrEqual(budget.max)
  second.keep(batch(0, 1))
  for (const recent of [first, second, ...others]) recent.forget()
  expect(budget.used).toBe(0)
})
