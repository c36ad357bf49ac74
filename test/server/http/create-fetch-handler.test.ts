import { afterEach, describe, expect, it } from 'vitest'
import { createHub } from '../../../src/server/hub/create-hub.js'
import { createFetchHandler, type FetchHandler } from '../../../src/server/http/create-fetch-handler.js'
import type { HandlerOptions } from '../../../src/server/http/handler-options.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import type { Signal } from '../../../src/server/hub/signal.js'
import { eventually } from '../../helpers/eventually.js'
import { posting } from '../../helpers/read-events.js'
import { scripted } from './serve-hub.js'

const ID = 'abcdefghij0123456789'
const BASE = 'https://edge.example/api/chat'

let handler: FetchHandler
afterEach(() => handler.close())

function setup(options: Partial<HandlerOptions> = {}) {
  const hub = createHub({ log: memoryLog(), onError: () => undefined })
  const signals: Signal[] = []
  hub.observe((signal) => signals.push(signal))
  handler = createFetchHandler(hub, {
    basePath: '/api/chat',
    start: ({ body }) => scripted(body),
    ...options,
  })
  const reasons = () => signals.flatMap((signal) => (signal.kind === 'disconnect' ? [signal.reason] : []))
  const connections = async () => (await hub.getStats()).connections
  return {
    hub,
    reasons,
    connections,
    ask: (path: string, init?: RequestInit) => new Request(BASE + path, init),
  }
}

describe('createFetchHandler', () => {
  it('cuts a reader that does not read, at its bound, while others get everything', async () => {
    const { hub, ask, reasons, connections } = setup({ limits: { maxPendingBytes: 256 * 1024 } })
    await hub.create({ channelId: ID })
    const stalled = await handler(ask(`/${ID}`))
    const healthy = (await handler(ask(`/${ID}`))).text()
    await eventually('both read', async () => (await connections()) === 2)
    const data = 'x'.repeat(16 * 1024)
    for (let i = 0; i < 100; i++) {
      await hub.send({ channelId: ID, data })
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await connections()).toBe(1)
    expect(reasons()).toEqual(['slow'])
    await expect(stalled.text()).rejects.toThrow()
    await hub.close(ID)
    expect((await healthy).match(/^id: /gm)).toHaveLength(101)
  })

  it('hands a long history to a slow reader in pages, without a hole and within its bound', async () => {
    const { hub, ask } = setup({ limits: { maxPendingBytes: 256 * 1024 } })
    await hub.create({ channelId: ID })
    for (let i = 0; i < 2_000; i++) await hub.send({ channelId: ID, data: `${i} ${'x'.repeat(1_000)}` })
    await hub.close(ID)
    const { body } = await handler(ask(`/${ID}`))
    let text = ''
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const seen = [...text.matchAll(/data: "(\d+) /g)].map((match) => Number(match[1]))
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, i) => i))
  })

  it('forgets a reader that cancels or whose request is aborted, and leaves its run alone', async () => {
    const { hub, ask, reasons, connections } = setup()
    const started = await handler(ask('', posting({ wait: true }, { 'x-channel-id': ID })))
    const abort = new AbortController()
    await handler(ask(`/${ID}`, { signal: abort.signal }))
    const poll = handler(ask(`/${ID}/events`, { signal: abort.signal }))
    await eventually('three read', async () => (await connections()) === 3)
    abort.abort()
    await started.body?.cancel()
    await eventually('none reads', async () => (await connections()) === 0)
    expect(reasons()).toEqual(['client', 'client'])
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'active' })
    await hub.stop(ID)
    await Promise.race([poll, Promise.resolve()])
  })

  it('refuses a body that trickles or is too large without an announcement', async () => {
    const { ask } = setup({ limits: { maxBodyBytes: 100, bodyTimeoutMs: 1_000 } })
    const headers = { 'content-type': 'application/json' }
    const streaming = (body: ReadableStream) =>
      ask('', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
    let cancelled = 0
    const never = new ReadableStream({ cancel: () => void cancelled++ })
    expect((await handler(streaming(never))).status).toBe(400)
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64)),
      cancel: () => void cancelled++,
    })
    expect((await handler(streaming(endless))).status).toBe(413)
    expect(cancelled).toBe(2)
  })

  it('leaves other addresses to next, and limits by the address it is told', async () => {
    const { hub, ask } = setup({ limits: { requests: { capacity: 1, perSecond: 0.01 } } })
    await hub.create({ channelId: ID })
    const elsewhere = new Request('https://edge.example/page')
    expect((await handler(elsewhere)).status).toBe(404)
    expect(await (await handler(elsewhere, { next: () => new Response('page') })).text()).toBe('page')
    const poll = () => ask(`/${ID}/events?waitMs=0`)
    const statuses = []
    for (const address of ['10.0.0.1', '10.0.0.1', '10.0.0.2'])
      statuses.push((await handler(poll(), { address })).status)
    expect(statuses).toEqual([200, 429, 200])
  })
})
