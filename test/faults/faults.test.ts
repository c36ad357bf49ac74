import { describe, expect, test } from 'vitest'
import { runFaults } from './fault-suite.js'
import { subjects } from './subjects.js'

// The bounded part of `npm run test:faults`.
/** Their platforms are proven by others of the same transport or browser; a part will do. */
const sparse = new Set(['web-socket, Chromium', 'long-poll, Chromium', 'app-view', 'app-view, pages die'])

describe.sequential('broken connections', () => {
  test.each(subjects.map((subject) => [subject.name, subject] as const))(
    '%s loses, repeats and starts nothing twice, wherever it breaks',
    async (_name, subject) => {
      const part = sparse.has(subject.name) ? { stride: 97, random: 20 } : { stride: 41, random: 60 }
      const { failures, runs, ...tally } = await runFaults(subject, { ...part, offset: 7, seed: 1 })
      expect(failures).toEqual([])
      expect(tally).toMatchObject({ lost: 0, repeated: 0, secondPosts: 0 })
      expect(runs).toBeGreaterThanOrEqual(sparse.has(subject.name) ? 20 : 81)
    },
  )
})
