import { createServer } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'
import { listen } from '../../helpers/listen.js'
import { serveHub, type Served, type ServeOptions } from '../http/serve-hub.js'

interface Frame {
  readonly type: string
  readonly [field: string]: unknown
}

interface Client {
  readonly frames: Frame[]
  readonly types: string[]
  /** At once, or when it is open. */
  send(value: unknown): void
  /** Reads no more, as a client whose network is gone. */
  pause(): void
  readonly closed: Promise<number>
}

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(options: ServeOptions = {}): Promise<Served> {
  const served = await serveHub(options)
  closers.push(() => served.close())
  return served
}

function connect(url: string, headers: Record<string, string> = {}, options: object = {}): Client {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers, ...options })
  const frames: Frame[] = []
  closers.push(() => socket.terminate())
  socket.on('error', () => undefined)
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as Frame))
  return {
    frames,
    get types() {
      return frames.map(({ type }) => type).filter((type) => type !== 'ping')
    },
    send(value) {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
      else socket.on('open', () => socket.send(text))
    },
    pause: () => socket.pause(),
    closed: new Promise((resolve) => socket.on('close', (code) => resolve(code))),
  }
}

async function opened(url: string): Promise<Client> {
  const client = connect(url)
  await eventually('a frame', () => client.frames.length > 0)
  return client
}

const id = 'a-channel-of-sockets'
const chunks = [{ type: 'text-delta', id: '1', delta: '你' }]
const waiting = (served: Served) =>
  served.hub.run(id, async function* ({ signal }) {
    yield* chunks
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })

describe('a start', () => {
  it('runs the first message once, under the proposed id, and streams it to its end', async () => {
    const { base } = await serve()
    const client = connect(`${base}?x-channel-id=${id}`)
    client.send({ chunks })
    expect(await client.closed).toBe(1000)
    expect(new Set(client.types)).toEqual(new Set(['open', 'events', 'end']))
    expect(client.types.at(-1)).toBe('end')
    expect(client.frames[0]).toEqual({ type: 'open', channelId: id })
  })

  it('of a channel that exists attaches to it', async () => {
    const served = await serve()
    await waiting(served)
    const client = connect(`${served.base}?x-channel-id=${id}`)
    client.send({})
    await eventually('the event', () => client.types.includes('events'))
    expect((await served.hub.listActive()).map(({ channelId }) => channelId)).toEqual([id])
  })

  it('whose first message does not come is refused in time', async () => {
    const { base } = await serve({ limits: { bodyTimeoutMs: 40 } })
    const client = connect(base)
    expect(await client.closed).toBe(4400)
    expect(client.frames).toMatchObject([{ type: 'error', status: 400, error: { code: 'BAD_REQUEST' } }])
  })

  it.each([
    ['is no JSON', '{', 4400],
    ['is larger than a body may be', 'x'.repeat(300), 1009],
  ])('whose first message %s is refused', async (_name, message, code) => {
    const { base } = await serve({ limits: { maxBodyBytes: 200 } })
    const client = connect(base)
    client.send(message)
    expect(await client.closed).toBe(code)
  })

  it('that proposes a short id is refused', async () => {
    const { base } = await serve()
    expect(await connect(`${base}?x-channel-id=short`).closed).toBe(4400)
  })
})

describe('a read', () => {
  it('of a gap is 410 with what is kept, or an event where that was asked for', async () => {
    const served = await serve({ log: { maxEvents: 2 } })
    const { ended } = await served.hub.run(id, async function* () {
      for (let i = 0; i < 5; i++) yield chunks[0]
    })
    await ended
    const after = (await served.hub.getInfo(id)).earliest?.replace(/_\d+$/, '_0') ?? ''
    const refused = connect(`${served.base}/${id}/stream?lastEventId=${after}`)
    expect(await refused.closed).toBe(4410)
    expect(refused.frames[0]).toMatchObject({ status: 410, error: { code: 'HISTORY_EXPIRED' } })
    expect(refused.frames[0]?.['earliest']).toMatch(/_4$/)

    const told = connect(`${served.base}/${id}/stream?lastEventId=${after}&onGap=event`)
    expect(await told.closed).toBe(1000)
    const events = told.frames.flatMap((frame) => (frame['events'] ?? []) as { type: string }[])
    expect(events.map(({ type }) => type)).toEqual(['gap', 'message', 'message'])
  })

  it('beyond the tail is 416, of nothing 404', async () => {
    const served = await serve()
    await waiting(served)
    const { epoch } = await served.hub.getInfo(id)
    expect(await connect(`${served.base}/${id}/stream?lastEventId=${epoch}_99`).closed).toBe(4416)
    expect(await connect(`${served.base}/nothing/stream`).closed).toBe(4404)
  })

  it('that drains a channel is finished', async () => {
    const served = await serve()
    await (
      await served.hub.run(id, async function* () {
        yield* chunks
      })
    ).ended
    const { last } = await served.hub.getInfo(id)
    const client = connect(`${served.base}/${id}/stream?lastEventId=${last ?? ''}`)
    expect(await client.closed).toBe(1000)
    expect(client.types).toEqual(['open', 'finished', 'end'])
  })
})

describe('an open socket', () => {
  it('stops the producer when it is told to, and hears the end', async () => {
    const served = await serve()
    await waiting(served)
    const client = await opened(`${served.base}/${id}/stream`)
    client.send('not JSON is ignored')
    client.send({ type: 'stop' })
    expect(await client.closed).toBe(1000)
    expect((await served.hub.getInfo(id)).status).toBe('stopped')
    expect(JSON.stringify(client.frames)).toContain('abort')
  })

  it('whose client says nothing for three heartbeats is cut', async () => {
    const served = await serve({ heartbeatMs: 30 })
    await waiting(served)
    const client = await opened(`${served.base}/${id}/stream`)
    expect(await client.closed).toBe(1006)
    expect(client.frames.filter(({ type }) => type === 'ping').length).toBe(3)
  })

  it('whose client answers its pings stays', async () => {
    const served = await serve({ heartbeatMs: 150 })
    await waiting(served)
    const client = await opened(`${served.base}/${id}/stream`)
    let answered = 0
    let over = false
    void client.closed.then(() => (over = true))
    await eventually('ten heartbeats', () => {
      const pings = client.frames.filter(({ type }) => type === 'ping').length
      for (; answered < pings; answered++) client.send({ type: 'pong' })
      return answered >= 10
    })
    expect(over).toBe(false)
  })

  it('that does not read is cut at its bound, while the run goes on', async () => {
    const served = await serve({ limits: { maxPendingBytes: 50_000 }, heartbeatMs: Infinity })
    let written = 0
    const paused = deferred()
    await served.hub.run(id, async function* ({ signal }) {
      yield { type: 'data-x', data: 'first' }
      await paused.promise
      for (; written < 600 && !signal.aborted; written++) {
        yield { type: 'data-x', data: 'x'.repeat(50_000) }
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    const client = connect(`${served.base}/${id}/stream`)
    // A reader that stands still in the history is not cut: nothing more is read for it.
    await eventually('it reads at the tail', () => JSON.stringify(client.frames).includes('first'))
    client.pause()
    paused.resolve()
    await eventually('the cut', async () => (await served.hub.getStats()).connections === 0)
    await eventually('the end of the run', () => written === 600)
  })

  it('ends in order with 1001 when the server goes, and a new one is told to go elsewhere', async () => {
    const served = await serve()
    await waiting(served)
    const client = await opened(`${served.base}/${id}/stream`)
    await served.sockets.close()
    expect(await client.closed).toBe(1001)
    expect(client.types.at(-1)).toBe('end')
    const late = connect(`${served.base}/${id}/stream`)
    expect(await late.closed).toBe(4503)
    expect(late.frames[0]?.['retryAfter']).toBe(5)
  })
})

describe('a socket that says stop again and again', () => {
  it('is heard one time after the other', async () => {
    const asked = { now: 0, most: 0, all: 0 }
    const go = deferred()
    const served = await serve({
      async authorize(_request, { action }) {
        if (action !== 'stop') return {}
        asked.all++
        asked.most = Math.max(asked.most, ++asked.now)
        await go.promise
        asked.now--
        return {}
      },
    })
    await served.hub.run(
      id,
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    )
    const client = connect(`${served.base}/${id}/stream`)
    await eventually('it is open', () => client.types.includes('open'))
    for (let i = 0; i < 50; i++) client.send({ type: 'stop' })
    await eventually('it is asked', () => asked.all > 0)
    go.resolve()
    expect(await client.closed).toBe(1000)
    expect(asked.most).toBe(1)
  })
})

describe('pages of other origins', () => {
  it.each([
    ['its own', undefined, 'own', true],
    ['a listed one', ['https://app.example'], 'https://app.example', true],
    ['any, where all may', '*', 'https://evil.example', true],
    ['an unlisted one', ['https://app.example'], 'https://evil.example', false],
    ['null, unlisted', undefined, 'null', false],
  ] as const)('%s', async (_name, cors, origin, allowed) => {
    const served = await serve(cors === undefined ? {} : { cors })
    await waiting(served)
    const own = served.base.replace('/api/chat', '')
    const client = connect(`${served.base}/${id}/stream`, { origin: origin === 'own' ? own : origin })
    await eventually('an answer', () => client.frames.length > 0)
    expect(client.frames[0]).toMatchObject(allowed ? { type: 'open' } : { type: 'error', status: 403 })
  })
})

describe('addresses that are none of its routes', () => {
  it('are 404, or the next handler’s', async () => {
    const served = await serve()
    const seen: string[] = []
    const server = createServer().on('upgrade', (request, socket, head) =>
      served.sockets(
        request,
        socket,
        head,
        request.url === '/mine' ? () => void (seen.push('next'), socket.destroy()) : undefined,
      ),
    )
    const port = await listen(server)
    closers.push(() => server.close())
    const statusOf = (path: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`)
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode))
        socket.on('error', () => resolve('cut'))
      })
    expect(await statusOf('/elsewhere')).toBe(404)
    expect(await statusOf('/mine')).toBe('cut')
    expect(seen).toEqual(['next'])
  })
})

describe('a page of any origin, where all may connect', () => {
  it('does not act for whoever is logged in: what a browser says by itself is not heard', async () => {
    const heard: unknown[] = []
    const served = await serve({
      cors: '*',
      authorize: ({ headers: { cookie, authorization } }) => {
        heard.push([cookie, authorization])
        return {}
      },
    })
    await served.hub.create({ channelId: 'abcdefghij0123456789' })
    const read = async (headers: Record<string, string>) => {
      const client = connect(`${served.base}/abcdefghij0123456789`, headers)
      await eventually('it is answered', () => client.frames.length > 0)
      return heard.pop()
    }
    const [cookie, basic, bearer] = ['session=u1', 'Basic dTpw', 'Bearer t']
    const origin = 'https://elsewhere.example'
    const own = `http://127.0.0.1:${served.port}`
    expect(await read({ origin, cookie, authorization: basic })).toEqual([undefined, undefined])
    expect(await read({ origin, cookie, authorization: bearer })).toEqual([undefined, bearer])
    expect(await read({ origin: own, cookie, authorization: basic })).toEqual([cookie, basic])
    expect(await read({ cookie, authorization: bearer })).toEqual([cookie, bearer])
  })
})
