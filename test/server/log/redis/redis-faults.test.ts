import { createClient } from 'redis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChannelError } from '../../../../src/core/channel-error.js'
import { createHub } from '../../../../src/server/hub/create-hub.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import type { Hub } from '../../../../src/server/hub/hub.js'
import type { Producer } from '../../../../src/server/hub/producer.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import type { RedisLogOptions } from '../../../../src/server/log/redis/redis-log-options.js'
import { json } from '../../../../src/server/hub/stream-format.js'
import { eventually } from '../../../helpers/eventually.js'
import { startOwnTime } from '../../../helpers/own-time.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { draft, newChannel } from '../event-log.contract.js'

const all = { maxEvents: 10_000, maxBytes: 10_000_000 }
const ID = 'abcdefghij0123456789'
/** Where a test waits for its end; a process that is kept waiting for 0.7 of it counts as dead. */
const LEASE_MS = 3_000

let redis: RedisServer
let logs: EventLog[] = []
let errors: ChannelError[] = []

beforeEach(async () => {
  redis = await createRedisServer()
  errors = []
})
afterEach(async () => {
  redis.goOn()
  await Promise.all(logs.map((log) => log.close()))
  logs = []
  await redis.close()
})

function open(options: Partial<RedisLogOptions> = {}): EventLog {
  const log = redisLog({
    connection: redis.url,
    // Unless a test is about them, longer than a busy machine keeps a process waiting.
    leaseMs: 20_000,
    offlineMs: 60_000,
    onError: (error) => errors.push(error),
    ...options,
  })
  logs.push(log)
  return log
}

const hubOn = (log: EventLog) => createHub({ log, format: json, onError: (error) => errors.push(error) })

/** Counts for as long as it is let. */
const counting: Producer = async ({ write, signal }) => {
  for (let i = 0; !signal.aborted; i++) {
    await write(i)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

async function readAll(hub: Hub, channelId: string): Promise<unknown[]> {
  const data: unknown[] = []
  for await (const event of hub.read(channelId)) data.push(JSON.parse(event.data))
  return data
}

/** Numbers as `counting` writes them, then the end. */
function expectWhole(data: readonly unknown[], end: unknown) {
  expect(data[data.length - 1]).toMatchObject(end as object)
  expect(data.slice(0, -1)).toEqual(data.slice(0, -1).map((_, index) => index))
}

describe('redisLog on two nodes', () => {
  it('lets a reader of one node follow a run of the other', async () => {
    const [a, b] = [hubOn(open()), hubOn(open())]
    await a.run(ID, async ({ write }) => {
      for (let i = 0; i < 500; i++) await write(i)
    })
    expectWhole(await readAll(b, ID), { outcome: 'done' })
  })

  it('stops the producer on whatever node the stop arrives', async () => {
    const [a, b] = [hubOn(open()), hubOn(open())]
    let aborted = 0
    const run = await a.run(ID, async (context) => {
      context.signal.addEventListener('abort', () => aborted++)
      await counting(context)
    })
    const reading = readAll(a, ID)
    await eventually('some are written', async () => (await b.getInfo(ID)).events > 5)
    const time = startOwnTime()
    expect(await b.stop(ID)).toEqual({ channelId: ID, status: 'stopped' })
    await eventually('the producer is told', () => aborted === 1)
    expect(time.elapsedMs).toBeLessThan(500)
    time.stop()
    expect(await run.ended).toBe('stopped')
    expectWhole(await reading, { outcome: 'stopped' })
    expect(errors).toEqual([])
  })

  it('runs once when both nodes start the same id', async () => {
    const [a, b] = [hubOn(open()), hubOn(open())]
    let started = 0
    const producer: Producer = async ({ write }) => {
      started++
      await write('x')
    }
    const runs = await Promise.all([a.run(ID, producer), b.run(ID, producer)])
    expect(runs.map((run) => run.kind).sort()).toEqual(['attached', 'started'])
    expect(await Promise.all(runs.map((run) => run.ended))).toEqual(['done', 'done'])
    expect(started).toBe(1)
  })

  it('ends the runs of a node that leaves', async () => {
    const [a, b] = [open({ leaseMs: LEASE_MS }), hubOn(open({ leaseMs: LEASE_MS }))]
    await hubOn(a).run(ID, counting)
    const reading = readAll(b, ID)
    await eventually('some are written', async () => (await b.getInfo(ID)).events > 5)
    await a.close()
    expectWhole(await reading, { outcome: 'error', code: 'PRODUCER_LOST' })
  })

  it('removes for followers of every node', async () => {
    const [a, b] = [open(), open()]
    await a.create(newChannel('a'))
    let gone = 0
    let ended = 0
    await b.follow('a', { batch() {}, gone: () => gone++ })
    b.onEnd('a', () => ended++)
    await a.remove('a')
    await eventually('both are told', () => gone === 1 && ended === 1)
  })

  it('tells a follower that a new life of the id is another channel', async () => {
    const [a, b] = [open(), open()]
    await a.create(newChannel('a'))
    await a.append('a', [draft('0')])
    const heard: string[] = []
    await b.follow('a', { batch: () => heard.push('batch'), gone: () => heard.push('gone') })
    await a.remove('a')
    await a.create(newChannel('a'))
    await a.append('a', [draft('0')])
    await eventually('it is told', () => heard.length > 0)
    expect(heard).toEqual(['gone'])
  })
})

describe('redisLog when Redis fails', () => {
  it('loses and repeats nothing over a crash of Redis, and reports it once', async () => {
    const [a, b] = [hubOn(open()), hubOn(open())]
    const runs = Array.from({ length: 20 }, (_, i) => `${ID}${i}`)
    for (const id of runs) await a.run(id, counting)
    const reading = runs.map((id) => readAll(b, id))
    await eventually('some are written', async () => (await b.getInfo(runs[19]!)).events > 20)
    await redis.kill()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await redis.start()
    const before = (await b.getInfo(runs[0]!)).events
    await eventually('they go on', async () => (await b.getInfo(runs[0]!)).events > before + 20)
    await Promise.all(runs.map((id) => b.stop(id)))
    for (const data of await Promise.all(reading)) expectWhole(data, { outcome: 'stopped' })
    expect(errors.length).toBe(2)
    expect(errors[0]).toMatchObject({
      code: 'SERVER_ERROR',
      message: expect.stringContaining('The event log gets no answer from Redis. ') as string,
    })
  })

  it('says for how long Redis has lost no channel: since it was last reached anew', async () => {
    const log = open()
    expect(log.keptMs?.()).toBe(0)
    const kept = () => log.keptMs?.() ?? 0
    await eventually('it counts', () => kept() > 300)
    await redis.kill()
    const killedAt = performance.now()
    await redis.start()
    await eventually('it counts anew', () => kept() > 0 && kept() <= performance.now() - killedAt)
    await eventually('it goes on', () => kept() > 300)
  })

  it('waits for a Redis that is silent, and takes nobody for dead', async () => {
    const [a, b] = [hubOn(open({ leaseMs: LEASE_MS })), hubOn(open({ leaseMs: LEASE_MS }))]
    await a.run(ID, counting)
    const reading = readAll(b, ID)
    await eventually('some are written', async () => (await b.getInfo(ID)).events > 20)
    redis.pause()
    await new Promise((resolve) => setTimeout(resolve, 1.5 * LEASE_MS))
    redis.goOn()
    const before = (await b.getInfo(ID)).events
    await eventually('it goes on', async () => (await b.getInfo(ID)).events > before + 20)
    await a.stop(ID)
    expectWhole(await reading, { outcome: 'stopped' })
    expect(errors).toEqual([])
  })

  it('fails a run loudly when Redis stays away, and its readers hear of it afterwards', async () => {
    const [a, b] = [hubOn(open({ leaseMs: LEASE_MS, offlineMs: 2_000 })), hubOn(open({ leaseMs: LEASE_MS }))]
    let aborted: unknown
    await a.run(ID, async (context) => {
      context.signal.addEventListener('abort', () => (aborted = context.signal.reason))
      await counting(context)
    })
    const reading = readAll(b, ID)
    await eventually('some are written', async () => (await b.getInfo(ID)).events > 20)
    await redis.kill()
    await eventually('the producer is told', () => aborted !== undefined)
    // Of the outage each log, of its run the hub: that it failed, and that its end could not be written.
    await eventually('all are told', () => errors.length === 4)
    await redis.start()
    expectWhole(await reading, { outcome: 'error', code: 'PRODUCER_LOST' })
  })

  it('closes soon where Redis is away, and says nothing of that it was not told', async () => {
    const log = open({ offlineMs: 60_000 })
    await log.create(newChannel('a'))
    await redis.kill()
    await eventually('the outage is told', () => errors.length === 1)
    const begun = Date.now()
    await log.close()
    expect(Date.now() - begun).toBeLessThan(10_000)
    expect(errors.length).toBe(1)
  })

  it('refuses appends beyond the bytes that may wait', async () => {
    const log = open({ maxPendingBytes: 100 })
    await log.create(newChannel('a'))
    redis.pause()
    const first = log.append('a', [draft('x'.repeat(80))])
    await expect(log.append('a', [draft('y'.repeat(80))])).rejects.toMatchObject({ code: 'SERVER_BUSY' })
    redis.goOn()
    expect(await first).toHaveLength(1)
  })

  it('refuses a batch that it has already', async () => {
    const log = open()
    await log.create(newChannel('a'))
    const raw = createClient({ url: redis.url })
    await raw.connect()
    try {
      await log.append('a', [draft('0')])
      // The write arrives, its answer does not.
      let cut = false
      const cutting = (async () => {
        while (!cut) {
          await raw.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'])
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      })()
      const appends: Promise<unknown>[] = []
      for (let i = 1; i < 300; i++) {
        appends.push(log.append('a', [draft(String(i))]))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      cut = true
      await cutting
      await Promise.all(appends)
      const page = await log.read('a', undefined, all)
      const data = page.kind === 'events' ? page.batch.events.map((event) => event.data) : page
      expect(data).toEqual(Array.from({ length: 300 }, (_, i) => String(i)))
    } finally {
      raw.destroy()
    }
  })
})

describe('redisLog whose Redis comes back without what it acknowledged', () => {
  async function loseSome(afterwards: () => Promise<unknown>) {
    const written = await redis.written()
    await afterwards()
    await redis.kill()
    await redis.forget(written)
    await redis.start()
  }

  it('ends a run as lost, and lets no reader go on over the hole', async () => {
    const [log, hub] = [open(), hubOn(open())]
    const { epoch } = await log.create(newChannel(ID, { kind: 'run', ifLost: [draft('lost')] }))
    await log.append(ID, ['0', '1', '2'].map(draft))
    await loseSome(() => log.append(ID, ['3', '4', '5'].map(draft)))
    await expect(log.append(ID, ['6', '7', '8', '9'].map(draft))).rejects.toMatchObject({
      code: 'CHANNEL_CLOSED',
    })
    expect(await log.read(ID, { epoch, seq: 5 }, all)).toMatchObject({ kind: 'gap' })
    expect(await log.read(ID, { epoch, seq: 1 }, all)).toMatchObject({ kind: 'gap' })
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'error' })
    const page = await log.read(ID, undefined, all)
    expect(page).toMatchObject({ batch: { events: [{ data: 'lost' }], ended: true } })
  })

  it('goes on with a channel that nobody owns, whose followers hear of the hole', async () => {
    const log = open()
    const { epoch } = await log.create(newChannel('a'))
    await log.append('a', [draft('0')])
    let gone = 0
    await loseSome(async () => {
      await log.append('a', [draft('1')])
      await log.follow('a', { batch() {}, gone: () => gone++ })
    })
    const [id = ''] = await log.append('a', [draft('2')])
    expect(id).not.toContain(epoch)
    await eventually('the follower is told', () => gone === 1)
    expect(await log.read('a', { epoch, seq: 1 }, all)).toMatchObject({ kind: 'gap' })
    expect(await log.read('a', undefined, all)).toMatchObject({ batch: { events: [{ id, data: '2' }] } })
    await log.append('a', [draft('3')])
    expect(await log.read('a', undefined, all)).toMatchObject({
      batch: { events: [{ data: '2' }, { data: '3' }] },
    })
  })

  it('does not take a channel created anew under the same id for one that lost events', async () => {
    const log = open()
    await log.create(newChannel('a'))
    await log.append('a', [draft('0')])
    await log.remove('a')
    const { epoch } = await log.create(newChannel('a'))
    await log.append('a', [draft('new')])
    expect(await log.info('a')).toMatchObject({ epoch, events: 1 })
  })
})

describe('redisLog over time', () => {
  it('trims by age, and says so to a cursor before the first event kept', async () => {
    const log = open({ retention: { maxAgeMs: 300 } })
    const { epoch } = await log.create(newChannel('a'))
    await log.append('a', [draft('old')])
    await eventually('it is trimmed', async () => (await log.info('a'))?.events === 0)
    let last = 0
    // On a busy machine it may be old before it is read.
    await eventually('the new one is read while it is young', async () => {
      await log.append('a', [draft('new')])
      last++
      const page = await log.read('a', { epoch, seq: last - 1 }, all)
      if (page.kind !== 'events' || page.batch.events.length === 0) return false
      expect(page).toMatchObject({ batch: { seq: last, events: [{ data: 'new' }] } })
      return true
    })
    await eventually('it is trimmed', async () => (await log.info('a'))?.events === 0)
    expect(await log.read('a', { epoch, seq: 0 }, all)).toMatchObject({ kind: 'gap' })
  })

  it('keeps an ended channel for maxAgeMs, then remembers only that it was', async () => {
    const log = open({ retention: { maxAgeMs: 1_500, tombstoneMs: 4_000 } })
    await log.create(newChannel('a', { metadata: { userId: 'u1' } }))
    await log.append('a', [draft('0')], 'done')
    expect(await log.read('a', undefined, all)).toMatchObject({ kind: 'events' })
    await eventually('it expires', async () => (await log.read('a', undefined, all)).kind === 'none')
    expect(await log.info('a')).toMatchObject({ status: 'expired', events: 0, metadata: { userId: 'u1' } })
    expect(await log.list('expired')).toMatchObject([{ channelId: 'a' }])
    await expect(log.create(newChannel('a'))).rejects.toMatchObject({ code: 'HISTORY_EXPIRED' })
    await eventually('it is forgotten', async () => (await log.info('a')) === undefined)
    expect(await log.list('expired')).toEqual([])
    await log.create(newChannel('a'))
  })

  it('expires an active channel that long after its last append and tells who follows on any node', async () => {
    const [a, b] = [open(), open()]
    await a.create(newChannel('a', { timeoutMs: 3_000 }))
    let gone = 0
    let ended = 0
    await b.follow('a', { batch() {}, gone: () => gone++ })
    b.onEnd('a', () => ended++)
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 400))
      await a.append('a', [draft('0')])
    }
    expect([gone, ended]).toEqual([0, 0])
    await eventually('it is told, though nobody asked', () => gone === 1 && ended === 1)
    expect(await a.create(newChannel('a', { tombstone: 'replace' }))).toMatchObject({ status: 'active' })
  })

  it('takes expired channels away as fast as they come, however seldom it renews its lease', async () => {
    const log = open({ retention: { maxAgeMs: 200 }, leaseMs: 30_000 })
    const ids = Array.from({ length: 600 }, (_, i) => `run${i}`)
    await Promise.all(ids.map((id) => log.create(newChannel(id))))
    await Promise.all(ids.map((id) => log.append(id, [draft('0')], 'done')))
    const raw = createClient({ url: redis.url })
    await raw.connect()
    try {
      const streams = async () => (await raw.keys('*s:run*')).length
      expect(await streams()).toBeGreaterThan(0)
      await eventually('all is cleaned', async () => (await streams()) === 0, 10_000)
    } finally {
      raw.destroy()
    }
  })

  it('keeps no more bytes than it may: what ended first goes, what is active stays', async () => {
    const log = open({ retention: { maxTotalBytes: 20_000 }, leaseMs: 2_000 })
    await log.create(newChannel('active'))
    await log.append('active', [draft('x'.repeat(9_000))])
    for (let i = 0; i < 5; i++) {
      await log.create(newChannel(`ended${i}`))
      await log.append(`ended${i}`, [draft('x'.repeat(4_000))], 'done')
    }
    const statuses = async () => {
      const infos = await Promise.all([0, 1, 2, 3, 4].map((i) => log.info(`ended${i}`)))
      return infos.map((info) => info?.status).join(' ')
    }
    await eventually('there is room', async () => (await statuses()) === 'expired expired expired done done')
    expect(await log.info('active')).toMatchObject({ status: 'active', events: 1 })
    // Counted down, too: with what is gone there is room for the next.
    await log.remove('ended3')
    await log.remove('active')
    for (const id of ['next0', 'next1']) {
      await log.create(newChannel(id))
      await log.append(id, [draft('x'.repeat(7_000))], 'done')
    }
    expect(await redis.ask('HGET', '{uni-sse}:fence', 'bytes')).toBe(String(4_007 + 2 * 7_007))
    expect(await log.info('ended4')).toMatchObject({ status: 'done' })
  })

  it('leaves no key of a channel that is gone and forgotten', async () => {
    const log = open({ retention: { maxAgeMs: 1_500, tombstoneMs: 500 } })
    for (let i = 0; i < 20; i++) {
      await log.create(newChannel(`run${i}`, { ifLost: [draft('lost')] }))
      await log.append(`run${i}`, [draft('0')], 'done')
    }
    const raw = createClient({ url: redis.url })
    await raw.connect()
    try {
      const ofChannels = async () => (await raw.keys('*')).filter((key) => !/(fence|nodes)$/.test(key))
      expect(await ofChannels()).not.toEqual([])
      await eventually('all is cleaned', async () => (await ofChannels()).length === 0)
    } finally {
      raw.destroy()
    }
  })
})
