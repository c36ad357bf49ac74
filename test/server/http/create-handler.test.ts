import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ChannelError } from '../../../src/core/channel-error.js'
import { createHandler } from '../../../src/server/http/create-handler.js'
import type { StartRequest } from '../../../src/server/http/start.js'
import { json, uiMessageStream } from '../../../src/server/hub/stream-format.js'
import { eventually } from '../../helpers/eventually.js'
import { listen, unlisten } from '../../helpers/listen.js'
import { startOwnTime } from '../../helpers/own-time.js'
import { rawRequest } from '../../helpers/raw-request.js'
import { posting, readEvents } from '../../helpers/read-events.js'
import { scripted, serveHub, type Served, type ServeOptions } from './serve-hub.js'

let served: Served
const serve = async (options: ServeOptions = {}) => (served = await serveHub(options))
afterEach(() => served.close())

const ID = 'abcdefghij0123456789'

async function problem(response: Response) {
  return { status: response.status, ...((await response.json()) as object) }
}

describe('POST {base}', () => {
  it('streams a run from its first event, with the head the protocol says', async () => {
    const { base } = await serve({ retryMs: 1234 })
    const chunk = { type: 'text-delta', id: 't', delta: '你好 👋' }
    const answer = await readEvents(base, posting({ chunks: [chunk] }))
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-vercel-ai-ui-message-stream': 'v1',
      'x-channel-id': expect.stringMatching(/^[A-Za-z0-9_-]{16,64}$/),
    })
    expect(answer.retryMs).toBe(1234)
    expect(answer.events.map((event) => event.data)).toEqual([JSON.stringify(chunk), '[DONE]'])
    expect(answer.events.map((event) => event.id.split('_')[1])).toEqual(['0', '1'])
  })

  it('names the end of a run in the json format', async () => {
    const { base, errors } = await serve({ hub: { format: json } })
    const done = await readEvents(base, posting({ chunks: [1] }))
    expect(done.headers.get('x-vercel-ai-ui-message-stream')).toBeNull()
    expect(done.events[1]).toMatchObject({ type: 'end', data: '{"outcome":"done"}' })
    const failed = await readEvents(base, posting({ chunks: 7 }))
    expect(JSON.parse(failed.events[0]!.data)).toMatchObject({ outcome: 'error', code: 'PRODUCER_ERROR' })
    expect(errors).toHaveLength(1)
  })

  it('sends the head at once, before any event', async () => {
    const { base, hub } = await serve()
    const response = await fetch(base, posting({ wait: true }))
    expect(response.status).toBe(200)
    await hub.stop(response.headers.get('x-channel-id')!)
    expect(await response.text()).toContain('[DONE]')
  })

  it('takes the proposed id, and attaches when it exists: one run for five POSTs', async () => {
    let runs = 0
    const { base } = await serve({
      start: ({ body }) =>
        async function* (context) {
          runs++
          yield* scripted(body)(context) as AsyncIterable<unknown>
        },
    })
    const request = posting({ chunks: [{ type: 'start' }, { type: 'finish' }] }, { 'x-channel-id': ID })
    const racing = await Promise.all(Array.from({ length: 4 }, () => readEvents(base, request)))
    const late = await readEvents(base, request)
    for (const answer of [...racing, late]) {
      expect(answer.headers.get('x-channel-id')).toBe(ID)
      expect(answer.events).toHaveLength(3)
    }
    expect(runs).toBe(1)
  })

  it('refuses a proposed id of the wrong form', async () => {
    const { base } = await serve()
    for (const id of ['short', 'a'.repeat(65), 'not/unguessable/enough', '../../../../etc/passwd']) {
      const answer = await problem(await fetch(base, posting({}, { 'x-channel-id': id })))
      expect(answer).toMatchObject({ status: 400, error: { code: 'BAD_REQUEST' } })
    }
  })

  it('gives start the body, the headers, the query and the id', async () => {
    const seen: StartRequest[] = []
    const { base } = await serve({
      start: (request) => {
        seen.push(request)
        return { producer: async () => undefined, metadata: { userId: 'u1' }, format: json }
      },
    })
    const init = posting({ prompt: '你好' }, { 'x-channel-id': ID, 'x-user': 'u1' })
    const answer = await readEvents(`${base}?a=1`, init)
    expect(seen).toMatchObject([{ body: { prompt: '你好' }, channelId: ID, headers: { 'x-user': 'u1' } }])
    expect(seen[0]!.query.get('a')).toBe('1')
    expect(answer.events).toMatchObject([{ type: 'end' }])
    expect((await served.hub.getInfo(ID)).metadata).toEqual({ userId: 'u1' })
  })

  it.each([
    ['UNAUTHORIZED', 401],
    ['FORBIDDEN', 403],
    ['BAD_REQUEST', 400],
    ['RATE_LIMITED', 429],
    ['SERVER_BUSY', 503],
  ] as const)('answers %s of start with %i', async (code, status) => {
    const { base, errors } = await serve({
      start: () => {
        throw new ChannelError(code, 'No.', { retryAfterMs: 2_500 })
      },
    })
    const response = await fetch(base, posting({}))
    expect(response.headers.get('retry-after')).toBe(status === 429 || status === 503 ? '3' : null)
    expect(await problem(response)).toEqual({ status, error: { code, message: 'No.' } })
    expect(errors).toEqual([])
  })

  it('answers 500 without a secret when start fails, and tells the owner', async () => {
    const { base, errors } = await serve({
      start: () => Promise.reject(new Error('password=hunter2')),
    })
    const response = await fetch(base, posting({}))
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text).toContain('SERVER_ERROR')
    expect(text).not.toContain('hunter2')
    expect(errors).toMatchObject([{ code: 'SERVER_ERROR', cause: { message: 'password=hunter2' } }])
  })

  it('answers 503 with retry-after when the log is full', async () => {
    const { base } = await serve({ log: { maxChannels: 1 } })
    const first = await fetch(base, posting({ wait: true }))
    const second = await fetch(base, posting({}))
    expect(second.headers.get('retry-after')).toBe('5')
    expect(await problem(second)).toMatchObject({ status: 503, error: { code: 'SERVER_BUSY' } })
    await first.body?.cancel()
  })

  it('refuses what is not JSON', async () => {
    const { base } = await serve()
    for (const body of ['', '{', 'prompt=hi', '<html>']) {
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
      expect(await problem(await fetch(base, init))).toMatchObject({
        status: 400,
        error: { code: 'BAD_REQUEST' },
      })
    }
    const latin = Buffer.from('{"prompt":"caf\xe9"}', 'latin1')
    const init = { method: 'POST', body: latin, headers: { 'content-type': 'application/json' } }
    expect((await fetch(base, init)).status).toBe(400)
  })

  it('refuses other media types and compressed bodies', async () => {
    const { base } = await serve()
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=gbk', 'json']
    for (const type of types) {
      const response = await fetch(base, { method: 'POST', body: '{}', headers: { 'content-type': type } })
      expect(await problem(response)).toMatchObject({
        status: 415,
        error: { code: 'UNSUPPORTED_MEDIA_TYPE' },
      })
    }
    expect((await fetch(base, { method: 'POST', body: new Uint8Array(2) })).status).toBe(415)
    expect((await fetch(base, posting({}, { 'content-encoding': 'gzip' }))).status).toBe(415)
    expect(
      (await fetch(base, posting({}, { 'content-type': 'Application/JSON;charset="UTF-8"' }))).status,
    ).toBe(200)
  })

  it('refuses a body of 10 MB that is announced, and lives on', async () => {
    const { base } = await serve()
    const big = posting({ prompt: 'x'.repeat(10_000_000) })
    expect(await problem(await fetch(base, big))).toMatchObject({
      status: 413,
      error: { code: 'BODY_TOO_LARGE' },
    })
    expect((await fetch(base, posting({}))).status).toBe(200)
  })

  it('refuses a body without end once it is over the limit, and then cuts it', async () => {
    const { port, base } = await serve()
    const chunk = `186a0\r\n${'x'.repeat(100_000)}\r\n`
    const socket = connect(port, '127.0.0.1')
    let sentAtAnswer: number | undefined
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined))
    socket.setEncoding('utf8').on('data', (text) => {
      if (String(text).startsWith('HTTP/1.1 413')) sentAtAnswer = socket.bytesWritten
    })
    socket.write('POST /api/chat HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n')
    socket.write('transfer-encoding: chunked\r\n\r\n')
    const pump = () => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', () => setImmediate(pump))
    pump()
    await closed
    // The limit, and what the kernel holds on the way.
    expect(sentAtAnswer).toBeGreaterThan(1024 * 1024)
    expect(sentAtAnswer).toBeLessThan(12 * 1024 * 1024)
    expect((await fetch(base, posting({}))).status).toBe(200)
  })

  it('gives up on a body that trickles', async () => {
    const { port } = await serve({ limits: { bodyTimeoutMs: 50 } })
    const head =
      'POST /api/chat HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{'
    const answer = await rawRequest(port, head)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('took too long')
  })

  it('survives a client that goes away in the middle of its body', async () => {
    const { port, base, errors } = await serve()
    for (let i = 0; i < 10; i++) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write('POST /api/chat HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n')
          socket.write('content-length: 99\r\n\r\n{', () => socket.resetAndDestroy())
        })
        socket.on('close', () => resolve())
      })
    }
    expect((await fetch(base, posting({}))).status).toBe(200)
    expect(errors).toEqual([])
  })
})

describe('GET {base}/{id}/stream', () => {
  it('reads after Last-Event-ID, after ?lastEventId=, or from the start; the header is the newer', async () => {
    const { base } = await serve()
    const { events } = await readEvents(base, posting({ chunks: [{ type: 'a' }] }, { 'x-channel-id': ID }))
    const [first, last] = events
    const read = async (path: string, lastEventId?: string) =>
      (await readEvents(base + path, { headers: lastEventId ? { 'last-event-id': lastEventId } : {} })).events
    expect(await read(`/${ID}/stream`)).toEqual(events)
    expect(await read(`/${ID}`)).toEqual(events)
    expect(await read(`/${ID}/stream`, first!.id)).toEqual([last])
    expect(await read(`/${ID}?lastEventId=${first!.id}`)).toEqual([last])
    expect(await read(`/${ID}/stream?lastEventId=nonsense`, first!.id)).toEqual([last])
    const drained = await fetch(`${base}/${ID}/stream`, { headers: { 'last-event-id': last!.id } })
    expect([drained.status, await drained.text()]).toEqual([204, ''])
  })

  it('refuses with 400, 404, 410 and 416, each with its code', async () => {
    const { base, hub } = await serve({ log: { maxEvents: 3 } })
    const { epoch } = await hub.create({ channelId: ID })
    for (let i = 0; i < 10; i++) await hub.send({ channelId: ID, data: i })
    const read = async (after: string, id = ID) =>
      problem(await fetch(`${base}/${id}/stream?lastEventId=${after}`))
    expect(await read('12')).toMatchObject({ status: 400, error: { code: 'BAD_CURSOR' } })
    expect(await read('', 'a b')).toMatchObject({ status: 400, error: { code: 'BAD_REQUEST' } })
    expect(await read('', 'nowhere')).toMatchObject({ status: 404, error: { code: 'CHANNEL_NOT_FOUND' } })
    expect(await read(`${epoch}_10`)).toMatchObject({ status: 416, error: { code: 'CURSOR_AHEAD' } })
    const gap = {
      status: 410,
      error: { code: 'HISTORY_EXPIRED' },
      earliest: `${epoch}_7`,
      last: `${epoch}_9`,
    }
    expect(await read(`${epoch}_2`)).toMatchObject(gap)
    expect(await read('otherepoch_8')).toMatchObject(gap)
  })

  it('refuses to begin a run in its middle, and gives what is kept of any other channel', async () => {
    const { base, hub } = await serve({ log: { maxEvents: 3 } })
    await (
      await hub.run(ID, async function* () {
        for (let i = 0; i < 9; i++) yield { type: 'data-n', data: i }
      })
    ).ended
    for (const address of [`${base}/${ID}/stream`, `${base}/${ID}/events`])
      expect(await problem(await fetch(address, { headers: { accept: 'text/event-stream' } }))).toMatchObject(
        {
          status: 410,
          error: { code: 'HISTORY_EXPIRED' },
        },
      )
    const { events } = await readEvents(`${base}/${ID}/stream?onGap=event`)
    expect(events.map((event) => event.type)).toEqual(['gap', 'message', 'message', 'message'])
    await hub.create({ channelId: 'prices' })
    for (let i = 0; i < 9; i++) await hub.send({ channelId: 'prices', data: i })
    await hub.close('prices')
    const kept = (await readEvents(`${base}/prices/stream`)).events
    expect(kept.map(({ type, data }) => (type === 'end' ? type : data))).toEqual(['7', '8', 'end'])
  })

  it('tells a gap as an event when asked to, and goes on from the earliest', async () => {
    const { base, hub } = await serve({ log: { maxEvents: 3 } })
    const { epoch } = await hub.create({ channelId: ID })
    for (let i = 0; i < 9; i++) await hub.send({ channelId: ID, data: i })
    await hub.close(ID)
    const { status, events } = await readEvents(`${base}/${ID}?onGap=event&lastEventId=${epoch}_0`)
    expect(status).toBe(200)
    expect(events.map((event) => event.type)).toEqual(['gap', 'message', 'message', 'end'])
    expect(JSON.parse(events[0]!.data)).toMatchObject({
      error: { code: 'HISTORY_EXPIRED' },
      earliest: `${epoch}_7`,
      last: `${epoch}_9`,
    })
  })

  it('tells HEAD what GET would, without a body', async () => {
    const { base } = await serve()
    await readEvents(base, posting({}, { 'x-channel-id': ID }))
    const found = await fetch(`${base}/${ID}/stream`, { method: 'HEAD' })
    expect([found.status, found.headers.get('x-channel-id')]).toEqual([200, ID])
    expect((await fetch(`${base}/nowhere`, { method: 'HEAD' })).status).toBe(404)
  })

  it('cannot be made to inject a frame or a header', async () => {
    const { base, port } = await serve()
    for (const id of ['a%0d%0aset-cookie:%20x=1', 'a%00b', '%', '%E4%BD%A0', '.a']) {
      const response = await fetch(`${base}/${id}/stream`)
      expect(response.status).toBe(400)
      expect(response.headers.get('set-cookie')).toBeNull()
    }
    const get = (target: string) =>
      rawRequest(port, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await get('/api/chat/a\0b/stream')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await get('/api/chat/../stream')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await get('/api/chat/%2e%2e/stream')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await get('//')).toMatch(/^HTTP\/1\.1 404 /)
    expect(await get('http://[bad/api/chat/nowhere')).toMatch(/^HTTP\/1\.1 404 /)
    expect(await get('*')).toMatch(/^HTTP\/1\.1 404 /)
    expect((await fetch(`${base}/nowhere`)).status).toBe(404)
  })

  it('keeps line breaks of data inside their event', async () => {
    const { base } = await serve({ hub: { format: json } })
    const { events } = await readEvents(base, posting({ chunks: ['a\r\n\r\nid: evil\n\ndata: x\0\u2028'] }))
    expect(events.map((event) => event.type)).toEqual(['message', 'end'])
    expect(JSON.parse(events[0]!.data)).toBe('a\r\n\r\nid: evil\n\ndata: x\0\u2028')
  })
})

describe('POST {base}/{id}/stop', () => {
  it('aborts the producer within 200 ms of its process and ends every reader; a second stop changes nothing', async () => {
    const time = startOwnTime()
    let abortedAt = NaN
    const { base } = await serve({
      start: ({ body }) =>
        async function* (context) {
          context.signal.addEventListener('abort', () => (abortedAt = time.elapsedMs))
          yield* scripted(body)(context) as AsyncIterable<unknown>
        },
    })
    const init = posting({ chunks: [{ type: 'start' }], wait: true }, { 'x-channel-id': ID })
    const starter = readEvents(base, init)
    await eventually('it runs', async () => (await fetch(`${base}/${ID}`, { method: 'HEAD' })).status === 200)
    const readers = Array.from({ length: 20 }, () => readEvents(`${base}/${ID}/stream`))
    await eventually('all read', async () => (await served.hub.getStats()).connections === 21)
    const askedAt = time.elapsedMs
    const stop = () => fetch(`${base}/${ID}/stop`, { method: 'POST' })
    expect(await (await stop()).json()).toEqual({ channelId: ID, status: 'stopped' })
    const answers = await Promise.all([starter, ...readers])
    expect(abortedAt - askedAt).toBeLessThan(200)
    time.stop()
    for (const { events, ending } of answers) {
      expect(events.map((event) => event.data)).toEqual(['{"type":"start"}', '{"type":"abort"}', '[DONE]'])
      expect(ending).toBe('complete')
    }
    expect(await (await stop()).json()).toEqual({ channelId: ID, status: 'stopped' })
    expect((await served.hub.getInfo(ID)).events).toBe(3)
  })

  it('is 404 for a channel that is not there', async () => {
    const { base } = await serve()
    const response = await fetch(`${base}/nowhere/stop`, { method: 'POST' })
    expect(await problem(response)).toMatchObject({ status: 404, error: { code: 'CHANNEL_NOT_FOUND' } })
  })
})

describe('methods, paths and origins', () => {
  it('answers 405 with allow', async () => {
    const { base } = await serve()
    const tries = [
      ['GET', '', 'POST, OPTIONS'],
      ['PUT', `/${ID}`, 'GET, HEAD, OPTIONS'],
      ['POST', `/${ID}/stream`, 'GET, HEAD, OPTIONS'],
      ['GET', `/${ID}/stop`, 'POST, OPTIONS'],
      ['DELETE', '/', 'POST, OPTIONS'],
    ]
    for (const [method, path, allow] of tries) {
      const response = await fetch(base + path, { method: method! })
      expect(response.headers.get('allow')).toBe(allow)
      expect(await problem(response)).toMatchObject({ status: 405, error: { code: 'METHOD_NOT_ALLOWED' } })
    }
  })

  it('answers 404 to other paths, or leaves them to next', async () => {
    const { base, hub } = await serve()
    for (const path of ['x', '/a/b', '/a/stream/more']) expect((await fetch(base + path)).status).toBe(404)
    const handler = createHandler(hub, { basePath: '/api/chat/', start: ({ body }) => scripted(body) })
    const server = createServer((request, response) => handler(request, response, () => response.end('page')))
    const origin = `http://127.0.0.1:${await listen(server)}`
    expect(await (await fetch(`${origin}/index.html`)).text()).toBe('page')
    expect(await (await fetch(`${origin}/api/chatter`)).text()).toBe('page')
    expect((await fetch(`${origin}/api/chat/`, posting({}))).status).toBe(200)
    await unlisten(server)
  })

  it('lets listed origins in, with credentials, and no others', async () => {
    const { base } = await serve({ cors: ['https://app.example.com'] })
    const from = (origin: string, method = 'POST') =>
      fetch(base, { ...(method === 'POST' ? posting({}) : { method }), headers: headersFrom(origin) })
    const headersFrom = (origin: string) => ({
      origin,
      'content-type': 'application/json',
      'access-control-request-headers': 'content-type,x-my-token',
    })
    const good = await from('https://app.example.com')
    expect(Object.fromEntries(good.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-channel-id, retry-after, date',
      vary: 'origin',
    })
    const preflight = await from('https://app.example.com', 'OPTIONS')
    expect(preflight.status).toBe(204)
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'content-type,x-my-token',
    })
    for (const method of ['POST', 'OPTIONS']) {
      const bad = await from('https://evil.example.com', method)
      expect(bad.headers.get('access-control-allow-origin')).toBeNull()
      expect(bad.headers.get('vary')).toBe('origin')
    }
    const refused = await fetch(`${base}/nowhere`, { headers: { origin: 'https://app.example.com' } })
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
  })

  it('lets every origin in without credentials when told so, and none by default', async () => {
    const { base, hub } = await serve({ cors: '*' })
    const open = await fetch(base, posting({}, { origin: 'https://any.example' }))
    expect(open.headers.get('access-control-allow-origin')).toBe('*')
    expect(open.headers.get('access-control-allow-credentials')).toBeNull()
    const closed = createServer(createHandler(hub, { start: ({ body }) => scripted(body) }))
    const port = await listen(closed)
    const none = await fetch(`http://127.0.0.1:${port}/`, posting({}, { origin: 'https://any.example' }))
    expect(none.status).toBe(200)
    expect(none.headers.get('access-control-allow-origin')).toBeNull()
    await unlisten(closed)
  })
})

describe('POST {base}/{id}/send', () => {
  it('refuses what the format of the channel does not take as the mistake of who sends it', async () => {
    const { base, hub, errors } = await serve({ authorize: () => ({ userId: 'u1' }) })
    await hub.create({ channelId: ID, format: uiMessageStream })
    expect(await problem(await fetch(`${base}/${ID}/send`, posting({ data: 1 })))).toMatchObject({
      status: 400,
      error: { code: 'BAD_REQUEST', message: expect.stringContaining('UI message stream') as unknown },
    })
    expect((await fetch(`${base}/${ID}/send`, posting({ data: { type: 'data-a' } }))).status).toBe(200)
    expect(errors).toEqual([])
  })
})

describe('options', () => {
  it.each([
    { heartbeatMs: 0 },
    { limits: { bodyTimeoutMs: -1 } },
    { limits: { maxPendingBytes: Number.NaN } },
    { limits: { maxConnectionMs: 0 } },
    { limits: { maxBodyBytes: 0 } },
  ])('of %j are refused when the handler is made', async (options) => {
    const { hub } = await serve()
    const make = () => createHandler(hub, { start: () => async () => undefined, ...options })
    expect(make).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }) as Error)
  })
})
