import { afterEach, expect, it } from 'vitest'
import { createPulse, type Pulse } from '../../../src/server/log/shared/pulse.js'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'

let pulse: Pulse
const waiting = [deferred()].slice(1)
afterEach(async () => {
  for (const one of waiting.splice(0)) one.resolve()
  await pulse.stop()
})
const never = () => {
  const one = deferred()
  waiting.push(one)
  return one.promise
}

it('beats on while the work that a beat found goes on, and does no work twice at a time', async () => {
  let beats = 0
  let works = 0
  pulse = createPulse({
    everyMs: 10,
    soonMs: 1,
    beat: async () => ++beats,
    tend: async () => {
      works++
      await never()
      return 'done'
    },
  })
  await eventually('it beats on', () => beats > 10)
  expect(works).toBe(1)
})

it('beats on while one is unanswered, and does not pile them up', async () => {
  let beats = 0
  pulse = createPulse({
    everyMs: 5,
    soonMs: 1,
    beat: async () => {
      beats++
      await never()
    },
    tend: async () => 'done',
  })
  await eventually('more than one is on its way', () => beats > 1)
  const passed = deferred()
  setTimeout(passed.resolve, 200)
  await passed.promise
  expect(beats).toBeLessThan(10)
})

it('goes on after a failure, at once while there is more, and stops', async () => {
  let beats = 0
  pulse = createPulse({
    everyMs: 20,
    soonMs: 1,
    beat: async () => {
      if (++beats === 1) throw new Error('away')
      return beats
    },
    tend: async (beat) => (beat < 20 ? 'more' : 'done'),
  })
  await eventually('it has done all', () => beats >= 20)
  await pulse.stop()
  const before = beats
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(beats).toBe(before)
})
