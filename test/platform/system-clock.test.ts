import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/platform/system-clock.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test.each(['with', 'without'])('%s performance, a clock that is set changes no duration', (how) => {
  if (how === 'without') vi.stubGlobal('performance', undefined)
  const began = systemClock.now()
  let fired = 0
  systemClock.setTimeout(() => fired++, 5_000)
  systemClock.clearTimeout(systemClock.setTimeout(() => fired++, 1_000))
  vi.setSystemTime(Date.now() - 3_600_000)
  systemClock.now()
  vi.advanceTimersByTime(5_000)
  expect(fired).toBe(1)
  // Without one, what can't be known is taken to be as long as the next timer allows.
  const measured = systemClock.now() - began
  expect(measured).toBeGreaterThanOrEqual(5_000)
  expect(measured).toBeLessThanOrEqual(how === 'with' ? 5_000 : 10_000)
  expect(Math.abs(began - Date.now())).toBeLessThan(2 * 3_600_000)
})
