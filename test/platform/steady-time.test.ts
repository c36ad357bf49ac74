import { expect, test } from 'vitest'
import { createSteadyTime } from '../../src/platform/steady-time.js'

const HOUR = 3_600_000

function setup() {
  const clock = { wall: 1_000 }
  return { clock, time: createSteadyTime(() => clock.wall) }
}

test('goes with the clock while nobody sets it', () => {
  const { clock, time } = setup()
  const before = time.now()
  clock.wall += 40
  time.expect(1_000)
  clock.wall += 60
  expect(time.now() - before).toBe(100)
})

test.each([
  ['back', -HOUR],
  ['forward', HOUR],
])('set %s an hour, it goes no further than the next timer', (_, by) => {
  const { clock, time } = setup()
  const before = time.now()
  time.expect(9_000)
  time.expect(5_000)
  clock.wall += by
  expect(time.now() - before).toBe(5_000)
  clock.wall += 2_000
  expect(time.now() - before).toBe(5_000)
})

test('a timer that fires tells how much time has passed, whatever the clock says', () => {
  const { clock, time } = setup()
  const before = time.now()
  const due = time.expect(45_000)
  clock.wall -= HOUR
  time.reached(due)
  expect(time.now() - before).toBe(45_000)
  clock.wall += 10
  expect(time.now() - before).toBe(45_010)
})

test('a timer that was cleared no longer bounds anything', () => {
  const { clock, time } = setup()
  const before = time.now()
  time.forget(time.expect(5_000))
  clock.wall += 60_000
  expect(time.now() - before).toBe(60_000)
})
