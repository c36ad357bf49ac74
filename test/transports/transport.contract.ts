import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ChannelError } from '../../src/core/channel-error.js'
import type { StartRequest } from '../../src/server/http/start.js'
import type { Transport, TransportRequest } from '../../src/transports/transport.js'
import { deferred } from '../helpers/deferred.js'
import { eventually } from '../helpers/eventually.js'
import { createTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js'
import { scripted, serveHub, type Served } from '../server/http/serve-hub.js'
import { recordStream, type Heard } from './record-stream.js'

/**
 * What a transport can't do; everything else is demanded of it.
 * - `post`: no start. `headers`: none of the application's. `status`: a refusal looks like a lost connection.
 * - `channel-id`: the server's id is not told. `heartbeat`, `retry`: not told.
 * - `announces-end`: an end in order looks like a lost connection. `body`: of a refusal, only the status is told.
 */
export type Gap =
  'post' | 'headers' | 'status' | 'channel-id' | 'heartbeat' | 'retry' | 'announces-end' | 'body'

/** Where a transport runs: here, or in a browser. */
export interface TransportHost {
  open(request: TransportRequest, hangUpAfter?: number): Promise<Opened>
  /** Puts what the transport needs into the realm. */
  install?(): Promise<void> | void
  uninstall?(): Promise<void> | void
}

export interface Opened {
  heard(): Promise<Heard> | Heard
  hangUp(): Promise<void> | void
}

/** A transport in this process. */
export const localHost = (transport: Transport, install?: () => () => void): TransportHost => {
  let undo: (() => void) | undefined
  return {
    install: () => void (undo = install?.()),
    uninstall: () => undo?.(),
    open(request, hangUpAfter) {
      const { heard, hangUp } = recordStream(transport, request, hangUpAfter)
      return Promise.resolve({ heard: () => heard, hangUp })
    },
  }
}

const texts = ['流', '🀄️ mahjong', 'line one\nline two', ' leading space', 'é'.repeat(40)]
const chunks = texts.map((delta) => ({ type: 'text-delta', id: '1', delta }))

/** What every transport must do towards a server of docs/protocol.md, through a proxy that breaks connections. */
export function transportContract(name: string, host: TransportHost, gaps: readonly Gap[] = []): void {
  const lacks = (gap: Gap) => gaps.includes(gap)

  describe(`${name} keeps the transport contract`, () => {
    let served: Served
    let proxy: TcpProxy
    let base: string
    let start: StartRequest | undefined
    let unreached = 0

    beforeAll(async () => {
      await host.install?.()
    })
    afterAll(async () => {
      await host.uninstall?.()
    })
    beforeEach(async () => {
      served = await serveHub({
        // A socket that answers none of three is cut: time enough for one that gets its bytes one by one, and for a
        // page on a busy machine.
        heartbeatMs: 1_000,
        retryMs: 1234,
        cors: '*',
        start(request) {
          start = request
          const { refuse } = request.body as { refuse?: boolean }
          if (refuse) throw new ChannelError('RATE_LIMITED', 'slowly', { retryAfterMs: 7000 })
          return scripted(request.body)
        },
      })
      proxy = await createTcpProxy(served.port)
      base = `http://127.0.0.1:${proxy.port}/api/chat`
      unreached++
    })
    afterEach(async () => {
      await served.close()
      await proxy.close()
    })

    const newId = () =>
      `contract-${String(unreached).padStart(4, '0')}-${Math.random().toString(36).slice(2)}`

    /** Starts a run without the transport. Its end comes with `chunks` alone. */
    async function begin(body: object): Promise<string> {
      const id = newId()
      await served.hub.run(id, scripted(body))
      return id
    }

    const readOf = (id: string, cursor?: string): TransportRequest => ({
      method: 'GET',
      url: `${base}/${id}/stream`,
      headers: { accept: 'text/event-stream' },
      ...(cursor !== undefined && { lastEventId: cursor }),
    })

    const startOf = (id: string, body: object): TransportRequest => ({
      method: 'POST',
      url: base,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-channel-id': id },
      body: JSON.stringify(body),
    })

    const isOver = ({ calls }: Heard) => calls.some((call) => /finished|ended|lost/.test(call))

    async function until(opened: Opened, what: string, holds: (heard: Heard) => boolean): Promise<Heard> {
      let heard = await opened.heard()
      await eventually(
        () => `${what}; heard ${heard.calls.join(' ')} ${heard.error?.code ?? ''}`,
        async () => holds((heard = await opened.heard())),
      )
      return heard
    }

    async function hear(request: TransportRequest): Promise<Heard> {
      return until(await host.open(request), 'the end', isOver)
    }

    const deltasOf = ({ events }: Heard) =>
      events
        .map(({ data }) => (data === '[DONE]' ? {} : (JSON.parse(data) as { delta?: string })))
        .map(({ delta }) => delta)
        .filter((delta) => delta !== undefined)

    const told = (heard: Heard) => heard.calls.filter((call) => call !== 'activity' && call !== 'retry')
    const over = lacks('announces-end') ? 'lost' : 'ended'

    test('every event arrives once, in order, with its cursor, then the end', async () => {
      const heard = await hear(readOf(await begin({ chunks })))
      expect(deltasOf(heard)).toEqual(texts)
      expect(heard.events.map(({ id }) => id.split('_')[1])).toEqual(['0', '1', '2', '3', '4', '5'])
      expect(heard.events[5]).toMatchObject({ type: 'message', data: '[DONE]' })
      expect(told(heard)).toEqual(['opened', ...heard.events.map(() => 'event'), over])
    })

    test('a read after a cursor gives what comes after it', async () => {
      const id = await begin({ chunks })
      const { events } = await hear(readOf(id))
      const heard = await hear(readOf(id, events[2]?.id))
      expect(heard.events).toEqual(events.slice(3))
    })

    test.skipIf(lacks('post'))('a start runs what the body says under the proposed id', async () => {
      const id = newId()
      const heard = await hear(startOf(id, { chunks, note: '你好 😀 "quoted"' }))
      expect(start).toMatchObject({ channelId: id, body: { note: '你好 😀 "quoted"' } })
      expect(deltasOf(heard)).toEqual(texts)
      if (!lacks('channel-id')) expect(heard.channelId).toBe(id)
    })

    test.skipIf(lacks('headers'))("the application's headers reach the server", async () => {
      const request = startOf(newId(), { chunks })
      await hear({ ...request, headers: { ...request.headers, authorization: 'Bearer t' } })
      expect(start?.headers['authorization']).toBe('Bearer t')
    })

    test.skipIf(!lacks('post'))('a start is refused before anything is sent', async () => {
      await expect(host.open(startOf(newId(), { chunks }))).rejects.toThrow(/EventSource/)
      expect(proxy.connections).toBe(0)
    })

    test('an event is told when it comes, not when the stream ends', async () => {
      const id = await begin({ chunks, wait: true })
      const opened = await host.open(readOf(id))
      const heard = await until(opened, 'all events', ({ events }) => events.length === texts.length)
      expect(isOver(heard)).toBe(false)
      await opened.hangUp()
    })

    test('characters cut at every byte arrive whole', async () => {
      proxy.plan = () => ({ bytesPerWrite: 1 })
      expect(deltasOf(await hear(readOf(await begin({ chunks }))))).toEqual(texts)
    })

    test('an unknown channel is CHANNEL_NOT_FOUND, once', async () => {
      const heard = await hear(readOf('no-such-channel-at-all'))
      expect(heard.calls).toEqual(['lost'])
      if (lacks('status')) expect(heard.error).toMatchObject({ code: 'CONNECTION_LOST' })
      else expect(heard.error).toMatchObject({ code: 'CHANNEL_NOT_FOUND', status: 404 })
    })

    test.skipIf(lacks('status') || lacks('post'))(
      'a refused start tells code, status and pause',
      async () => {
        const heard = await hear(startOf(newId(), { refuse: true }))
        expect(heard.calls).toEqual(['lost'])
        expect(heard.error).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
        if (!lacks('body')) expect(heard.error?.retryAfterMs).toBe(7000)
      },
    )

    test.skipIf(lacks('status'))('a cursor of another life is HISTORY_EXPIRED', async () => {
      const heard = await hear(readOf(await begin({ chunks }), 'other_3'))
      expect(heard.error).toMatchObject({ code: 'HISTORY_EXPIRED', status: 410 })
    })

    test.skipIf(lacks('status'))('a cursor at the end is finished', async () => {
      const id = await begin({ chunks })
      const { events } = await hear(readOf(id))
      const heard = await hear(readOf(id, events[events.length - 1]?.id))
      expect(told(heard).filter((call) => call !== 'opened')).toEqual(['finished'])
    })

    test.skipIf(lacks('heartbeat'))('silence is filled with signs of life', async () => {
      const opened = await host.open(readOf(await begin({ wait: true })))
      await until(opened, 'a heartbeat', ({ calls }) => calls.includes('activity'))
      await opened.hangUp()
    })

    test.skipIf(lacks('retry'))("the server's wish for a pause is told", async () => {
      const opened = await host.open(readOf(await begin({ wait: true })))
      await until(opened, 'retry', ({ retryMs }) => retryMs === 1234)
      await opened.hangUp()
    })

    test('a connection that breaks is CONNECTION_LOST after what arrived', async () => {
      const opened = await host.open(readOf(await begin({ chunks, wait: true })))
      await until(opened, 'events', ({ events }) => events.length === texts.length)
      // Browsers send a GET again by themselves when a kept connection breaks under it.
      proxy.plan = () => ({ mode: 'refuse' })
      proxy.destroyAll()
      const heard = await until(opened, 'the loss', isOver)
      expect(heard.calls.filter((call) => call === 'lost')).toHaveLength(1)
      expect(heard.error?.code).toBe('CONNECTION_LOST')
      expect(heard.error?.status).toBeUndefined()
    })

    test('a connection that is refused is CONNECTION_LOST, and nothing else', async () => {
      const id = await begin({ wait: true })
      proxy.plan = () => ({ mode: 'refuse' })
      const heard = await hear(readOf(id))
      expect(heard.calls).toEqual(['lost'])
      expect(heard.error?.code).toBe('CONNECTION_LOST')
      expect(heard.error?.status).toBeUndefined()
    })

    test('a server that goes ends its streams in order, without the end of the run', async () => {
      const opened = await host.open(readOf(await begin({ chunks, wait: true })))
      await until(opened, 'events', ({ events }) => events.length === texts.length)
      await Promise.all([served.handler.close(), served.sockets.close()])
      const heard = await until(opened, 'the end', isOver)
      expect(told(heard).at(-1)).toMatch(/ended|lost/)
      expect(heard.events).toHaveLength(texts.length)
    })

    test('a hang-up reaches the server, and nothing is told after it', async () => {
      const opened = await host.open(readOf(await begin({ chunks, wait: true })))
      await until(opened, 'events', ({ events }) => events.length === texts.length)
      await opened.hangUp()
      const { calls } = await opened.heard()
      const before = calls.filter((call) => call !== 'activity').length
      await eventually('no readers', async () => (await served.hub.getStats()).connections === 0)
      const after = (await opened.heard()).calls.filter((call) => call !== 'activity')
      expect(after).toHaveLength(before)
    })

    test('a hang-up inside an event keeps back the rest', async () => {
      const opened = await host.open(readOf(await begin({ chunks })), 2)
      await until(opened, 'two events', ({ events }) => events.length === 2)
      await eventually('no readers', async () => (await served.hub.getStats()).connections === 0)
      expect(told(await opened.heard())).toEqual(['opened', 'event', 'event'])
    })

    test('a hang-up before the head tells nothing', async () => {
      const id = await begin({ chunks })
      const hungUp = deferred()
      proxy.plan = () => ({ heldUntil: hungUp.promise })
      const opened = await host.open(readOf(id))
      await eventually('a connection', () => proxy.connections > 0)
      await opened.hangUp()
      hungUp.resolve()
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect((await opened.heard()).calls).toEqual([])
    })

    test('two streams opened in the same millisecond do not mix', async () => {
      const ids = await Promise.all(['a', 'b'].map((mark) => begin({ chunks: [{ type: mark }] })))
      const opened = await Promise.all(ids.map((id) => host.open(readOf(id))))
      const all = await Promise.all(opened.map((one) => until(one, 'the end', isOver)))
      expect(all.map(({ events }) => events[0]?.data)).toEqual(['{"type":"a"}', '{"type":"b"}'])
    })
  })
}
