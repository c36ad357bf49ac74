import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from '../../src/core/backoff.js'

const policy = { baseMs: 500, capMs: 10_000 }

test('the ceiling doubles with each attempt up to the cap', () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 50].map((attempt) => backoffMs(attempt, policy, 0.999999))
  expect(ceilings).toEqual([499, 999, 1999, 3999, 7999, 9999, 9999])
})

test('jitter reaches down to the floor, and the floor is what the server asked for', () => {
  expect(backoffMs(3, policy, 0)).toBe(0)
  expect(backoffMs(3, policy, 0, 7000)).toBe(7000)
  expect(backoffMs(3, policy, 0.5, 7000)).toBe(8000)
})

test('every delay lies between floor and floor plus ceiling', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 0.9999999, noNaN: true }),
      fc.nat(60_000),
      (attempt, random, floorMs) => {
        const delayMs = backoffMs(attempt, policy, random, floorMs)
        return delayMs >= floorMs && delayMs < floorMs + policy.capMs
      },
    ),
  )
})

test.each([0, -1, NaN])('attempt %s is a RangeError', (attempt) => {
  expect(() => backoffMs(attempt, policy, 0)).toThrow(RangeError)
})
