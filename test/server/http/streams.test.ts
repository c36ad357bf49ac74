import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ChannelEvent } from '../../../src/core/channel-event.js'
import { readChatInput } from '../../../src/server/producers/chat-input.js'
import { composeDemoAnswer } from '../../../src/server/producers/demo-answer.js'
import { demoModel } from '../../../src/server/producers/demo-model.js'
import { eventually } from '../../helpers/eventually.js'
import { createFaultProxy } from '../../helpers/fault-proxy.js'
import { posting, readEvents, textOf } from '../../helpers/read-events.js'
import { scripted, serveHub, type Served, type ServeOptions } from './serve-hub.js'

let served: Served
const serve = async (options: ServeOptions = {}) => (served = await serveHub(options))
afterEach(() => served.close())

const ID = 'abcdefghij0123456789'
const PROMPT = '请介绍流式传输与断线重连 📡'
const model = demoModel({ paceMs: 0, minBytes: 20_000 })
const answering: ServeOptions = { start: ({ body }) => model(readChatInput(body)) }

/** Reads to the end of the run however often the connection breaks, each time from its cursor. */
async function readToEnd(url: string, seen: ChannelEvent[], piece: () => number): Promise<number> {
  let connections = 0
  while (seen[seen.length - 1]?.data !== '[DONE]') {
    const last = seen[seen.length - 1]
    const limit = piece()
    const headers = last ? { 'last-event-id': last.id } : undefined
    const { events } = await readEvents(url, headers ? { headers } : {}, (now) => now.length >= limit).catch(
      () => ({
        events: [],
      }),
    )
    seen.push(...events)
    connections++
  }
  return connections
}

const seqs = (events: readonly ChannelEvent[]) => events.map((event) => Number(event.id.split('_')[1]))
const dense = (length: number) => Array.from({ length }, (_, i) => i)

describe('a stream', () => {
  it('is byte-identical for a reader that reconnects after every few events', async () => {
    const { base, hub } = await serve(answering)
    const { text } = composeDemoAnswer(PROMPT, 20_000)
    const seen: ChannelEvent[] = []
    const first = await readEvents(
      base,
      posting({ prompt: PROMPT }, { 'x-channel-id': ID }),
      (now) => now.length >= 3,
    )
    seen.push(...first.events)
    let size = 0
    const connections = await readToEnd(`${base}/${ID}/stream`, seen, () => 1 + ((size += 37) % 61))
    expect(connections).toBeGreaterThan(50)
    expect(Buffer.from(textOf(seen)).equals(Buffer.from(text))).toBe(true)
    expect(Buffer.byteLength(text)).toBeGreaterThan(20_000)
    expect(seqs(seen)).toEqual(dense(seen.length))
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'done' })
  })

  it('is byte-identical through a proxy that resets it at any byte and writes single bytes', async () => {
    const paced = demoModel({ paceMs: 0.5, minBytes: 3_000 })
    const { port } = await serve({ start: ({ body }) => paced(readChatInput(body)) })
    const proxy = await createFaultProxy(port)
    let size = 0
    proxy.set({ bytesPerWrite: 1, cutAfterBytes: () => 1_000 + ((size += 7_919) % 9_001) })
    const seen: ChannelEvent[] = []
    const url = `${proxy.url}/api/chat`
    seen.push(...(await readEvents(url, posting({ prompt: PROMPT }, { 'x-channel-id': ID }))).events)
    const connections = await readToEnd(`${url}/${ID}/stream`, seen, () => Infinity)
    expect(connections).toBeGreaterThan(3)
    expect(textOf(seen)).toBe(composeDemoAnswer(PROMPT, 3_000).text)
    expect(seqs(seen)).toEqual(dense(seen.length))
    expect(proxy.posts('/api/chat')).toBe(1)
    await proxy.close()
  })

  it('goes on without its reader: a disconnect does not stop the run', async () => {
    const { base, hub } = await serve()
    const chunks = [{ type: 'start' }]
    const init = posting({ chunks, wait: true }, { 'x-channel-id': ID })
    await readEvents(base, init, (events) => events.length === 1)
    await eventually('the reader is gone', async () => (await hub.getStats()).connections === 0)
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'active' })
  })

  it('sends a comment in each period of silence, to every connection, and none after the end', async () => {
    // Of all here only the heartbeat uses the global setInterval.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const { base, hub } = await serve({ heartbeatMs: 80 })
      const init = posting({ wait: true }, { 'x-channel-id': ID })
      const reading = [readEvents(base, init)]
      await eventually('it runs', async () => (await hub.getStats()).connections === 1)
      for (let i = 0; i < 9; i++) reading.push(readEvents(`${base}/${ID}`))
      await eventually('all read', async () => (await hub.getStats()).connections === 10)
      vi.advanceTimersByTime(5 * 80)
      await hub.stop(ID)
      for (const { comments, events } of await Promise.all(reading)) {
        expect(comments).toBe(5)
        expect(events).toHaveLength(2)
      }
      await eventually('nobody is there', async () => (await hub.getStats()).connections === 0)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('holds no timer once the last connection is gone', async () => {
    // Of all here only the heartbeat uses the global setInterval.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const { port, hub } = await serve()
      await hub.create({ channelId: 'a' })
      expect(vi.getTimerCount()).toBe(0)
      const sockets = await Promise.all([stall(port, '/api/chat/a'), stall(port, '/api/chat/a')])
      await eventually('both are connected', async () => (await hub.getStats()).connections === 2)
      expect(vi.getTimerCount()).toBe(1)
      for (const socket of sockets) socket.destroy()
      await eventually('they are gone', async () => (await hub.getStats()).connections === 0)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('cuts a reader that does not read, at its bound, while others get everything', async () => {
    const { base, port, hub } = await serve({ limits: { maxPendingBytes: 256 * 1024 } })
    await hub.create({ channelId: 'prices' })
    const healthy = readEvents(`${base}/prices`)
    const stalled = await stall(port, '/api/chat/prices')
    await eventually('both are connected', async () => (await hub.getStats()).connections === 2)
    const data = 'x'.repeat(16 * 1024)
    const heap = process.memoryUsage().rss
    for (let i = 0; i < 2_000; i++) {
      await hub.send({ channelId: 'prices', data })
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await hub.getStats()).connections).toBe(1)
    expect(process.memoryUsage().rss - heap).toBeLessThan(150 * 1024 * 1024)
    await hub.close('prices')
    const { events, ending } = await healthy
    expect(ending).toBe('complete')
    expect(seqs(events)).toEqual(dense(2_001))
    stalled.destroy()
  })

  it('lets one event through that is larger than the bound', async () => {
    const { base, hub } = await serve({ limits: { maxPendingBytes: 1024 } })
    await hub.create({ channelId: 'big' })
    let arrived = 0
    const reading = readEvents(`${base}/big`, {}, (now) => {
      arrived = now.length
      return false
    })
    await eventually('it is connected', async () => (await hub.getStats()).connections === 1)
    await hub.send({ channelId: 'big', data: 'x'.repeat(3_000_000) })
    await eventually('it has arrived', () => arrived === 1)
    await hub.close('big')
    const { events } = await reading
    expect(events.map((event) => event.data.length)).toEqual([3_000_002, '{"outcome":"done"}'.length])
  })

  it('hands a long history to a slow reader in pages, without a hole', async () => {
    const { port, hub } = await serve({ limits: { maxPendingBytes: 64 * 1024 } })
    await hub.create({ channelId: 'log' })
    for (let i = 0; i < 3_000; i++) await hub.send({ channelId: 'log', data: `${i} ${'x'.repeat(1_000)}` })
    await hub.close('log')
    const socket = await stall(port, '/api/chat/log')
    let text = ''
    socket.setEncoding('utf8').on('data', (piece) => {
      text += String(piece)
      socket.pause()
      setTimeout(() => socket.resume(), 1)
    })
    socket.resume()
    await eventually('the end has come', () => text.includes('event: end'))
    expect([...text.matchAll(/data: "(\d+) /g)].map((match) => Number(match[1]))).toEqual(dense(3_000))
    socket.destroy()
  })

  it('serves a thousand short runs at once', async () => {
    const { base, hub, errors } = await serve()
    const chunks = [{ type: 'start' }, { type: 'text-delta', id: 't', delta: '好' }, { type: 'finish' }]
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => readEvents(base, posting({ chunks }))),
    )
    expect(answers.every((answer) => answer.status === 200 && answer.events.length === 4)).toBe(true)
    expect(new Set(answers.map((answer) => answer.headers.get('x-channel-id'))).size).toBe(1_000)
    await eventually('all readers are gone', async () => (await hub.getStats()).connections === 0)
    expect(await hub.getStats()).toMatchObject({ activeChannels: 0, totalMessages: 4_000 })
    expect(errors).toEqual([])
  })
})

describe('handler.close', () => {
  it('ends streams in order, refuses new ones with 503, and leaves runs alone', async () => {
    const { base, hub, handler } = await serve()
    const reading = readEvents(base, posting({ wait: true }, { 'x-channel-id': ID }))
    await eventually('it runs', async () => (await hub.getStats()).connections === 1)
    await handler.close()
    expect(await reading).toMatchObject({ ending: 'complete', events: [] })
    const refused = await fetch(`${base}/${ID}`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'active' })
  })

  it('cuts a connection that hangs, and leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const { port, hub, handler } = await serve({ heartbeatMs: 60_000, limits: { maxPendingBytes: Infinity } })
    await hub.create({ channelId: 'a' })
    const socket = await stall(port, '/api/chat/a')
    await eventually('it is connected', async () => (await hub.getStats()).connections === 1)
    for (let i = 0; i < 300; i++) {
      await hub.send({ channelId: 'a', data: 'x'.repeat(40_000) })
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await hub.getStats()).connections).toBe(1)
    await handler.close()
    expect((await hub.getStats()).connections).toBe(0)
    socket.destroy()
    await eventually('no timer is left', () => timers() <= before)
  })

  it('ends a stream whose run was created while it closed', async () => {
    let go: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (go = resolve))
    let asked = false
    const { base, handler, hub } = await serve({
      start: async ({ body }) => {
        asked = true
        await gate
        return scripted(body)
      },
    })
    const reading = readEvents(base, posting({ wait: true }, { 'x-channel-id': ID }))
    await eventually('it is asked', () => asked)
    await handler.close()
    go()
    expect(await reading).toMatchObject({ status: 200, ending: 'complete' })
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'active' })
  })
})

/** A client that sends a GET and then reads nothing. */
function stall(port: number, path: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.pause()
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`, () => resolve(socket))
    })
    socket.on('error', () => undefined)
  })
}
