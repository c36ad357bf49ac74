import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createReader } from '../../src/cloud/reader.js'
import { databaseLog } from '../../src/cloud/database-log.js'
import { deserializeSSEChannel } from '../../src/cloud/deserialize-sse-channel.js'
import type { ChannelLog } from '../../src/cloud/channel-log.js'
import { isEnvelope, seqIdOf, type ChannelDescriptor, type PushEnvelope } from '../../src/cloud/wire.js'
import { createMemoryDatabase } from '../../scripts/local-cloud/cloud/memory-database.js'
import { createVendorChannel } from '../../scripts/local-cloud/cloud/vendor-channel.js'

interface Payload {
  readonly seqId: string
  readonly messageId: number
  readonly action: string
  readonly message: unknown
}

const ours: ChannelDescriptor = { appId: '__UNI__1', pushClientId: 'cid-1', seqId: seqIdOf('channel-1') }
const theirs = { appId: '__UNI__1', pushClientId: 'cid-1', seqId: 'channel-1' }

let history: string[]
let pushed: { cid: string; payload: Payload }[]
let log: ChannelLog
let sendPush: (cid: string, message: string) => void

beforeEach(() => {
  vi.useFakeTimers()
  history = []
  pushed = []
  const real = databaseLog(createMemoryDatabase())
  log = {
    ...real,
    async append(...args) {
      await real.append(...args)
      history.push(`log ${args[1].map(({ seq }) => seq).join(',')}`)
    },
  }
  sendPush = (cid, message) => {
    const { payload } = JSON.parse(message) as { payload: Payload }
    pushed.push({ cid, payload })
    const { message: content } = payload
    history.push(isEnvelope(content) ? `push ${content.from}-${content.to}` : `push #${payload.messageId}`)
  }
  vi.stubGlobal('uniCloud', {
    deserializeSSEChannel: (descriptor: ChannelDescriptor) =>
      createVendorChannel(descriptor, (cid, message) => sendPush(cid, message)),
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const settled = async <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined)
  await vi.advanceTimersByTimeAsync(10_000)
  return promise
}
const stored = async () => (await log.read('channel-1', 0, 1_000)).map(({ kind, message }) => [kind, message])

test('every write is in the log before it is pushed', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  for (let a = 1; a <= 4; a++) {
    await channel.write({ a })
    await vi.advanceTimersByTimeAsync(100)
  }
  await settled(channel.end({ a: 5 }))
  expect(history).toEqual([0, 1, 2, 3, 4].flatMap((seq) => [`log ${seq}`, `push ${seq}-${seq}`]))
  expect(await stored()).toEqual([...[1, 2, 3, 4].map((a) => ['message', { a }]), ['end', { a: 5 }]])
})

test('writes within the window share one log write and one push', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  for (let a = 0; a < 30; a++) await channel.write({ a })
  await settled(channel.end())
  expect(history).toEqual([
    'log 0',
    'push 0-0',
    'log 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30',
    'push 1-30',
  ])
  expect((pushed[1]?.payload.message as PushEnvelope).last).toBe('end')
})

test('no push is over the limit, and one message over it is a hint', async () => {
  const channel = deserializeSSEChannel(ours, { log, payloadLimit: 800 })
  for (let i = 0; i < 50; i++) await channel.write('字'.repeat(100))
  await channel.write('x'.repeat(5_000))
  await settled(channel.end())
  for (const { payload } of pushed) expect(JSON.stringify(payload).length).toBeLessThanOrEqual(800)
  expect(history).toContain('push 50-50')
  expect((await stored())[50]).toEqual(['message', 'x'.repeat(5_000)])
})

test("the vendor's own client gets plain messages, and the log has them too", async () => {
  const channel = deserializeSSEChannel(theirs, { log })
  await channel.write({ a: 1 })
  await channel.write({ a: 2 })
  await settled(channel.end({ a: 3 }))
  expect(pushed.map(({ payload }) => [payload.messageId, payload.action, payload.message])).toEqual([
    [0, 'message', { a: 1 }],
    [1, 'message', { a: 2 }],
    [2, 'end', { a: 3 }],
  ])
  expect(await stored()).toHaveLength(3)
})

test("without a log it is the vendor's channel", async () => {
  const channel = deserializeSSEChannel(JSON.stringify(theirs))
  await channel.write({ a: 1 })
  await channel.end()
  expect(pushed.map(({ payload }) => payload.action)).toEqual(['message', 'end'])
})

test('a push that fails costs nothing but the push', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  sendPush = () => {
    throw new Error('push service down')
  }
  await channel.write(1)
  await settled(channel.end(2))
  expect(await stored()).toEqual([
    ['message', 1],
    ['end', 2],
  ])
})

test('a push that hangs holds up end() for three seconds at most', async () => {
  vi.stubGlobal('uniCloud', { deserializeSSEChannel: () => ({ write: () => new Promise(() => undefined) }) })
  const channel = deserializeSSEChannel(ours, { log })
  await channel.write(1)
  const ended = channel.end()
  await vi.advanceTimersByTimeAsync(3_100)
  await ended
})

test('a push that hangs is given up after five seconds, and the next ones go out', async () => {
  let hangs = true
  vi.stubGlobal('uniCloud', {
    deserializeSSEChannel: (descriptor: ChannelDescriptor) => {
      const vendor = createVendorChannel(descriptor, (cid, message) => sendPush(cid, message))
      return {
        ...vendor,
        write: (each: unknown) => (hangs ? new Promise(() => undefined) : vendor.write(each)),
      }
    },
  })
  const channel = deserializeSSEChannel(ours, { log })
  await channel.write(1)
  await vi.advanceTimersByTimeAsync(100)
  hangs = false
  await channel.write(2)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(history).toEqual(['log 0', 'log 1'])
  await vi.advanceTimersByTimeAsync(1_100)
  expect(history).toEqual(['log 0', 'log 1', 'push 1-1'])
})

test('while push hangs a bounded number of entries waits for it, and the log has all', async () => {
  let accept: ((value?: unknown) => void) | undefined
  let items = 0
  const write = ({ items: some = [] }: PushEnvelope) => {
    items += some.length
    return new Promise((resolve) => (accept = resolve))
  }
  vi.stubGlobal('uniCloud', { deserializeSSEChannel: () => ({ write }) })
  const channel = deserializeSSEChannel(ours, { log, payloadLimit: 1_000_000 })
  for (let count = 0; count < 40; count++) {
    for (let i = 0; i < 100; i++) await channel.write(i)
    await vi.advanceTimersByTimeAsync(100)
  }
  const ended = channel.end()
  // From now on it accepts at once.
  for (let turn = 0; turn < 50; turn++) {
    accept?.()
    await vi.advanceTimersByTimeAsync(100)
  }
  await ended
  expect(items).toBeLessThan(1_000)
  expect(await log.read('channel-1', 0, 5_000)).toHaveLength(4_001)
})

test("the vendor's own client, which reads no log, gets all pushes in order however long one hangs", async () => {
  let accept: (() => void) | undefined
  vi.stubGlobal('uniCloud', {
    deserializeSSEChannel(descriptor: ChannelDescriptor) {
      const vendor = createVendorChannel(descriptor, (cid, message) => sendPush(cid, message))
      const first = new Promise<void>((resolve) => (accept = resolve))
      return { ...vendor, write: (message: unknown) => vendor.write(message).then(() => first) }
    },
  })
  const channel = deserializeSSEChannel(theirs, { log })
  const all = Array.from({ length: 2_000 }, (_, a) => a)
  const written = (async () => {
    for (const a of all) await channel.write(a)
    await channel.end('end')
  })()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(pushed).toHaveLength(1)
  accept?.()
  await settled(written)
  expect(pushed.map(({ payload }) => payload.message)).toEqual([...all, 'end'])
})

test('what is no JSON is refused by name and leaves no hole', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  const circle: { self?: unknown } = {}
  circle.self = circle
  for (const bad of [circle, () => undefined, 1n])
    await expect(channel.write(bad)).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
  await channel.write('good')
  await expect(channel.end(circle)).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
  await settled(channel.end('end'))
  expect((await log.read('channel-1', 0, 10)).map(({ seq, message }) => [seq, message])).toEqual([
    [0, 'good'],
    [1, 'end'],
  ])
})

test('a log that fails for a moment is written again; one that stays down fails the write', async () => {
  let failures = 2
  const { append } = log
  const flaky: ChannelLog = {
    ...log,
    append: (...args) => (failures-- > 0 ? Promise.reject(new Error('timeout')) : append(...args)),
  }
  const channel = deserializeSSEChannel(ours, { log: flaky })
  await channel.write(1)
  await settled(channel.end())
  expect(await stored()).toHaveLength(2)

  failures = Infinity
  const other = deserializeSSEChannel({ ...ours, seqId: seqIdOf('channel-2') }, { log: flaky })
  await other.write(1)
  await expect(settled(other.end())).rejects.toMatchObject({ code: 'LOG_FAILED' })
  await expect(other.write(2)).rejects.toMatchObject({ code: 'LOG_FAILED' })
})

test('a call that came twice is refused before its first write, and changes nothing for the first one', async () => {
  const first = deserializeSSEChannel(ours, { log })
  await first.claim()
  const second = deserializeSSEChannel(ours, { log })
  await expect(second.claim()).rejects.toMatchObject({ code: 'CHANNEL_CLAIMED' })
  await expect(second.claim()).rejects.toThrow(/CHANNEL_CLAIMED/)
  await expect(second.write('again')).rejects.toMatchObject({ code: 'CHANNEL_CLAIMED' })
  await expect(second.end()).rejects.toMatchObject({ code: 'CHANNEL_CLAIMED' })
  await first.claim()
  await first.write(1)
  await settled(first.end())
  expect(await stored()).toEqual([
    ['message', 1],
    ['end', null],
  ])
})

test("of ten calls at once in the vendor's shape one gets to write, and a stop is heard by that one", async () => {
  const calls = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const channel = deserializeSSEChannel(ours, { log })
      const heard = vi.fn()
      channel.onStop(heard)
      const refused = await channel.write(1).then(
        () => undefined,
        (thrown: { code: string }) => thrown.code,
      )
      return { heard, refused }
    }),
  )
  await createReader({ log })({ action: 'stop', channelId: 'channel-1' })
  await vi.advanceTimersByTimeAsync(1_100)
  expect(calls.filter(({ refused }) => refused === undefined)).toHaveLength(1)
  expect(calls.filter(({ refused }) => refused === 'CHANNEL_CLAIMED')).toHaveLength(9)
  for (const { heard, refused } of calls) expect(heard).toHaveBeenCalledTimes(refused ? 0 : 1)
  expect(await stored()).toEqual([
    ['message', 1],
    ['stopped', null],
  ])
})

test('a log that cannot tell whose the channel is refuses by name, with what the storage said', async () => {
  const claim = () => Promise.reject(new Error('not found collection'))
  const channel = deserializeSSEChannel(ours, { log: { ...log, claim } })
  const refused = await settled(channel.write(1).catch((thrown: unknown) => thrown))
  expect(refused).toMatchObject({
    code: 'LOG_FAILED',
    message: expect.stringContaining('(not found collection)') as string,
  })
  expect(await stored()).toEqual([])
})

test('a stop request reaches the running function within a second and ends the log', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  const heard = vi.fn()
  channel.onStop(heard)
  await channel.write(1)
  await createReader({ log })({ action: 'stop', channelId: 'channel-1' })
  await vi.advanceTimersByTimeAsync(1_100)
  expect([channel.stopped, heard.mock.calls.length]).toEqual([true, 1])
  await expect(channel.write(2)).rejects.toMatchObject({ code: 'CHANNEL_STOPPED' })
  expect(await stored()).toEqual([
    ['message', 1],
    ['stopped', null],
  ])
})

test('a stop listener that throws keeps nothing from the others, and the next write tells of it', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  const heard = vi.fn()
  channel.onStop(() => {
    throw new Error('abort failed')
  })
  channel.onStop(heard)
  await channel.write(1)
  await createReader({ log })({ action: 'stop', channelId: 'channel-1' })
  await vi.advanceTimersByTimeAsync(1_100)
  expect(heard).toHaveBeenCalledTimes(1)
  await expect(channel.write(2)).rejects.toMatchObject({
    code: 'CHANNEL_STOPPED',
    cause: expect.objectContaining({ message: 'abort failed' }) as Error,
  })
})

test('a function that writes for longer than ten minutes still hears a stop; one that wrote nothing is forgotten', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  for (let minute = 0; minute < 12; minute++) {
    await channel.write(minute)
    await vi.advanceTimersByTimeAsync(60_000)
  }
  await createReader({ log })({ action: 'stop', channelId: 'channel-1' })
  await vi.advanceTimersByTimeAsync(1_100)
  expect(channel.stopped).toBe(true)

  const control = vi.spyOn(log, 'control')
  deserializeSSEChannel({ ...ours, seqId: seqIdOf('channel-2') }, { log })
  await vi.advanceTimersByTimeAsync(610_000)
  control.mockClear()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(control).not.toHaveBeenCalled()
})

test('a write after the end is refused and changes nothing', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  await settled(channel.end())
  await expect(channel.write(1)).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
  await expect(channel.end()).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
  expect(await stored()).toHaveLength(1)
})

test('pushes follow a client whose push id changed', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  await channel.write(1)
  await vi.advanceTimersByTimeAsync(100)
  await createReader({ log })({ action: 'move', channelId: 'channel-1', pushClientId: 'cid-2' })
  await vi.advanceTimersByTimeAsync(1_100)
  await channel.write(2)
  await settled(channel.end())
  expect(pushed.map(({ cid }) => cid)).toEqual(['cid-1', 'cid-2', 'cid-2'])
})

test('a reader pages through a long log and tells when the function last lived', async () => {
  const channel = deserializeSSEChannel(ours, { log })
  for (let i = 0; i < 450; i++) await channel.write(i)
  await settled(channel.end())
  const read = createReader({ log })
  const seen: unknown[] = []
  for (let from = 0, more = true; more; from = seen.length) {
    const answer = await read({ action: 'read', channelId: 'channel-1', from })
    expect(answer.beatAt).toBeGreaterThan(0)
    seen.push(...answer.entries.map(({ message }) => message))
    more = answer.more
  }
  expect(seen).toEqual([...Array.from({ length: 450 }, (_, i) => i), null])
})

test('a reader refuses strangers and nonsense', async () => {
  const read = createReader({ log, authorize: (id) => id === 'mine' })
  await expect(read({ action: 'read', channelId: 'yours', from: 0 })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  const readMine = { action: 'read', channelId: 'mine', from: 0 } as const
  await expect(read(readMine)).resolves.toMatchObject({ entries: [] })
  for (const bad of [
    {},
    { action: 'read', channelId: 'mine' },
    { ...readMine, from: -1 },
    { action: 'drop', channelId: 'mine' },
    null,
  ])
    await expect(read(bad as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test('a reader whose log fails says so by name', async () => {
  const control = () => Promise.reject(new Error('not found collection'))
  const read = createReader({ log: { ...log, control } })
  await expect(settled(read({ action: 'read', channelId: 'mine', from: 0 }))).rejects.toMatchObject({
    code: 'LOG_FAILED',
    message: expect.stringContaining('(not found collection)') as string,
  })
})

test('what is no channel is refused by name', () => {
  for (const bad of [undefined, null, 'text', {}, { ...ours, seqId: '' }, { ...ours, seqId: seqIdOf('') }])
    expect(() => deserializeSSEChannel(bad, { log })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS' }),
    )
})
