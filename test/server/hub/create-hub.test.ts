import { describe, expect, it } from 'vitest'
import { ChannelError } from '../../../src/core/channel-error.js'
import type { ChannelEvent } from '../../../src/core/channel-event.js'
import type { NewChannel } from '../../../src/server/log/event-log.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import type { Hub, HubOptions } from '../../../src/server/hub/hub.js'
import { memoryLog, type MemoryLogOptions } from '../../../src/server/log/memory/memory-log.js'
import type { Producer } from '../../../src/server/hub/producer.js'
import { json } from '../../../src/server/hub/stream-format.js'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'
import { manualClock } from '../../helpers/manual-clock.js'

function setup(options: Partial<HubOptions> = {}, log: MemoryLogOptions = {}) {
  const errors: ChannelError[] = []
  const hub = createHub({ log: memoryLog(log), onError: (error) => errors.push(error), ...options })
  return { hub, errors }
}

async function dataOf(hub: Hub, channelId: string, after?: string): Promise<string[]> {
  const events: ChannelEvent[] = []
  for await (const event of hub.read(channelId, { after })) events.push(event)
  return events.map((event) => event.data)
}

/** Writes `text` once and then waits for its signal, as a model does that thinks. */
const waiting: Producer = async function* ({ signal }) {
  yield { type: 'text-delta', id: 't', delta: 'so far' }
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

const ID = 'abcdefghij0123456789'

describe('hub.run', () => {
  it('writes what a generator yields and then the end', async () => {
    const { hub } = setup()
    const run = await hub.run(undefined, async function* () {
      yield { type: 'text-delta', id: 't', delta: '你好' }
    })
    expect(run).toMatchObject({ kind: 'started', channelId: expect.stringMatching(/^[A-Za-z0-9_-]{24}$/) })
    expect(await run.ended).toBe('done')
    expect(await dataOf(hub, run.channelId)).toEqual([
      '{"type":"text-delta","id":"t","delta":"你好"}',
      '[DONE]',
    ])
  })

  it('takes an async function that writes, too', async () => {
    const { hub } = setup({ format: json })
    const run = await hub.run(undefined, async ({ write }) => {
      await write(1)
      await write({ two: [2] })
    })
    expect(await run.ended).toBe('done')
    expect(await dataOf(hub, run.channelId)).toEqual(['1', '{"two":[2]}', '{"outcome":"done"}'])
  })

  it('runs once for one id, also when two starts race', async () => {
    const { hub } = setup()
    let started = 0
    const producer: Producer = async function* (context) {
      started++
      yield* waiting(context) as AsyncIterable<unknown>
    }
    const runs = await Promise.all([hub.run(ID, producer), hub.run(ID, producer)])
    expect(runs.map((run) => run.kind).sort()).toEqual(['attached', 'started'])
    await hub.stop(ID)
    expect((await hub.run(ID, producer)).kind).toBe('attached')
    expect(await Promise.all(runs.map((run) => run.ended))).toEqual(['stopped', 'stopped'])
    expect(started).toBe(1)
  })

  it('does not run an id again that ran and is gone', async () => {
    const clock = manualClock()
    const { hub } = setup({}, { clock })
    await (
      await hub.run(ID, async () => undefined)
    ).ended
    clock.advance(3_600_000)
    await expect(hub.run(ID, waiting)).rejects.toMatchObject({ code: 'HISTORY_EXPIRED' })
  })

  it('does not attach to a channel that is no run', async () => {
    const { hub } = setup()
    await hub.create({ channelId: ID })
    await expect(hub.run(ID, waiting)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('ends with an error that tells clients nothing and the owner everything', async () => {
    const { hub, errors } = setup({ format: json })
    const secret = new Error('key sk-123 refused')
    const run = await hub.run(undefined, async ({ write }) => {
      await write('partial')
      throw secret
    })
    expect(await run.ended).toBe('error')
    const [partial, end] = await dataOf(hub, run.channelId)
    expect(partial).toBe('"partial"')
    expect(JSON.parse(end!)).toMatchObject({ outcome: 'error', code: 'PRODUCER_ERROR' })
    expect(end).not.toContain('sk-123')
    expect(errors).toMatchObject([{ code: 'PRODUCER_ERROR', cause: secret }])
  })

  it("hands a ChannelError's own sentence to the clients", async () => {
    const { hub } = setup()
    const run = await hub.run(undefined, () => {
      throw new ChannelError('RATE_LIMITED', 'Come back tomorrow.')
    })
    await run.ended
    expect(await dataOf(hub, run.channelId)).toEqual([
      '{"type":"error","errorText":"Come back tomorrow."}',
      '[DONE]',
    ])
  })

  it('ends with an error when a chunk cannot be written in the format', async () => {
    const { hub, errors } = setup()
    for (const chunk of ['text', null, { kind: 'no type' }, { type: 'x', big: 1n }]) {
      const run = await hub.run(undefined, async function* () {
        yield chunk
      })
      expect(await run.ended).toBe('error')
    }
    expect(errors.map((error) => error.code)).toEqual(Array(4).fill('BAD_OPTIONS'))
  })

  it('fails the run, not the process, when a producer does not await a write that fails', async () => {
    const { hub, errors } = setup()
    const run = await hub.run(undefined, async ({ write }) => {
      void write('no chunk')
      await new Promise((resolve) => setImmediate(resolve))
    })
    expect(await run.ended).toBe('error')
    expect(errors).toMatchObject([{ code: 'BAD_OPTIONS' }])
  })

  it('does not begin what was stopped before it began', async () => {
    const log = memoryLog()
    const created = deferred()
    const late = {
      ...log,
      async create(channel: NewChannel) {
        const info = await log.create(channel)
        await created.promise
        return info
      },
    }
    const { hub } = setup({ log: late })
    let began = false
    const starting = hub.run(ID, async () => void (began = true))
    await setup({ log }).hub.stop(ID)
    created.resolve()
    expect(await (await starting).ended).toBe('stopped')
    expect(began).toBe(false)
  })

  it('reports a log that fails instead of swallowing it, and aborts the producer', async () => {
    const log = memoryLog()
    const broken = { ...log, append: () => Promise.reject(new Error('disk full')) }
    const { hub, errors } = setup({ log: broken })
    let aborted = false
    await hub.run(ID, async function* ({ signal }) {
      signal.addEventListener('abort', () => (aborted = true))
      for (let i = 0; ; i++) yield { type: 'text-delta', id: 't', delta: String(i) }
    })
    await eventually('the failure is reported', () => errors.length > 0)
    expect(errors.map((error) => (error.cause as Error).message)).toContain('disk full')
    expect(aborted).toBe(true)
  })
})

describe('hub.stop', () => {
  it('aborts the signal at once and writes the end', async () => {
    const { hub, errors } = setup()
    const signal = deferred<AbortSignal>()
    const run = await hub.run(ID, async function* (context) {
      signal.resolve(context.signal)
      yield* waiting(context) as AsyncIterable<unknown>
    })
    const aborted = await signal.promise
    await eventually('the first chunk is there', async () => (await hub.getInfo(ID)).events === 1)
    const stopping = hub.stop(ID)
    expect(aborted.aborted).toBe(true)
    expect(await stopping).toEqual({ channelId: ID, status: 'stopped' })
    expect(await run.ended).toBe('stopped')
    expect((await dataOf(hub, ID)).slice(1)).toEqual(['{"type":"abort"}', '[DONE]'])
    expect(errors).toEqual([])
  })

  it('is idempotent and changes nothing after the end', async () => {
    const { hub } = setup()
    await (
      await hub.run(ID, async () => undefined)
    ).ended
    expect(await hub.stop(ID)).toEqual({ channelId: ID, status: 'done' })
    await hub.run('zyxwvutsrq0123456789', waiting)
    const both = await Promise.all([hub.stop('zyxwvutsrq0123456789'), hub.stop('zyxwvutsrq0123456789')])
    expect(both.map((stopped) => stopped.status)).toEqual(['stopped', 'stopped'])
    expect(await dataOf(hub, 'zyxwvutsrq0123456789')).toContain('{"type":"abort"}')
    expect((await hub.getInfo('zyxwvutsrq0123456789')).events).toBeLessThanOrEqual(3)
  })

  it('discards what a producer that does not listen still yields, and lets it clean up', async () => {
    const { hub } = setup()
    const go = deferred()
    const cleaned = deferred()
    await hub.run(ID, async function* () {
      try {
        yield { type: 'text-delta', id: 't', delta: 'before' }
        await go.promise
        yield { type: 'text-delta', id: 't', delta: 'after' }
        throw new Error('never reached')
      } finally {
        cleaned.resolve()
      }
    })
    await eventually('the first chunk is there', async () => (await hub.getInfo(ID)).events === 1)
    await hub.stop(ID)
    go.resolve()
    await cleaned.promise
    expect((await dataOf(hub, ID)).join()).not.toContain('after')
  })

  it('reaches a run whose producer is on another node', async () => {
    const log = memoryLog()
    const { hub: one, errors } = setup({ log })
    const { hub: two } = setup({ log })
    const signal = deferred<AbortSignal>()
    const run = await one.run(ID, async function* (context) {
      signal.resolve(context.signal)
      yield* waiting(context) as AsyncIterable<unknown>
    })
    const aborted = await signal.promise
    expect(await two.stop(ID)).toEqual({ channelId: ID, status: 'stopped' })
    expect(aborted.aborted).toBe(true)
    expect(await run.ended).toBe('stopped')
    expect(errors).toEqual([])
  })

  it('refuses unknown channels and those no producer fills', async () => {
    const { hub } = setup()
    await hub.create({ channelId: 'room' })
    await expect(hub.stop('room')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(hub.stop('nowhere')).rejects.toMatchObject({ code: 'CHANNEL_NOT_FOUND' })
  })
})

describe('a named channel', () => {
  it('carries any JSON value until it is closed', async () => {
    const { hub } = setup()
    const info = await hub.create({ channelId: 'user-1', timeout: 60, metadata: { userId: '1' } })
    expect(info.expiresAt! - info.createdAt).toBe(60_000)
    const sent = await hub.send({ channelId: 'user-1', data: { message: '您有一条新消息' } })
    expect(sent).toEqual({ channelId: 'user-1', id: `${info.epoch}_0` })
    expect((await hub.listActive()).map((channel) => channel.channelId)).toEqual(['user-1'])
    expect(await hub.close('user-1')).toEqual({ channelId: 'user-1', status: 'done' })
    expect(await dataOf(hub, 'user-1')).toEqual(['{"message":"您有一条新消息"}', '{"outcome":"done"}'])
    await expect(hub.send({ channelId: 'user-1', data: 1 })).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
  })

  it('expires, is listed so, and can be created again', async () => {
    const clock = manualClock()
    const { hub } = setup({}, { clock })
    await hub.create({ channelId: 'user-1', timeout: 60 })
    clock.advance(60_000)
    await expect(hub.send({ channelId: 'user-1', data: 1 })).rejects.toMatchObject({
      code: 'CHANNEL_NOT_FOUND',
    })
    expect((await hub.listExpired()).map((channel) => channel.channelId)).toEqual(['user-1'])
    for (const channel of await hub.listExpired()) await hub.close(channel.channelId)
    expect(await hub.listExpired()).toEqual([])
    await hub.create({ channelId: 'user-1' })
    await expect(hub.create({ channelId: 'user-1' })).rejects.toMatchObject({ code: 'CHANNEL_EXISTS' })
  })

  it('gives each message of a batch its own result', async () => {
    const { hub } = setup()
    const { epoch } = await hub.create({ channelId: 'a' })
    const results = await hub.batchSend([
      { channelId: 'a', data: 1 },
      { channelId: 'b', data: 2 },
      { channelId: 'a', data: undefined },
      { channelId: 'a', data: 3 },
    ])
    expect(results).toMatchObject([
      { ok: true, channelId: 'a', id: `${epoch}_0` },
      { ok: false, channelId: 'b', error: { code: 'CHANNEL_NOT_FOUND' } },
      { ok: false, channelId: 'a', error: { code: 'BAD_OPTIONS' } },
      { ok: true, channelId: 'a', id: `${epoch}_1` },
    ])
  })

  it('refuses ids that could break out of a path, a header or a log line', async () => {
    const { hub } = setup()
    for (const channelId of ['', '.', '..', 'a/b', 'a\r\nb', 'a\0b', 'a b', '中文', 'x'.repeat(129)]) {
      await expect(hub.create({ channelId })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
  })

  it('counts messages, their size and readers', async () => {
    const { hub } = setup()
    await hub.create({ channelId: 'a' })
    await hub.send({ channelId: 'a', data: 12 })
    await hub.send({ channelId: 'a', data: 1234 })
    const opening = await hub.open('a')
    const sink = { batch: () => true, end() {} }
    const subscriptions = [1, 2].map(() => opening.kind === 'ready' && opening.subscribe(sink))
    expect(await hub.getStats()).toEqual({
      activeChannels: 1,
      totalMessages: 2,
      avgMessageSize: 3,
      connections: 2,
      maxConcurrent: 2,
    })
    for (const subscription of subscriptions) if (subscription) subscription.close()
    expect(await hub.getStats()).toMatchObject({ connections: 0, maxConcurrent: 2 })
  })
})

describe('hub.read and hub.open', () => {
  it('joins history and tail without a hole or a repeat, for many readers that come at any time', async () => {
    const { hub } = setup({ format: json })
    const total = 2_000
    await hub.run(ID, async function* () {
      for (let i = 0; i < total; i++) {
        yield i
        if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    })
    const readers: Promise<number[]>[] = []
    for (let i = 0; i < 40; i++) {
      const opening = await hub.open(ID)
      if (opening.kind !== 'ready') throw new Error(opening.kind)
      readers.push(
        new Promise((resolve) => {
          const seen: number[] = []
          const subscription = opening.subscribe({
            batch(batch) {
              for (const event of batch.events) if (event.type === 'message') seen.push(Number(event.data))
              if (i % 2) return true
              setImmediate(() => subscription.resume())
              return false
            },
            end: () => resolve(seen),
          })
        }),
      )
      await new Promise((resolve) => setImmediate(resolve))
    }
    const expected = Array.from({ length: total }, (_, i) => i)
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(expected)
    expect((await dataOf(hub, ID)).slice(0, -1).map(Number)).toEqual(expected)
  })

  it('tells a gap, a drained channel, a foreign cursor and one that is none', async () => {
    const { hub } = setup({}, { maxEvents: 2 })
    const { epoch } = await hub.create({ channelId: 'a' })
    for (let i = 0; i < 5; i++) await hub.send({ channelId: 'a', data: i })
    expect(await hub.open('a', `${epoch}_1`)).toMatchObject({
      kind: 'gap',
      channel: { earliest: `${epoch}_3`, last: `${epoch}_4` },
    })
    await hub.close('a')
    expect(await hub.open('a', `${epoch}_5`)).toMatchObject({ kind: 'drained' })
    expect(await hub.open('a', `other_5`)).toMatchObject({ kind: 'gap' })
    await expect(hub.open('a', `${epoch}_6`)).rejects.toMatchObject({ code: 'CURSOR_AHEAD' })
    await expect(hub.open('a', 'nonsense')).rejects.toMatchObject({ code: 'BAD_CURSOR' })
    await expect(hub.open('b')).rejects.toMatchObject({ code: 'CHANNEL_NOT_FOUND' })
    await expect(dataOf(hub, 'a', `${epoch}_1`)).rejects.toMatchObject({ code: 'HISTORY_EXPIRED' })
  })

  it('tells a subscriber that was so slow that its next events were trimmed', async () => {
    const { hub } = setup({}, { maxEvents: 10 })
    await hub.create({ channelId: 'a' })
    for (let i = 0; i < 10; i++) await hub.send({ channelId: 'a', data: i })
    const opening = await hub.open('a')
    if (opening.kind !== 'ready') throw new Error(opening.kind)
    const ends: string[] = []
    const subscription = opening.subscribe({ batch: () => false, end: (end) => ends.push(end.kind) })
    for (let i = 0; i < 20; i++) await hub.send({ channelId: 'a', data: i })
    subscription.resume()
    await eventually('it is told', () => ends.length > 0)
    expect(ends).toEqual(['gap'])
  })

  it('serves a channel created anew while a slow subscriber still holds its former life', async () => {
    const log = memoryLog()
    const { hub } = setup({ log })
    const subscribe = async (willing: (batches: number) => boolean) => {
      const opening = await hub.open('a')
      if (opening.kind !== 'ready') throw new Error(opening.kind)
      const heard: string[] = []
      const subscription = opening.subscribe({
        batch: (batch) => willing(heard.push(String(batch.events.length))),
        end: (end) => heard.push(end.kind),
      })
      return { heard, subscription }
    }
    await hub.create({ channelId: 'a' })
    for (let i = 0; i < 1_000; i++) await hub.send({ channelId: 'a', data: i })
    const slow = await subscribe((batches) => batches < 2)
    await eventually('it has read two pages', () => slow.heard.length === 2)
    await log.remove('a')
    await hub.create({ channelId: 'a' })
    const next = await subscribe(() => true)
    await new Promise((resolve) => setImmediate(resolve))
    await hub.send({ channelId: 'a', data: 'new' })
    await eventually('it hears', () => next.heard.length > 0)
    expect(next.heard).toEqual(['1'])
    slow.subscription.resume()
    await eventually('the slow one is told', () => slow.heard.length > 2)
    expect(slow.heard[2]).toMatch(/gap|gone/)
  })

  it('ends subscribers of a channel that expires', async () => {
    const clock = manualClock()
    const { hub } = setup({}, { clock })
    await hub.create({ channelId: 'a', timeout: 5 })
    const opening = await hub.open('a')
    if (opening.kind !== 'ready') throw new Error(opening.kind)
    const ends: string[] = []
    opening.subscribe({ batch: () => true, end: (end) => ends.push(end.kind) })
    await eventually('it waits at the tail', async () => (await hub.getStats()).connections === 1)
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(20_000)
    await eventually('it is told', () => ends.length > 0)
    expect(ends).toEqual(['gone'])
  })

  it('stops reading on its signal', async () => {
    const { hub } = setup()
    await hub.run(ID, waiting)
    const abort = new AbortController()
    const seen: string[] = []
    for await (const event of hub.read(ID, { signal: abort.signal })) {
      seen.push(event.data)
      setImmediate(() => abort.abort())
    }
    expect(seen).toHaveLength(1)
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'active' })
  })
})

describe('hub.shutdown', () => {
  it('ends the runs of this process so that readers know', async () => {
    const { hub } = setup()
    const run = await hub.run(ID, waiting)
    await hub.shutdown()
    expect(await run.ended).toBe('error')
    expect((await dataOf(hub, ID)).pop()).toBe('[DONE]')
  })
  it('takes no more runs, and is not ready, from then on', async () => {
    const { hub } = setup()
    expect(await hub.isReady()).toBe(true)
    await hub.shutdown()
    await expect(hub.run(ID, waiting)).rejects.toMatchObject({ code: 'SERVER_BUSY' })
    expect(await hub.isReady()).toBe(false)
  })

  it('begins no producer whose channel was being created meanwhile', async () => {
    const log = memoryLog()
    const [asked, go] = [deferred(), deferred()]
    const hub = createHub({
      log: {
        ...log,
        async create(channel) {
          asked.resolve()
          await go.promise
          return log.create(channel)
        },
      },
    })
    let begun = 0
    const starting = hub.run(ID, async () => void begun++)
    await asked.promise
    await hub.shutdown()
    go.resolve()
    expect(await (await starting).ended).toBe('error')
    expect(begun).toBe(0)
  })

  it('does not wait for a log that is away', async () => {
    const log = memoryLog()
    const append = () => new Promise<never>(() => undefined)
    const hub = createHub({ log: { ...log, append } })
    await hub.run(ID, waiting)
    await hub.shutdown()
  })
})
