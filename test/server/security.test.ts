import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createHandler } from '../../src/server/http/create-handler.js'
import { json } from '../../src/server/hub/stream-format.js'
import { eventually } from '../helpers/eventually.js'
import { listen, unlisten } from '../helpers/listen.js'
import { rawRequest } from '../helpers/raw-request.js'
import { posting, readEvents } from '../helpers/read-events.js'
import { scripted, serveHub, type Served, type ServeOptions } from './http/serve-hub.js'

let served: Served
const serve = async (options: ServeOptions = {}) => (served = await serveHub(options))
afterEach(() => served.close())

const ID = 'abcdefghij0123456789'
const POST = 'POST /api/chat HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n'
const headOf = (answer: string) => answer.slice(0, answer.indexOf('\r\n\r\n'))

/** The code a WebSocket is closed with, or the status of its refused upgrade. */
function socketEnd(path: string, send?: string | Buffer): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}/api/chat${path}`)
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
    socket.on('open', () => send !== undefined && socket.send(send))
    socket.on('close', resolve)
  })
}

/** Ends of lines, frames, strings and files, as somebody would smuggle them in. */
const smuggled = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\u2028',
  '\x1b[31m',
  '\r\nset-cookie: a=1',
  '\n\ndata: forged\n\n',
]

describe('line breaks and NUL', () => {
  it('in an id of a path, a header or a query are refused and never said', async () => {
    const { base, errors } = await serve()
    for (const text of smuggled) {
      const id = encodeURIComponent(`abcdefghij${text}0123456789`)
      for (const path of [`/${id}`, `/${id}/stream`, `/${id}/events`]) {
        const response = await fetch(base + path)
        expect([text, response.status]).toEqual([text, 400])
        expect([...response.headers.keys()]).not.toContain('set-cookie')
        expect(await response.text()).not.toContain('forged')
      }
      expect((await fetch(`${base}/${id}/stop`, { method: 'POST' })).status).toBe(400)
      expect(await socketEnd(`/${id}`)).toBe(4400)
      expect(await socketEnd(`?x-channel-id=${id}`, '{}')).toBe(4400)
    }
    expect(errors).toEqual([])
  })

  it('in a raw header are refused before anything runs', async () => {
    let starts = 0
    const { port } = await serve({
      start: ({ body }) => {
        starts++
        return scripted(body)
      },
    })
    const send = (header: string) =>
      rawRequest(port, `${POST}content-length: 2\r\nx-channel-id: ${header}\r\n\r\n{}`)
    // A bare line feed or return ends no header for a strict server; NUL is allowed in none.
    for (const header of [`${ID}\0`, `${ID}\rx: y`, `${ID}\nx-other: 1\n`, `${ID}; x`, `${ID},${ID}`])
      expect(headOf(await send(header))).toMatch(/^HTTP\/1\.1 400 /)
    expect(starts).toBe(0)
  })

  it('in a cursor are refused, in the header and in the query', async () => {
    const { base, hub } = await serve()
    await hub.create({ channelId: ID })
    for (const text of smuggled) {
      const cursor = encodeURIComponent(`abc${text}_1`)
      expect((await fetch(`${base}/${ID}?lastEventId=${cursor}`)).status).toBe(400)
      expect((await fetch(`${base}/${ID}/events?lastEventId=${cursor}&waitMs=0`)).status).toBe(400)
      expect(await socketEnd(`/${ID}?lastEventId=${cursor}`)).toBe(4400)
    }
  })

  it('in data, a type or an error of the producer stay inside their event', async () => {
    const { base } = await serve({ hub: { format: json } })
    const values = smuggled.map((text) => ({ type: `a${text}b`, data: text }))
    const answer = await readEvents(base, posting({ chunks: values }))
    expect(answer.events.slice(0, -1).map((event) => JSON.parse(event.data) as unknown)).toEqual(values)
    expect(new Set(answer.events.map((event) => event.type))).toEqual(new Set(['message', 'end']))
    await served.close()
    await serve()
    const chunks = await readEvents(served.base, posting({ chunks: values }))
    expect(chunks.events.slice(0, -1).map((event) => JSON.parse(event.data) as unknown)).toEqual(values)
  })

  it('in an event type of an own format are refused before they are stored', async () => {
    const forging = {
      ...json,
      name: 'forging',
      chunk: (type: unknown) => ({ type: String(type), data: '1' }),
    }
    const { hub, errors } = await serve()
    for (const text of smuggled.filter((one) => /[\r\n\0]/.test(one))) {
      const run = await hub.run(undefined, async ({ write }) => write(`a${text}`), { format: forging })
      expect(await run.ended).toBe('error')
    }
    expect(new Set(errors.map((error) => error.code))).toEqual(new Set(['BAD_OPTIONS']))
  })
})

describe('what is too large', () => {
  it('is refused: body, announced or not, message, event, id, cursor, query and header', async () => {
    const { base, port, hub } = await serve({
      limits: { maxBodyBytes: 1_000 },
      hub: { limits: { maxEventBytes: 500 } },
      authorize: () => ({ userId: 'u1' }),
    })
    await hub.create({ channelId: ID })
    const statusOf = async (path: string, init?: RequestInit) => (await fetch(base + path, init)).status
    const long = 'x'.repeat(5_000)
    expect(await statusOf('', posting({ prompt: long }))).toBe(413)
    expect(headOf(await rawRequest(port, `${POST}content-length: 9000000000\r\n\r\n`))).toMatch(/ 413 /)
    const chunked = `${POST}transfer-encoding: chunked\r\n\r\n5dc\r\n${'x'.repeat(1_500)}\r\n`
    expect(headOf(await rawRequest(port, chunked))).toMatch(/ 413 /)
    expect(await statusOf(`/${ID}/send`, posting({ data: long }))).toBe(413)
    expect(await statusOf(`/${ID}/send`, posting({ data: 'x'.repeat(600) }))).toBe(413)
    expect(await socketEnd('', JSON.stringify({ prompt: long }))).toBe(1009)
    expect(await statusOf(`/${long}`)).toBe(400)
    expect(await statusOf('', posting({}, { 'x-channel-id': long }))).toBe(400)
    expect(await statusOf(`/${ID}?lastEventId=${'a'.repeat(33)}_1`)).toBe(400)
    expect(await statusOf(`/${ID}?lastEventId=a_${'9'.repeat(400)}`)).toBe(400)
    expect(await statusOf(`/${ID}/events?waitMs=${'9'.repeat(400)}`)).toBe(400)
    expect(await statusOf(`/${ID}?${'x'.repeat(20_000)}`)).toBe(431)
    expect(await statusOf(`/${ID}`, { headers: { 'x-long': 'x'.repeat(20_000) } })).toBe(431)
    expect(await hub.getInfo(ID)).toMatchObject({ events: 0 })
  })

  it('is no deep nesting that brings the process down', async () => {
    const { base } = await serve({
      start:
        ({ body }) =>
        async ({ write }) =>
          write({ type: 'a', body }),
    })
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const response = await fetch(base, { ...posting({}), body: deep })
    await response.text()
    expect((await fetch(base, posting({}))).status).toBe(200)
  })

  it('does not reach prototypes through a body', async () => {
    const seen: unknown[] = []
    const { base } = await serve({
      start: ({ body }) => {
        seen.push(body)
        return async () => undefined
      },
    })
    await fetch(base, {
      ...posting({}),
      body: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":1}}}',
    })
    expect(seen).toHaveLength(1)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})

describe('a client that is slow on purpose', () => {
  it('is cut while its headers trickle, and others are served meanwhile', async () => {
    const { hub } = await serve()
    const handler = createHandler(hub, { start: ({ body }) => scripted(body) })
    const server = createServer(
      { headersTimeout: 1_500, requestTimeout: 3_000, connectionsCheckingInterval: 50 },
      handler,
    )
    const port = await listen(server)
    const answers: string[] = []
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /nowhere HTTP/1.1\r\nhost: x\r\n'))
      const drip = setInterval(() => socket.write('x-a: b\r\n'), 40)
      socket.on('data', (text) => answers.push(String(text)))
      socket.on('error', () => undefined)
      return new Promise<void>((resolve) =>
        socket.on('close', () => {
          clearInterval(drip)
          resolve()
        }),
      )
    })
    expect((await fetch(`http://127.0.0.1:${port}/nowhere`)).status).toBe(404)
    await Promise.all(sockets)
    expect(answers).toHaveLength(20)
    expect(answers.every((answer) => answer.startsWith('HTTP/1.1 408 '))).toBe(true)
    await handler.close()
    await unlisten(server)
  })

  it('and goes while it is asked who it is leaves nothing waiting for its body', async () => {
    let asked = 0
    let answer: () => void = () => undefined
    const decided = new Promise<void>((resolve) => (answer = resolve))
    const { port, hub } = await serve({
      limits: { bodyTimeoutMs: Infinity },
      async authorize() {
        asked++
        await decided
        return {}
      },
    })
    const statuses: number[] = []
    hub.observe((signal) => signal.kind === 'answer' && statuses.push(signal.status))
    const socket = connect(port, '127.0.0.1', () => socket.write(`${POST}content-length: 99\r\n\r\n{`))
    await eventually('it is asked', () => asked === 1)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.destroy()
    await closed
    await new Promise((resolve) => setTimeout(resolve, 20))
    answer()
    await eventually('it is over', () => statuses.join() === '400')
  })

  it('is refused a start over a socket whose first message does not come', async () => {
    await serve({ limits: { bodyTimeoutMs: 50 } })
    expect(await socketEnd('')).toBe(4400)
  })

  it('cannot hold long polls beyond half a minute, nor wait for channels that are not there', async () => {
    const { base, hub } = await serve()
    await hub.create({ channelId: ID })
    expect((await fetch(`${base}/nowhere/events?waitMs=30000`)).status).toBe(404)
    const abort = new AbortController()
    const polling = fetch(`${base}/${ID}/events?waitMs=999999999`, { signal: abort.signal }).catch(
      () => undefined,
    )
    await eventually('it waits', async () => (await hub.getStats()).connections === 1)
    abort.abort()
    await polling
    await eventually('it is forgotten', async () => (await hub.getStats()).connections === 0)
  })
})
