import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createAutoTransport } from '../../src/transports/auto.js'
import { fetchTransport } from '../../src/transports/fetch.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import type { Transport } from '../../src/transports/transport.js'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { deferred, type Deferred } from '../helpers/deferred.js'
import { eventually } from '../helpers/eventually.js'
import { beginStream, startHttpServer } from '../helpers/http-server.js'
import { listen } from '../helpers/listen.js'
import { manualClock, type ManualClock } from '../helpers/manual-clock.js'
import { createTcpProxy } from '../helpers/tcp-proxy.js'
import { installUni } from '../helpers/uni-request.js'
import { installUniSocket } from '../helpers/uni-socket.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'
import { recordStream } from './record-stream.js'
import { runSession } from './run-session.js'
import { localHost, transportContract } from './transport.contract.js'

/** Notes what is dialled, and what is heard of it besides events. */
const noting = (transport: Transport, dials: string[], heard: string[] = []): Transport => ({
  ...transport,
  stream(request, observer) {
    dials.push(
      `${request.method} ${transport.name}${request.lastEventId === undefined ? '' : ' from a cursor'}`,
    )
    return transport.stream(request, {
      ...observer,
      opened(head) {
        observer.opened(head)
        heard.push('opened')
      },
      activity() {
        observer.activity()
        heard.push('activity')
      },
    })
  },
})

const withoutHeartbeats: Transport = {
  ...fetchTransport,
  stream: (request, observer) => fetchTransport.stream(request, { ...observer, activity: () => undefined }),
}

/** An address where nobody listens. */
const nowhere = 'http://127.0.0.1:1/nobody'

const words = ['一', '二', '三', '四', '五', '六']

describe('auto', () => {
  let served: Served
  let starts = 0
  let gates: Deferred<void>[]
  let dials: string[]
  let heard: string[]
  /** Of the transport alone: what counts as silence does not depend on how busy the machine is. */
  let clock: ManualClock
  const undo: (() => void)[] = []

  beforeEach(async () => {
    starts = 0
    dials = []
    heard = []
    clock = manualClock()
    gates = words.map(() => deferred())
    served = await serveHub({
      cors: '*',
      heartbeatMs: 500,
      start: () => {
        return async function* () {
          starts++
          for (const [index, delta] of words.entries()) {
            await gates[index]?.promise
            yield { type: 'text-delta', id: '1', delta }
          }
        }
      },
    })
  })
  afterEach(async () => {
    for (const each of undo.splice(0).reverse()) each()
    for (const gate of gates) gate.resolve()
    await served.close()
  })

  const auto = (transports: readonly Transport[], firstByteMs = 200) =>
    createAutoTransport({
      order: transports.map((transport) => noting(transport, dials, heard)),
      firstByteMs,
      clock,
    })
  const startsThenFallsSilent = async () => {
    await eventually('it was started', () => starts === 1)
    clock.advance(200)
  }

  test('a platform that gives no chunks reads on over WebSocket while the answer runs, after one start', async () => {
    undo.push(installUni({ chunks: 'none', headers: 'never' }), installUniSocket())
    const transport = auto([uniRequestTransport, webSocketTransport, longPollTransport])
    const run = runSession({ base: served.base, transport })
    await startsThenFallsSilent()
    gates[0]?.resolve()
    gates[1]?.resolve()
    await eventually('two words while the others are still being made', () => run.text === '一二')
    expect(dials).toEqual(['POST uni-request', 'GET web-socket'])
    for (const gate of gates) gate.resolve()
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe(words.join(''))
    expect(starts).toBe(1)

    dials.length = 0
    await runSession({ base: served.base, transport }).over
    expect(dials).toEqual(['POST web-socket'])
  })

  test('what is held back is known within seconds, while the answer runs, by asking the server', async () => {
    undo.push(installUni({ chunks: 'none', headers: 'never' }), installUniSocket())
    const order = [uniRequestTransport, webSocketTransport, longPollTransport]
    const transport = createAutoTransport({
      order: order.map((each) => noting(each, dials)),
      patienceMs: 300,
      clock,
    })
    const run = runSession({ base: served.base, transport, policy: { firstByteMs: 60_000 } })
    gates[0]?.resolve()
    await eventually('it was started', () => starts === 1)
    clock.advance(300)
    await eventually('another transport, a while after the server was asked', () => {
      if (dials.length === 1) clock.advance(100)
      return dials.length === 2
    })
    await eventually('the first word', () => run.text === '一')
    expect(dials).toEqual(['POST uni-request', 'GET web-socket'])
    for (const gate of gates) gate.resolve()
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe(words.join(''))
    expect(starts).toBe(1)
  })

  test('a model that thinks for long is not taken for an answer that is held back', async () => {
    const asked: string[] = []
    undo.push(
      served.hub.observe((signal) => {
        if (signal.kind === 'answer') asked.push(`${signal.method} ${signal.route}`)
      }),
    )
    const transport = createAutoTransport({
      // It tells no heartbeats, like Douyin's.
      order: [noting(withoutHeartbeats, dials), noting(longPollTransport, dials)],
      clock,
    })
    const run = runSession({ base: served.base, transport })
    await eventually('it was started', () => asked.includes('POST start'))
    clock.advance(3_000)
    await eventually('the server was asked', () => asked.includes('GET poll'))
    // When this is answered, so is the question: the channel is there, and nothing in it.
    await (await fetch(`${served.base}/~health`)).text()
    clock.advance(20_000)
    for (const gate of gates) gate.resolve()
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(dials).toEqual(['POST fetch'])
    expect(starts).toBe(1)

    // Proven, it is not doubted again.
    asked.length = 0
    gates[0] = deferred()
    const second = runSession({ base: served.base, transport })
    clock.advance(20_000)
    gates[0].resolve()
    await second.over
    expect(asked).toEqual(['POST start'])
  })

  test('where WebSocket is blocked too, it ends at long polls', async () => {
    undo.push(installUni({ chunks: 'none', headers: 'never' }), installUniSocket())
    const blocked: Transport = {
      ...webSocketTransport,
      stream: (request, observer) => webSocketTransport.stream({ ...request, url: nowhere }, observer),
    }
    const run = runSession({
      base: served.base,
      transport: auto([uniRequestTransport, blocked, longPollTransport]),
    })
    await startsThenFallsSilent()
    gates[0]?.resolve()
    await eventually('the first word', () => run.text === '一')
    for (const gate of gates) gate.resolve()
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe(words.join(''))
    expect(starts).toBe(1)
  })

  test('a start that never left goes out over the next transport, once', async () => {
    vi.stubGlobal('WebSocket', WebSocket)
    undo.push(() => vi.unstubAllGlobals())
    // A server without a WebSocket handler: node:http resets upgrades nobody listens for.
    const plain: Server = createServer(served.handler)
    const base = `http://127.0.0.1:${await listen(plain)}/api/chat`
    for (const gate of gates) gate.resolve()
    const run = runSession({ base, transport: auto([webSocketTransport, longPollTransport]) })
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(dials).toEqual(['POST web-socket', 'POST long-poll'])
    expect(starts).toBe(1)
    expect(run.text).toBe(words.join(''))
    plain.closeAllConnections()
    plain.close()
  })

  test('an answer changes transport in the middle, at its cursor', async () => {
    const proxy = await createTcpProxy(served.port)
    const base = `http://127.0.0.1:${proxy.port}/api/chat`
    const brittle: Transport = {
      ...fetchTransport,
      stream: (request, observer) =>
        fetchTransport.stream(request.method === 'GET' ? { ...request, url: nowhere } : request, observer),
    }
    const run = runSession({ base, transport: auto([brittle, longPollTransport]) })
    gates[0]?.resolve()
    gates[1]?.resolve()
    await eventually('two words', () => run.text === '一二')
    proxy.destroyAll()
    await eventually('another transport', () => dials.includes('GET long-poll from a cursor'))
    for (const gate of gates) gate.resolve()
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe(words.join(''))
    expect(dials.slice(0, 2)).toEqual(['POST fetch', 'GET fetch from a cursor'])
    expect(starts).toBe(1)
    await proxy.close()
  })

  test('heartbeats alone prove a transport: a model may think for long', async () => {
    const run = runSession({ base: served.base, transport: auto([fetchTransport, longPollTransport], 500) })
    await eventually('a heartbeat', () => heard.includes('activity'))
    clock.advance(60_000)
    for (const gate of gates) gate.resolve()
    await run.over
    expect(dials).toEqual(['POST fetch'])
  })

  test('a head without anything behind it is left for the next transport', async () => {
    const { handler } = served
    const id = 'a-run-that-is-read-only'
    const buffering = createServer((request, response) => {
      if (request.method === 'POST' || !request.url?.endsWith('/stream')) return handler(request, response)
      beginStream(response, { 'x-channel-id': id })
    })
    const base = `http://127.0.0.1:${await listen(buffering)}/api/chat`
    await served.hub.run(id, async function* () {
      yield { type: 'text-delta', id: '1', delta: '好' }
    })
    const run = runSession({
      base,
      transport: auto([fetchTransport, longPollTransport]),
      read: true,
      channelId: id,
    })
    await eventually('the head', () => heard.includes('opened'))
    clock.advance(200)
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe('好')
    expect(dials).toEqual(['GET fetch', 'GET long-poll'])
    buffering.closeAllConnections()
    buffering.close()
  })

  test('a server that is not ours is never asked for WebSocket or long polls, however slow', async () => {
    let answer: () => void = () => undefined
    const server = await startHttpServer((_request, response) => {
      beginStream(response)
      answer = () => response.end('data: {"type":"text-delta","delta":"慢"}\n\ndata: [DONE]\n\n')
    })
    const transport = auto([fetchTransport, longPollTransport], 100)
    const first = runSession({ base: server.url, transport })
    await eventually('the head', () => heard.includes('opened'))
    clock.advance(60_000)
    answer()
    expect(await first.over).toMatchObject({ outcome: 'done' })
    expect(first.text).toBe('慢')
    server.answer = (_request, response) => void response.destroy()
    await runSession({ base: server.url, transport }).over
    expect(new Set(dials)).toEqual(new Set(['POST fetch', 'GET fetch']))
    await server.close()
  })

  test('a server that is not ours is asked three times at the most, and for nothing that could start a run', async () => {
    let answer: () => void = () => undefined
    const server = await startHttpServer((request, response) => {
      if (request.method !== 'POST') return response.writeHead(404).end('nothing here')
      answer = () => beginStream(response).end('data: {"type":"text-delta","delta":"慢"}\n\ndata: [DONE]\n\n')
    })
    const transport = createAutoTransport({ order: [fetchTransport, longPollTransport], clock })
    const run = runSession({ base: server.url, transport })
    for (const [times, pauseMs] of [3_000, 6_000, 12_000].entries()) {
      await eventually('it waits to ask', () => clock.pending === 2)
      clock.advance(pauseMs)
      await eventually('it was asked', () => server.requests.length === times + 2)
    }
    // When this is answered, so is the third question.
    await (await fetch(`${server.url}/after`)).text()
    expect(clock.pending).toBe(1)
    answer()
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe('慢')
    const own = server.requests.filter(({ url }) => url !== '/after')
    expect(own.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET'])
    await server.close()
  })

  test('what nobody accepts is not accepted', () => {
    const transport = auto([longPollTransport])
    const request = { method: 'POST', url: served.base, headers: {}, protocol: 'sse' } as const
    expect(transport.accepts?.(request)).toBe(false)
    expect(() => recordStream(transport, request)).toThrow(expect.objectContaining({ code: 'NO_TRANSPORT' }))
  })
})

transportContract('auto', localHost(createAutoTransport()))
