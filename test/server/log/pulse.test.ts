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

it('goes on after a failure, and does the work of each later beat', async () => {
  let beats = 0
  const done: number[] = []
  pulse = createPulse({
    everyMs: 5,
    soonMs: 1,
    beat: async () => {
      if (++beats === 1) throw new Error('away')
      return beats
    },
    tend: async (beat) => {
      done.push(beat)
      if (beat === 3) throw new Error('away again')
      return 'done'
    },
  })
  await eventually('it does on', () => done.length > 5)
  expect(done.slice(0, 3)).toEqual([2, 3, 4])
})

it('comes back at once while there is more to do', async () => {
  let beats = 0
  pulse = createPulse({
    everyMs: 60_000,
    soonMs: 1,
    beat: async () => ++beats,
    tend: async (beat) => (beat < 20 ? 'more' : 'done'),
  })
  await eventually('it has done all', () => beats >= 20, 20_000)
})

it('stops for good, after what is on its way', async () => {
  const [first, work] = [deferred(), deferred()]
  const heard: string[] = []
  pulse = createPulse({
    everyMs: 1,
    soonMs: 1,
    beat: async () => void heard.push('beat'),
    tend: async () => {
      first.resolve()
      await work.promise
      heard.push('done')
      return 'more'
    },
  })
  await first.promise
  const stopped = pulse.stop().then(() => heard.push('stopped'))
  const beats = heard.length
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(heard).toHaveLength(beats)
  work.resolve()
  await stopped
  expect(heard.slice(beats)).toEqual(['done', 'stopped'])
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(heard).toHaveLength(beats + 2)
})
