import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPolicy } from '../../src/run/policy.js'
import { knownOf } from '../../src/core/known.js'
import { createSession } from '../../src/core/session.js'
import { alwaysForeground } from '../../src/core/lifecycle.js'
import type { Observer } from '../../src/core/source.js'
import type { State } from '../../src/core/state.js'
import { systemClock } from '../../src/platform/system-clock.js'
import { fetchTransport } from '../../src/transports/fetch.js'
import { httpSource, type HttpSourceOptions } from '../../src/transports/http-source.js'
import type { Transport, TransportRequest } from '../../src/transports/transport.js'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { deferred } from '../helpers/deferred.js'
import { eventually } from '../helpers/eventually.js'
import { FakeClock } from '../helpers/fake-clock.js'
import { beginStream, startHttpServer, type HttpServer } from '../helpers/http-server.js'
import { installUni } from '../helpers/uni-request.js'

const deaf: Observer = {
  opened: () => undefined,
  event: () => undefined,
  activity: () => undefined,
  retry: () => undefined,
  finished: () => undefined,
  ended: () => undefined,
  lost: () => undefined,
  unsent: () => undefined,
}

/** A transport that only notes what it was asked for. */
function notepad(): Transport & { readonly requests: TransportRequest[] } {
  const requests: TransportRequest[] = []
  return {
    name: 'notepad',
    requests,
    isSupported: () => true,
    stream(request) {
      requests.push(request)
      return () => undefined
    },
  }
}

const base = 'https://example.com/api/chat'

function ask(options: Partial<HttpSourceOptions>, intent: 'start' | 'read' = 'read', input?: unknown) {
  const transport = notepad()
  const source = httpSource({ url: base, transport, ...options })
  if (intent === 'start') source.connect({ kind: 'start', channelId: 'id', input }, deaf)
  else source.connect({ kind: 'read', channelId: 'id', cursor: 'a_4' }, deaf)
  return transport.requests[0] as TransportRequest
}

describe('addresses', () => {
  test.each([
    [base, `${base}/id/stream`],
    [`${base}/`, `${base}/id/stream`],
    [`${base}//`, `${base}/id/stream`],
    [`${base}?tenant=1`, `${base}/id/stream?tenant=1`],
    [`${base}/?a=1&b=x?y`, `${base}/id/stream?a=1&b=x?y`],
    ['HTTP://example.com', 'HTTP://example.com/id/stream'],
  ])('%s is read at %s', (url, expected) => {
    expect(ask({ url })).toMatchObject({ method: 'GET', url: expected })
  })

  test('a start goes to the base itself', () => {
    expect(ask({ url: `${base}/?tenant=1` }, 'start')).toMatchObject({
      method: 'POST',
      url: `${base}?tenant=1`,
    })
  })

  test('a foreign channel id stays one part of the path', () => {
    const transport = notepad()
    httpSource({ url: base, transport }).connect(
      { kind: 'read', channelId: 'a/../b?c', cursor: undefined },
      deaf,
    )
    expect(transport.requests[0]?.url).toBe(`${base}/a%2F..%2Fb%3Fc/stream`)
  })

  test('a relative one off H5 is BAD_OPTIONS that says what is wanted', () => {
    expect(() => ask({ url: '/api/chat' })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS', message: expect.stringContaining('https://') }),
    )
  })

  test('a relative one on H5 stays relative', () => {
    vi.stubGlobal('location', { href: 'https://example.com/' })
    expect(ask({ url: '/api/chat' }).url).toBe('/api/chat/id/stream')
    vi.unstubAllGlobals()
  })
})

describe('wrong use', () => {
  test.each([
    ['a url that is no string', { url: 5 }, 'url'],
    ['a url of an async getter', { url: () => Promise.resolve(base) }, 'url'],
    ['headers as Headers', { headers: new Headers({ a: '1' }) }, 'headers'],
    ['headers as a string', { headers: 'a: 1' }, 'headers'],
    ['a header with a line break', { headers: { a: 'x\ny' } }, '"a"'],
    ['a header that is no bytes', { headers: { user: '小明' } }, '"user"'],
    ['a header with a space in its name', { headers: { 'my header': 'x' } }, '"my header"'],
    [
      'a getter that throws',
      {
        headers: () => {
          throw new Error('no token yet')
        },
      },
      'no token yet',
    ],
  ])('%s ends the run as BAD_OPTIONS that says so, and sends nothing', async (_name, options, message) => {
    const transport = notepad()
    const run = createSession({
      source: httpSource({ url: base, transport, ...(options as object) }),
      ...{ lifecycle: alwaysForeground, clock: new FakeClock(), background: 'resume' as const },
      policy: createPolicy(),
      receive: () => undefined,
      onState: () => undefined,
      onStopFailed: () => undefined,
    })
    run.start(knownOf('id'), 'x')
    expect(run.state).toMatchObject({ name: 'closed', outcome: 'error', error: { code: 'BAD_OPTIONS' } })
    expect(run.state).toMatchObject({ error: { message: expect.stringContaining(message) } })
    expect(transport.requests).toEqual([])
  })

  test.each([
    [{ transport: {} }, 'transport'],
    [{ transport: null }, 'transport'],
    [{ protocol: 'json' }, 'protocol'],
  ])('%j throws at once', (options, name) => {
    expect(() => httpSource({ url: base, ...(options as object) })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS', message: expect.stringContaining(name) }),
    )
  })

  test('a header that is undefined is not sent as that word', () => {
    const headers = { authorization: undefined, 'x-none': null, 'x-count': 3 } as never
    expect(ask({ headers }).headers).toEqual({
      accept: 'text/event-stream',
      'x-count': '3',
    })
  })
})

describe('headers', () => {
  test('a getter is asked for each connection', () => {
    let token = 1
    const transport = notepad()
    const source = httpSource({
      url: () => base,
      transport,
      headers: () => ({ authorization: `t${token++}` }),
    })
    source.connect({ kind: 'read', channelId: 'id', cursor: undefined }, deaf)
    source.connect({ kind: 'read', channelId: 'id', cursor: undefined }, deaf)
    expect(transport.requests.map((request) => request.headers.authorization)).toEqual(['t1', 't2'])
  })

  test('what a getter promises is waited for, on start, read and stop', async () => {
    const refreshed = deferred<Record<string, string>>()
    const transport = notepad()
    const source = httpSource({ url: base, transport, headers: () => refreshed.promise })
    source.connect({ kind: 'start', channelId: 'id', input: 'x' }, deaf)
    source.connect({ kind: 'read', channelId: 'id', cursor: undefined }, deaf)
    const left = source.connect({ kind: 'read', channelId: 'left', cursor: undefined }, deaf)
    left()
    expect(transport.requests).toEqual([])
    refreshed.resolve({ authorization: 'fresh' })
    await refreshed.promise
    await Promise.resolve()
    expect(transport.requests.map(({ method, headers }) => `${method} ${headers.authorization}`)).toEqual([
      'POST fresh',
      'GET fresh',
    ])
  })

  test('a promise that is rejected has sent nothing: it is asked again', async () => {
    const heard: string[] = []
    const source = httpSource({
      url: base,
      transport: notepad(),
      headers: () => Promise.reject(new Error('no token yet')),
    })
    source.connect(
      { kind: 'start', channelId: 'id', input: 'x' },
      { ...deaf, unsent: ({ code, message }) => heard.push(`${code} ${message}`) },
    )
    await eventually('it was told', () => heard.length > 0)
    expect(heard[0]).toMatch(/CONNECTION_LOST.*no token yet/)
  })

  test('what a promise brings that is no headers ends the run as BAD_OPTIONS', async () => {
    const heard: string[] = []
    const source = httpSource({
      url: base,
      transport: notepad(),
      headers: () => Promise.resolve('a: 1') as never,
    })
    const intent = { kind: 'read', channelId: 'id', cursor: undefined } as const
    source.connect(intent, { ...deaf, lost: ({ code }) => heard.push(code) })
    await eventually('it was told', () => heard.length > 0)
    expect(heard).toEqual(['BAD_OPTIONS'])
  })

  test('cookies to other origins are asked for only by withCredentials', () => {
    expect(ask({})).not.toHaveProperty('withCredentials')
    for (const kind of ['start', 'read'] as const)
      expect(ask({ withCredentials: true }, kind).withCredentials).toBe(true)
  })

  test("the protocol's own win, however the caller spells them", () => {
    const headers = { 'Content-Type': 'text/plain', ACCEPT: '*/*', 'X-Channel-Id': 'mine', 'X-Own': 'kept' }
    expect(ask({ headers }, 'start').headers).toEqual({
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'x-channel-id': 'id',
      'x-own': 'kept',
    })
  })

  test('a read presents its cursor, one from the start presents none', () => {
    const read = ask({ headers: { 'Last-Event-ID': 'mine' } })
    expect(read.lastEventId).toBe('a_4')
    expect(read.headers).toEqual({ accept: 'text/event-stream' })
    const transport = notepad()
    httpSource({ url: base, transport }).connect({ kind: 'read', channelId: 'id', cursor: undefined }, deaf)
    expect(transport.requests[0]).not.toHaveProperty('lastEventId')
    expect(transport.requests[0]?.headers).toEqual({ accept: 'text/event-stream' })
  })
})

describe('the input of a start', () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle

  test.each([
    ['你好', '{"prompt":"你好"}'],
    ['', '{"prompt":""}'],
    [{ messages: [1] }, '{"messages":[1]}'],
    [undefined, '{}'],
    [null, '{}'],
    [[1, 2], '[1,2]'],
    [0, '0'],
  ])('%j is sent as %s', (input, body) => {
    expect(ask({}, 'start', input).body).toBe(body)
  })

  test.each([
    ['a cycle', cycle],
    ['a BigInt', { n: 1n }],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    [
      'a toJSON that throws',
      {
        toJSON() {
          throw new Error('no')
        },
      },
    ],
  ])('%s is BAD_OPTIONS and sends nothing', (_name, input) => {
    const transport = notepad()
    const states: State[] = []
    const session = createSession<unknown>({
      source: httpSource({ url: base, transport }),
      lifecycle: alwaysForeground,
      clock: systemClock,
      policy: {
        attempts: 5,
        backoff: { baseMs: 1, capMs: 1 },
        firstByteMs: 1000,
        idleMs: 1000,
        totalMs: Infinity,
      },
      background: 'resume',
      receive: () => undefined,
      onState: (state) => states.push(state),
      onStopFailed: () => undefined,
    })
    session.start(knownOf('id'), input)
    expect(transport.requests).toEqual([])
    expect(session.state).toMatchObject({ name: 'closed', error: { code: 'BAD_OPTIONS' } })
  })
})

describe.each([
  ['fetch', fetchTransport, () => () => undefined],
  [
    'uni.request',
    uniRequestTransport,
    () => {
      const realFetch = globalThis.fetch
      vi.stubGlobal('fetch', undefined)
      const uninstall = installUni()
      return () => {
        uninstall()
        vi.stubGlobal('fetch', realFetch)
        vi.unstubAllGlobals()
      }
    },
  ],
] as const)('over %s', (_name, transport, install) => {
  let server: HttpServer
  let uninstall: () => void

  beforeAll(async () => {
    server = await startHttpServer()
  })
  afterAll(() => server.close())
  beforeEach(() => {
    server.requests.length = 0
    uninstall = install()
  })
  afterEach(() => uninstall())

  const source = (clock = new FakeClock()) => httpSource({ url: `${server.url}/chat`, transport, clock })

  /** Lets the pauses between attempts pass at once; returns them. */
  async function hurry<T>(
    work: Promise<T>,
    clock: FakeClock,
  ): Promise<{ result: T | unknown; pauses: number[] }> {
    const pauses: number[] = []
    let over = false
    const result = work.then(
      (value) => {
        over = true
        return value
      },
      (error: unknown) => {
        over = true
        return error
      },
    )
    while (!over) {
      const pause = clock.nextIn
      if (pause !== undefined) {
        pauses.push(pause)
        clock.advance(pause)
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    return { result: await result, pauses }
  }

  test('the head tells the id that is really used', async () => {
    server.answer = (_request, response) => beginStream(response, { 'x-channel-id': 'given' }).end()
    const opened = vi.fn()
    source().connect({ kind: 'start', channelId: 'proposed', input: 'x' }, { ...deaf, opened })
    await expect.poll(() => opened.mock.calls).toEqual([[{ channelId: 'given' }]])
    expect(server.requests[0]?.headers['x-channel-id']).toBe('proposed')
  })

  test('stop posts to /stop and is done', async () => {
    server.answer = (_request, response) => response.end('{"channelId":"id","status":"stopped"}')
    await source().stop?.('id')
    expect(server.requests).toMatchObject([{ method: 'POST', url: '/chat/id/stop' }])
  })

  test('stop takes cookies to another origin along when it is told to', async () => {
    const asked: unknown[] = []
    const { fetch: realFetch } = globalThis
    if (typeof uni === 'object') {
      const { request } = uni
      uni.request = ((options: { withCredentials?: boolean }) => {
        asked.push(options.withCredentials)
        return request(options as never)
      }) as never
    } else
      vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
        asked.push(init.credentials === 'include')
        return realFetch(url, init)
      })
    server.answer = (_request, response) => response.end()
    await httpSource({ url: `${server.url}/chat`, transport, withCredentials: true }).stop?.('id')
    await httpSource({ url: `${server.url}/chat`, transport }).stop?.('id')
    globalThis.fetch = realFetch
    expect(asked.map(Boolean)).toEqual([true, false])
  })

  test('stop is tried again while the server fails, with growing pauses', async () => {
    const clock = new FakeClock()
    server.answer = (_request, response) => response.writeHead(server.requests.length < 4 ? 500 : 200).end()
    const { result, pauses } = await hurry(source(clock).stop!('id'), clock)
    expect(result).toBeUndefined()
    expect(server.requests).toHaveLength(4)
    expect(pauses).toEqual([150, 300, 600])
  })

  test('stop waits as long as a busy server asks', async () => {
    const clock = new FakeClock()
    server.answer = (_request, response) => {
      if (server.requests.length > 1) response.end()
      else response.writeHead(429, { 'retry-after': '3' }).end()
    }
    expect((await hurry(source(clock).stop!('id'), clock)).pauses).toEqual([3150])
  })

  test('stop of an unknown channel is asked again, for its start may be on the way, and then is done', async () => {
    const clock = new FakeClock()
    server.answer = (_request, response) => response.writeHead(404).end()
    const { result } = await hurry(source(clock).stop!('id'), clock)
    expect(result).toBeUndefined()
    expect(server.requests).toHaveLength(5)
  })

  test.each([
    [403, 'FORBIDDEN'],
    [401, 'UNAUTHORIZED'],
  ])('stop refused with %i is STOP_FAILED at once, the refusal as its cause', async (status, code) => {
    const clock = new FakeClock()
    server.answer = (_request, response) => response.writeHead(status).end()
    const { result } = await hurry(source(clock).stop!('id'), clock)
    expect(result).toMatchObject({ code: 'STOP_FAILED', cause: { code, status } })
    expect(server.requests).toHaveLength(1)
  })

  test('stop with nobody there is STOP_FAILED after all attempts', async () => {
    const clock = new FakeClock()
    server.answer = (_request, response) => response.socket?.destroy()
    const { result } = await hurry(source(clock).stop!('id'), clock)
    expect(result).toMatchObject({ code: 'STOP_FAILED', cause: { code: 'CONNECTION_LOST' } })
  })
})
