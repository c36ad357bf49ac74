import { describe, expect, test } from 'vitest'
import { runFaults } from './fault-suite.js'
import { subjects } from './subjects.js'

// The bounded part of `npm run test:faults`.
describe.sequential('broken connections', () => {
  test.each(subjects.map((subject) => [subject.name, subject] as const))(
    '%s loses, repeats and starts nothing twice, wherever it breaks',
    async (_name, subject) => {
      const { failures, runs, ...tally } = await runFaults(subject, {
        stride: 41,
        offset: 7,
        random: 60,
        seed: 1,
      })
      expect(failures).toEqual([])
      expect(tally).toMatchObject({ lost: 0, repeated: 0, secondPosts: 0 })
      expect(runs).toBeGreaterThan(80)
    },
  )
})
