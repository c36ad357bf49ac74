import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import { parseCursor } from '../../../../src/core/cursor.js'
import { createHub } from '../../../../src/server/hub/create-hub.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import type { RedisLogOptions } from '../../../../src/server/log/redis/redis-log-options.js'
import { json } from '../../../../src/server/hub/stream-format.js'
import { deferred } from '../../../helpers/deferred.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisLine } from '../../../helpers/redis-line.js'
import { createRedisPair, type RedisPair } from '../../../helpers/redis-pair.js'
import { draft, newChannel } from '../event-log.contract.js'

const all = { maxEvents: 10_000, maxBytes: 10_000_000 }
const ID = 'abcdefghij0123456789'

let redis: RedisPair
let logs: EventLog[] = []
let errors: ChannelError[] = []

beforeEach(async () => {
  redis = await createRedisPair()
  errors = []
})
afterEach(async () => {
  await Promise.all(logs.map((log) => log.close()))
  logs = []
  await redis.close()
})

function open(options: Partial<RedisLogOptions> = {}): EventLog {
  const onError = (error: ChannelError) => errors.push(error)
  const log = redisLog({ connection: redis.url, leaseMs: 20_000, offlineMs: 60_000, onError, ...options })
  logs.push(log)
  return log
}

const hubOn = (log: EventLog, options = {}) =>
  createHub({ log, format: json, onError: (error) => errors.push(error), ...options })

/** What a cursor is answered with. */
async function kindAfter(log: EventLog, cursor: string | undefined) {
  return (await log.read('room', cursor === undefined ? undefined : parseCursor(cursor), all)).kind
}

describe('redisLog after a failover to a replica that has everything', () => {
  it('goes on: a run under its ids, a room under ids whose generation is new, and nobody hears of a gap', async () => {
    const [a, b, c] = [open(), open(), open()]
    const goOn = deferred<undefined>()
    const run = await hubOn(a).run(ID, async ({ write }) => {
      await write('first')
      await goOn.promise
      await write('second')
    })
    const answer: string[] = []
    const reading = (async () => {
      for await (const event of hubOn(c).read(ID)) answer.push(event.id)
    })()
    const { epoch } = await a.create(newChannel('room', { kind: 'feed' }))
    const room: string[] = []
    let gone = 0
    await c.follow('room', {
      batch: ({ events }) => room.push(...events.map(({ data }) => data)),
      gone: () => gone++,
    })
    const [before = ''] = await b.append('room', [draft('before')])
    await eventually('the answer has begun', () => answer.length === 1)
    await redis.part()
    await redis.failOver()
    const [after = ''] = await b.append('room', [draft('after')])
    goOn.resolve(undefined)
    expect(await run.ended).toBe('done')
    await reading
    await eventually('all has come', () => room.length === 2)
    expect([room, gone]).toEqual([['before', 'after'], 0])
    expect(answer.map((id) => id.split('_')[1])).toEqual(['0', '1', '2'])
    expect(new Set(answer.map((id) => id.split('_')[0])).size).toBe(1)
    expect([before, after]).toEqual([`${epoch}_0`, expect.stringMatching(`^${epoch}\\.[a-z0-9]+_1$`)])
    // A reader of before reads on, and a new one gets all under the same ids.
    const rest = await c.read('room', parseCursor(before), all)
    expect(rest).toMatchObject({ batch: { events: [{ id: after, data: 'after' }] } })
    expect(await c.read('room', undefined, all)).toMatchObject({
      batch: { events: [{ id: before }, { id: after }] },
    })
  })
})

describe('redisLog after a failover that lost the last events', () => {
  it('gives what another node writes other ids, and refuses the cursors of what was lost', async () => {
    const [a, b, c] = [open(), open(), open()]
    await a.create(newChannel('room', { kind: 'feed' }))
    const [kept] = await a.append('room', [draft('kept')])
    await redis.part()
    const [lost] = await a.append('room', [draft('lost')])
    // The only node that knows.
    await a.close()
    await redis.failOver()
    expect(await kindAfter(c, lost)).toBe('ahead')
    const [other] = await b.append('room', [draft('other')])
    expect(other).not.toBe(lost)
    expect(await kindAfter(c, lost)).toBe('gap')
    expect(await c.read('room', parseCursor(kept!), all)).toMatchObject({
      batch: { events: [{ id: other, data: 'other' }] },
    })
  })

  it('tells whoever follows, though nobody writes', async () => {
    const [a, b] = [open({ leaseMs: 2_000 }), open({ leaseMs: 2_000 })]
    await a.create(newChannel('room', { kind: 'feed' }))
    let [seen, gone] = [0, 0]
    await b.follow('room', { batch: ({ events }) => (seen += events.length), gone: () => gone++ })
    await a.append('room', [draft('kept')])
    await redis.part()
    const [lost] = await a.append('room', [draft('lost')])
    await eventually('it was seen', () => seen === 2)
    await redis.failOver()
    await eventually('it is told', () => gone === 1)
    expect(await kindAfter(b, lost)).toBe('gap')
  })

  it('ends a run as lost whose end comes after them', async () => {
    const hub = hubOn(open())
    const goOn = deferred<undefined>()
    const run = await hub.run(ID, async ({ write }) => {
      await write('kept')
      await redis.part()
      await write('lost')
      await goOn.promise
    })
    await eventually('both are written', async () => (await hub.getInfo(ID)).events === 2)
    await redis.failOver()
    goOn.resolve(undefined)
    expect(await run.ended).toBe('error')
    const data: unknown[] = []
    for await (const event of hub.read(ID)) data.push(JSON.parse(event.data))
    expect(data).toMatchObject([{ outcome: 'error', code: 'PRODUCER_LOST' }])
  })
})

describe('redisLog after a failover that lost an end', () => {
  it('writes it again, and its user may start the next run', async () => {
    const limits = { channelsPerUser: 1 }
    const [a, b] = [hubOn(open({ leaseMs: 2_000 })), hubOn(open({ leaseMs: 2_000 }), { limits })]
    const metadata = { userId: 'ann' }
    const run = await a.run(
      ID,
      async ({ write }) => {
        await write('text')
        await redis.part()
      },
      { metadata },
    )
    expect(await run.ended).toBe('done')
    await redis.failOver()
    await eventually('it has ended again', async () => (await b.getInfo(ID)).status === 'done')
    const next = await b.run(undefined, async () => undefined, { metadata })
    expect(await next.ended).toBe('done')
  })

  it('ends it as lost when its node is gone, too, and no reader of the end takes that for the end', async () => {
    const line = await createRedisLine(redis.master().port)
    const [a, b] = [open({ connection: line.url, leaseMs: 2_000 }), open({ leaseMs: 2_000 })]
    await a.create(newChannel('room', { ifLost: [draft('lost')] }))
    await a.append('room', [draft('text')])
    await redis.part()
    const [end] = await a.append('room', [draft('end')], 'done')
    // Without a farewell, and it never comes back to say its end again.
    await line.close()
    await redis.failOver()
    await eventually('it is over', async () => (await b.info('room'))?.status === 'error')
    expect(await kindAfter(b, end)).toBe('gap')
  })
})

describe('redisLog after a failover that lost a stop', () => {
  it('says it again, though the node that runs it is nowhere to be reached', async () => {
    const a = redisLog({ connection: redis.master().url, leaseMs: 60_000, onError: () => undefined })
    logs.push(a)
    const b = open()
    await a.create(newChannel('run', { ifLost: [draft('lost')], ifFinished: [draft('stopped')] }))
    await a.append('run', [draft('text')])
    await redis.part()
    expect(await b.finish('run')).toBe('stopped')
    await redis.failOver()
    await eventually('it is stopped again', async () => (await b.info('run'))?.status === 'stopped')
    expect(await b.info('run')).toMatchObject({ events: 2 })
  })

  it('does not stop another run that has taken its name', async () => {
    const b = open()
    await b.create(newChannel('run', { kind: 'feed', ifFinished: [draft('stopped')] }))
    await redis.part()
    await b.finish('run')
    await b.remove('run')
    await redis.failOver()
    await b.remove('run')
    await b.create(newChannel('run', { kind: 'feed' }))
    const follower = { batch: () => undefined, gone: () => undefined }
    await b.follow('run', follower)
    await b.append('run', [draft('goes on')])
    expect(await b.info('run')).toMatchObject({ status: 'active', events: 1 })
  })
})

describe('redisLog whose master has become a replica', () => {
  it('finds the new one', async () => {
    const log = open()
    await log.create(newChannel('room'))
    await redis.demote()
    expect(await log.append('room', [draft('0')])).toHaveLength(1)
    expect(errors).toMatchObject([
      { message: expect.stringContaining('Redis cannot be written. ') as string },
    ])
  })

  it('says once that it cannot write, is not ready, and goes on by itself', async () => {
    const log = open({ offlineMs: 3_000 })
    await log.create(newChannel('room'))
    // Else the master would take over a replica's memory that has no such channel yet.
    await redis.master().ask('WAIT', '1', '30000')
    // Replicas of each other empty each other.
    await redis.replica().ask('REPLICAOF', 'NO', 'ONE')
    await redis.master().ask('REPLICAOF', '127.0.0.1', String(redis.replica().port))
    await expect(log.append('room', [draft('0')])).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    await expect(log.ready?.()).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    expect(errors).toMatchObject([
      { message: expect.stringContaining('Redis cannot be written. ') as string },
    ])
    await redis.master().ask('REPLICAOF', 'NO', 'ONE')
    await eventually(
      'it is ready',
      async () =>
        (await log.ready?.().then(
          () => true,
          () => false,
        )) ?? false,
    )
    expect(await log.append('room', [draft('1')])).toHaveLength(1)
  })
})

describe('redisLog on connections that fall silent', () => {
  it.each(['all', 'answers'] as const)(
    'tries others in time for its lease, and repeats nothing: %s',
    async (what) => {
      const [a, b] = [open({ leaseMs: 8_000 }), redisLog({ connection: redis.master().url })]
      logs.push(b)
      await a.create(newChannel('room', { ifLost: [draft('lost')] }))
      const got: string[] = []
      await a.follow('room', {
        batch: ({ events }) => got.push(...events.map(({ data }) => data)),
        gone() {},
      })
      await a.append('room', [draft('0')])
      redis.front.swallow(what)
      const written = await Promise.all(['1', '2', '3'].map((data) => a.append('room', [draft(data)])))
      expect(written.flat().map((id) => id.split('_')[1])).toEqual(['1', '2', '3'])
      await eventually('it hears again', () => got.length === 4)
      expect(got).toEqual(['0', '1', '2', '3'])
      expect(await b.info('room')).toMatchObject({ status: 'active', events: 4 })
      expect(errors).toEqual([])
    },
  )

  it('waits for one that is slow and answers: another line would only have to ask all anew', async () => {
    // Two seconds of silence are too much; the answers to these writes, which share a few scripts, together take longer,
    // each a fraction of it.
    const log = open()
    const rooms = Array.from({ length: 160 }, (_, index) => `room-${index}`)
    await Promise.all(rooms.map((room) => log.create(newChannel(room, { kind: 'feed' }))))
    const clients = () => redis.master().ask('CLIENT', 'LIST')
    const [, line] = /id=(\d+) .* cmd=eval(?:sha)? /.exec(await clients()) ?? []
    redis.front.trickle(240, 100)
    const written = await Promise.all(rooms.map((room) => log.append(room, [draft('0')])))
    expect(written).toHaveLength(160)
    expect(await clients()).toContain(`id=${line} `)
    expect(errors).toEqual([])
  })
})
