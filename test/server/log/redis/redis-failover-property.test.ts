import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCursor } from '../../../../src/core/cursor.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisPair } from '../../../helpers/redis-pair.js'
import { draft, newChannel } from '../event-log.contract.js'

const all = { maxEvents: 10_000, maxBytes: 10_000_000 }

/** Which of two writers writes, one after the other. */
const writes = fc.array(fc.constantFrom(0, 1), { maxLength: 5 })
const plans = fc.record({
  kept: writes,
  /** Acknowledged, and lost with the failover. */
  lost: writes,
  after: writes,
  /** A writer that does not outlive it. */
  dies: fc.constantFrom(undefined, 0, 1),
})

test('wherever a failover strikes, no id names two events, and whoever saw what is lost is told', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ kept, lost, after, dies }) => {
      const redis = await createRedisPair()
      const logs = [0, 1, 2].map(() =>
        redisLog({ connection: redis.url, leaseMs: 2_000, offlineMs: 60_000, onError: () => undefined }),
      ) as [EventLog, EventLog, EventLog]
      try {
        const names = new Map<string, string>()
        const seen: string[] = []
        let told = 0
        let count = 0
        async function write(writers: readonly number[]) {
          for (const writer of writers) {
            const log = logs[writer as 0 | 1]
            const data = String(count++)
            await log.append('room', [draft(data)]).then(([id = '']) => {
              expect(names.get(id)).toBeUndefined()
              names.set(id, data)
            })
          }
        }
        await logs[0].create(newChannel('room', { kind: 'feed' }))
        await logs[2].follow('room', {
          batch: ({ events }) => seen.push(...events.map(({ id }) => id)),
          gone: () => told++,
        })
        await write(kept)
        await redis.part()
        await write(lost)
        await eventually('all is seen', () => seen.length === kept.length + lost.length)
        if (dies !== undefined) await logs[dies].close()
        await redis.failOver()
        const living = after.map((writer) => (writer === dies ? 1 - writer : writer))
        await write(living)
        const expected = kept.length + after.length
        await eventually(
          'it sees the rest, or is told',
          () => told === 1 || (lost.length === 0 && seen.length === expected),
        )
        expect(told).toBe(lost.length > 0 ? 1 : 0)
        // Every id that was ever given: it is there with its own data, or refused.
        for (const id of names.keys()) {
          const page = await logs[2].read('room', parseCursor(id), all)
          const isLost = seen.indexOf(id) >= kept.length && seen.indexOf(id) < kept.length + lost.length
          if (isLost) expect(['gap', 'ahead']).toContain(page.kind)
          if (page.kind !== 'events') continue
          for (const event of page.batch.events) expect(event.data).toBe(names.get(event.id))
        }
      } finally {
        await Promise.all(logs.map((log) => log.close()))
        await redis.close()
      }
    }),
    { numRuns: 6, endOnFailure: true },
  )
}, 300_000)
