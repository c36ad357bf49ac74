import { expect, it } from 'vitest'
import { createHub } from '../../../src/server/hub/create-hub.js'
import type { Hub } from '../../../src/server/hub/hub.js'
import type { SubscriptionEnd } from '../../../src/server/hub/subscription.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'

/** A hub whose log can be followed, or not, as each try says; and how often that was tried. */
function hubOf(tries: readonly Promise<Error | undefined>[]) {
  const log = memoryLog()
  let follows = 0
  const hub = createHub({
    log: {
      ...log,
      async follow(channelId, follower) {
        const error = await tries[follows++]
        if (error) throw error
        return log.follow(channelId, follower)
      },
    },
  })
  return { hub, tried: () => follows }
}

async function read(hub: Hub, channelId: string) {
  const reader = { data: [] as string[], end: undefined as SubscriptionEnd | undefined }
  const opening = await hub.open(channelId)
  if (opening.kind !== 'ready') throw new Error(opening.kind)
  opening.subscribe({
    batch({ events }) {
      reader.data.push(...events.map(({ data }) => data))
      return true
    },
    end: (end) => (reader.end = end),
  })
  return reader
}

it('what one reader waited for in vain does not fail another who came later', async () => {
  const [first, second] = [deferred<Error | undefined>(), deferred<Error | undefined>()]
  const { hub, tried } = hubOf([first.promise, second.promise])
  await hub.create({ channelId: 'a' })
  const early = await read(hub, 'a')
  await eventually('it waits', () => tried() === 1)
  const late = await read(hub, 'a')
  first.resolve(new Error('The log is away.'))
  await eventually('the early one is told', () => early.end?.kind === 'failed')
  await eventually('the late one tries for itself', () => tried() === 2)
  second.resolve(undefined)
  await hub.send({ channelId: 'a', data: 'x' })
  await eventually('it reads', () => late.data.join() === '"x"')
  expect(late.end).toBeUndefined()
})

it('readers who came later wait once more, and not for one another', async () => {
  const tries = [deferred<Error | undefined>(), deferred<Error | undefined>()]
  const { hub, tried } = hubOf(tries.map(({ promise }) => promise))
  await hub.create({ channelId: 'a' })
  const readers = [await read(hub, 'a')]
  await eventually('it waits', () => tried() === 1)
  for (let i = 0; i < 9; i++) readers.push(await read(hub, 'a'))
  tries[0]?.resolve(new Error('The log is away.'))
  await eventually('they try again, all of them together', () => tried() === 2)
  tries[1]?.resolve(new Error('It still is.'))
  await eventually('all are told', () => readers.every(({ end }) => end?.kind === 'failed'))
  expect(tried()).toBe(2)
  expect((await hub.getStats()).connections).toBe(0)
})

/** A hub whose producer is as fast as its readers: with every page that is read from the log another event comes. */
function racingHub(most: number) {
  const log = memoryLog()
  let reads = 0
  let state: 'racing' | 'over' = 'racing'
  const hub = createHub({
    log: {
      ...log,
      async read(...args) {
        const page = await log.read(...args)
        if (++reads > 1 && reads <= most && state === 'racing') {
          await hub.send({ channelId: 'a', data: reads })
          // It has come when the page is there.
          await new Promise(setImmediate)
        }
        return page
      },
    },
  })
  return { hub, reads: () => reads, stop: () => (state = 'over') }
}

it('what comes while a reader reads from the log is not read from it again', async () => {
  const { hub, reads } = racingHub(50)
  await hub.create({ channelId: 'a' })
  await hub.send({ channelId: 'a', data: 0 })
  const first = await read(hub, 'a')
  await eventually('it is there', () => first.data.length === 1)
  const before = reads()
  const opening = await hub.open('a')
  if (opening.kind !== 'ready') throw new Error(opening.kind)
  const late: string[] = []
  opening.subscribe({
    batch: ({ events }) => late.push(...events.map(({ data }) => data)) > 0,
    end: () => undefined,
  })
  await hub.send({ channelId: 'a', data: 'last' })
  await eventually('both have it', () => late.includes('"last"') && first.data.includes('"last"'))
  expect(late).toEqual(first.data)
  expect(reads() - before).toBeLessThan(4)
})

it('what has come of another epoch than a reader is in is read from the log', async () => {
  const log = memoryLog()
  const page = deferred<undefined>()
  let reads = 0
  const hub = createHub({
    log: {
      ...log,
      // As where another server took over, and what had come before is not there any more.
      follow: (channelId, follower) =>
        log.follow(channelId, {
          gone: follower.gone,
          batch: (batch) =>
            follower.batch({ ...batch, events: batch.events.map((event) => ({ ...event, id: 'lost_0' })) }),
        }),
      async read(...args) {
        // The page of before the event, once it is followed already.
        if (++reads !== 2) return log.read(...args)
        const before = await log.read(...args)
        await page.promise
        return before
      },
    },
  })
  await hub.create({ channelId: 'a' })
  await hub.send({ channelId: 'a', data: 0 })
  const ids: string[] = []
  const opening = await hub.open('a')
  if (opening.kind !== 'ready') throw new Error(opening.kind)
  await hub.send({ channelId: 'a', data: 1 })
  opening.subscribe({
    batch: ({ events }) => ids.push(...events.map(({ id }) => id)) > 0,
    end: () => undefined,
  })
  await eventually('it reads', () => reads === 2)
  await hub.send({ channelId: 'a', data: 2 })
  await new Promise(setImmediate)
  page.resolve(undefined)
  await eventually('it has read all', () => ids.length === 3)
  expect(ids).not.toContain('lost_0')
})
