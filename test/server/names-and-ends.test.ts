import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { ChannelError } from '../../src/core/channel-error.js'
import { createHub } from '../../src/server/hub/create-hub.js'
import type { Hub } from '../../src/server/hub/hub.js'
import { memoryLog } from '../../src/server/log/memory/memory-log.js'
import type { Producer } from '../../src/server/hub/producer.js'
import { json, type StreamFormat } from '../../src/server/hub/stream-format.js'
import { eventually } from '../helpers/eventually.js'
import { posting, readEvents } from '../helpers/read-events.js'
import { serveHub, type Served } from './http/serve-hub.js'

const NAME = 'notifications-42'

let served: Served | undefined
afterEach(async () => {
  await served?.close()
  served = undefined
})

/** A format whose end is no event. */
const bare: StreamFormat = {
  name: 'bare',
  headers: {},
  chunk: (data) => ({ type: 'message', data: String(data) }),
  end: () => [],
}

describe('a name of the application', () => {
  it('is its own, whichever client has taken it before', async () => {
    served = await serveHub()
    const { hub, base } = served
    const thief = await fetch(base, posting({ wait: true }, { 'x-channel-id': NAME }))
    await hub.create({ channelId: NAME, metadata: { userId: '42' } })
    await hub.send({ channelId: NAME, data: 'secret' })
    expect(await thief.text()).not.toContain('secret')
    const read: string[] = []
    const abort = new AbortController()
    for await (const { data } of hub.read(NAME, { signal: abort.signal })) {
      read.push(data)
      abort.abort()
    }
    expect(read).toEqual(['"secret"'])
  })

  it('is run by its own producer, not joined to a run of a client', async () => {
    served = await serveHub()
    const { hub, base } = served
    await (await fetch(base, posting({ wait: true }, { 'x-channel-id': NAME }))).body?.cancel()
    const run = await hub.run(NAME, async function* () {
      yield { type: 'data-own', data: 1 }
    })
    expect([run.kind, await run.ended]).toEqual(['started', 'done'])
  })

  it('is created once, also when two nodes take it from a client at the same time', async () => {
    const log = memoryLog()
    const fast = createHub({ log })
    let arrived: () => void = () => undefined
    let letGo: () => void = () => undefined
    const late = new Promise<void>((resolve) => (arrived = resolve))
    const gate = new Promise<void>((resolve) => (letGo = resolve))
    const slow = createHub({
      log: {
        ...log,
        async remove(...what) {
          arrived()
          await gate
          return log.remove(...what)
        },
      },
    })
    await fast.run(NAME, () => new Promise<void>(() => undefined), { namedBy: 'client' })
    const second = slow.create({ channelId: NAME })
    await late
    await fast.create({ channelId: NAME })
    await fast.send({ channelId: NAME, data: 'kept' })
    letGo()
    await expect(second).rejects.toMatchObject({ code: 'CHANNEL_EXISTS' })
    expect(await fast.getInfo(NAME)).toMatchObject({ kind: 'feed', events: 1 })
  })

  it('is never a run that send() writes into', async () => {
    served = await serveHub()
    const { hub } = served
    await hub.run(NAME, () => new Promise<void>(() => undefined))
    await expect(hub.send({ channelId: NAME, data: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('a producer', () => {
  async function comesTo(producer: Producer) {
    const errors: ChannelError[] = []
    const hub = createHub({ log: memoryLog(), format: bare, onError: (error) => errors.push(error) })
    const run = await hub.run(undefined, producer)
    const outcome = await run.ended
    const written: string[] = []
    for await (const { data } of hub.read(run.channelId)) written.push(data)
    return { outcome, written, errors: errors.map(({ code }) => code) }
  }
  const streamOf = (...chunks: number[]) =>
    new ReadableStream<number>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })

  it.each<[string, Producer]>([
    ['a generator', () => [1, 2][Symbol.iterator]() as IterableIterator<number>],
    ['a stream', () => streamOf(1, 2)],
    ['a promise of a stream', async () => streamOf(1, 2)],
    ['a promise of a generator', async () => new Set([1, 2]).values()],
  ])('may be %s', async (_name, producer) => {
    expect(await comesTo(producer)).toEqual({ outcome: 'done', written: ['1', '2'], errors: [] })
  })

  it('may be a stream that cannot be iterated', async () => {
    const { getReader } = streamOf(1, 2)
    expect(typeof getReader).toBe('function')
    const stream = streamOf(1, 2)
    const producer = (() => ({ getReader: () => stream.getReader() })) as unknown as Producer
    expect(await comesTo(producer)).toMatchObject({ outcome: 'done', written: ['1', '2'] })
  })

  it('that gives something else fails, and says so', async () => {
    const text = (async () => 'the whole answer') as unknown as Producer
    expect(await comesTo(text)).toEqual({ outcome: 'error', written: [], errors: ['BAD_OPTIONS'] })
  })

  it('that throws its own kind of abort after a stop has not failed', async () => {
    const errors: ChannelError[] = []
    const hub = createHub({ log: memoryLog(), onError: (error) => errors.push(error) })
    let thrown = false
    const run = await hub.run(undefined, async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      thrown = true
      throw Object.assign(new Error('canceled'), { name: 'CanceledError' })
    })
    await Promise.resolve()
    await hub.stop(run.channelId)
    await eventually('it has thrown', () => thrown)
    await new Promise(setImmediate)
    expect([await run.ended, errors]).toEqual(['stopped', []])
  })
})

describe('going down with a grace', () => {
  const until = (go: Promise<void>): Producer =>
    async function* () {
      yield 1
      await go
      yield 2
    }
  const gate = () => {
    let open: () => void = () => undefined
    const opened = new Promise<void>((resolve) => (open = resolve))
    return { opened, open }
  }
  const dataOf = async (hub: Hub, id: string) => {
    const all: string[] = []
    for await (const { data } of hub.read(id)) all.push(data)
    return all
  }

  it('lets runs come to their end, and takes no more', async () => {
    const hub = createHub({ log: memoryLog(), format: json })
    const { opened, open } = gate()
    const run = await hub.run(undefined, until(opened))
    const down = hub.shutdown({ drainMs: 60_000 })
    await expect(hub.run(undefined, async () => undefined)).rejects.toMatchObject({ code: 'SERVER_BUSY' })
    expect(await hub.isReady()).toBe(false)
    open()
    await down
    expect(await run.ended).toBe('done')
    expect(await dataOf(hub, run.channelId)).toEqual(['1', '2', '{"outcome":"done"}'])
  })

  it('ends at once when it is asked a second time', async () => {
    const hub = createHub({ log: memoryLog(), format: json })
    const run = await hub.run(undefined, until(new Promise(() => undefined)))
    const down = hub.shutdown({ drainMs: 600_000 })
    await hub.shutdown()
    await down
    expect(await run.ended).toBe('error')
  })
})

describe('what a client sends', () => {
  it.each([
    ['arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
  ])('is refused when it is %s too deep', async (_name, deep) => {
    served = await serveHub({ authorize: () => ({ role: 'operator' }) })
    await served.hub.create({ channelId: 'room' })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const response = await fetch(`${served.base}/room/send`, { ...init, body: `{"data":${deep}}` })
    expect(response.status).toBe(400)
    const brackets = JSON.stringify({ data: '['.repeat(5_000) })
    expect((await fetch(`${served.base}/room/send`, { ...init, body: brackets })).status).toBe(200)
  })
})

describe('a socket', () => {
  const closeOf = (socket: WebSocket) =>
    new Promise<number>((resolve) => socket.on('close', resolve).on('error', () => undefined))
  const opened = (socket: WebSocket) => new Promise((resolve) => socket.on('open', resolve))

  it('is told once of events that are gone, where nothing else is left', async () => {
    served = await serveHub({ hub: { format: bare }, log: { maxAgeMs: 50 } })
    const { hub, port } = served
    const run = await hub.run(undefined, async function* () {
      yield 1
      await new Promise((resolve) => setTimeout(resolve, 80))
    })
    await run.ended
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/chat/${run.channelId}/stream?onGap=event`)
    const types: string[] = []
    socket.on('message', (data) => types.push((JSON.parse(String(data)) as { type: string }).type))
    await closeOf(socket)
    expect(types.filter((type) => type === 'events').length).toBeLessThanOrEqual(1)
  })

  it.each([
    ['large', 'x'.repeat(10_000), 1],
    ['many', '{"type":"pong"}', 100],
  ])('that sends %s messages is closed', async (_name, message, count) => {
    served = await serveHub()
    await served.hub.create({ channelId: 'room' })
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}/api/chat/room/stream`)
    const closed = closeOf(socket)
    await opened(socket)
    for (let i = 0; i < count; i++) socket.send(message)
    expect(await closed).toBe(4429)
  })
})

it('reads a run of a client by the same id as ever', async () => {
  served = await serveHub()
  const { base } = served
  await readEvents(base, posting({ chunks: [{ type: 'start' }] }, { 'x-channel-id': NAME }))
  const again = await readEvents(`${base}/${NAME}`)
  expect(again.events.length).toBe(2)
})
