import { expect, it } from 'vitest'
import type { Batch, Page } from '../../../src/server/log/event-log.js'
import { packEvents } from '../../../src/server/log/shared/entry.js'
import { createTails } from '../../../src/server/log/shared/tails.js'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'

const draft = (seq: number) => ({ type: 'message', data: String(seq) })
const message = (seq: number, generation = '', outcome = '-') =>
  `e stem ${generation}:0 ${seq} ${outcome} ${packEvents([draft(seq)])[3]}`

function pageOf(from: number, to: number): Page {
  const events = Array.from({ length: to - from }, (_, i) => ({ id: `stem_${from + i}`, ...draft(from + i) }))
  const channel = { epoch: 'stem' } as Extract<Page, { kind: 'events' }>['channel']
  return { kind: 'events', channel, batch: { seq: from, events, ended: false } }
}

/** Tails of a channel of which `at.stored` events are there; each page holds two. */
function tailsOf(at: { stored: number }, whileReading: (reads: number) => void) {
  const seen: string[] = []
  let reads = 0
  const tails = createTails({
    hear: () => Promise.resolve(),
    leave: () => undefined,
    look: () => Promise.resolve({ status: 'active', epoch: 'stem', nextSeq: at.stored }),
    async read(_channelId, after) {
      const from = (after?.seq ?? -1) + 1
      const page = pageOf(from, Math.max(from, Math.min(at.stored, from + 2)))
      whileReading(++reads)
      await Promise.resolve()
      return page
    },
  })
  const follower = {
    batch: ({ events }: Batch) => void seen.push(...events.map(({ data }) => data)),
    gone: () => void seen.push('gone'),
  }
  const write = (count: number) => {
    for (let i = 0; i < count; i++) tails.published('a', message(at.stored++))
  }
  return { tails, follower, seen, write, reads: () => reads }
}

const upTo = (count: number) => Array.from({ length: count }, (_, seq) => String(seq))

it('a writer who is as fast as a page does not stay ahead of who catches up', async () => {
  const at = { stored: 0 }
  const rig = tailsOf(at, (reads) => {
    if (reads < 50) rig.write(2)
  })
  await rig.tails.follow('a', rig.follower)
  // These are not heard of.
  at.stored = 4
  rig.write(1)
  await eventually('it is at the tail', () => rig.seen.length === at.stored)
  expect(rig.seen).toEqual(upTo(at.stored))
  expect(rig.reads()).toBeLessThan(5)
})

it('what comes before it is known where the channel is comes once', async () => {
  const place = deferred<undefined>()
  const seen: string[] = []
  const tails = createTails({
    hear: () => Promise.resolve(),
    leave: () => undefined,
    look: async () => {
      await place.promise
      return { status: 'active', epoch: 'stem', nextSeq: 2 }
    },
    read: () => Promise.reject(new Error('Nothing has to be read.')),
  })
  const following = tails.follow('a', {
    batch: ({ events }) => void seen.push(...events.map(({ data }) => data)),
    gone: () => void seen.push('gone'),
  })
  for (const seq of [0, 1, 2, 3]) tails.published('a', message(seq))
  place.resolve(undefined)
  expect((await following).nextSeq).toBe(2)
  await eventually('the rest is there', () => seen.length === 2)
  expect(seen).toEqual(['2', '3'])
})

it('what another generation told while it was read is read, not believed', async () => {
  const at = { stored: 0 }
  const rig = tailsOf(at, (reads) => {
    if (reads === 1) rig.tails.published('a', message(1, 'old'))
  })
  await rig.tails.follow('a', rig.follower)
  at.stored = 3
  rig.tails.behind('a')
  await eventually('all is read', () => rig.seen.length === 3)
  rig.write(1)
  await eventually('it is live again', () => rig.seen.length === 4)
  expect(rig.seen).toEqual(upTo(4))
})

it('an end that was told while it was read ends it', async () => {
  const at = { stored: 0 }
  const ended: boolean[] = []
  const rig = tailsOf(at, (reads) => {
    if (reads === 1) rig.tails.published('a', message(3, '', 'done'))
  })
  await rig.tails.follow('a', { ...rig.follower, batch: (batch) => void ended.push(batch.ended) })
  at.stored = 3
  rig.tails.behind('a')
  await eventually('it has ended', () => ended.includes(true))
  expect(rig.tails.followed()).toEqual([])
})
