import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SSEClient, type SSEMessage, type SSEPostOptions } from '../../src/client/sse-client.js'
import type { ChannelError } from '../../src/core/channel-error.js'
import type { Transport, TransportObserver } from '../../src/transports/transport.js'
import { eventually } from '../helpers/eventually.js'
import { beginStream, startHttpServer, type HttpServer } from '../helpers/http-server.js'
import { createTcpProxy } from '../helpers/tcp-proxy.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'

let served: Served
let posts = 0

beforeEach(async () => {
  posts = 0
  served = await serveHub({
    start: ({ body }) => {
      const { words = [], wait = false } = body as { words?: string[]; wait?: boolean }
      return async function* ({ signal }) {
        posts++
        for (const delta of words) yield { type: 'text-delta', id: '1', delta }
        if (wait)
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      }
    },
  })
})
afterEach(() => served.close())

const words = ['你', '好']

describe('post', () => {
  test('gives every event unparsed, with its name and id, and resolves with the outcome', async () => {
    const messages: SSEMessage[] = []
    const request = new SSEClient().create().post({
      url: served.base,
      headers: { 'X-App': '1' },
      body: { words },
      onMessage: (message) => messages.push(message),
    })
    expect(await request.ended).toBe('done')
    expect(messages.map(({ event, data }) => [event, data])).toEqual([
      ['message', '{"type":"text-delta","id":"1","delta":"你"}'],
      ['message', '{"type":"text-delta","id":"1","delta":"好"}'],
      ['message', '[DONE]'],
    ])
    expect(messages[0]?.id).toMatch(/^\w+_0$/)
  })

  test('reads on after a lost connection, and posts once', async () => {
    const proxy = await createTcpProxy(served.port, (connection) =>
      connection === 0 ? { afterBytes: 420 } : {},
    )
    const data: string[] = []
    const request = new SSEClient().create().post({
      url: `http://127.0.0.1:${proxy.port}/api/chat`,
      body: { words: [...words, ...words, ...words] },
      onMessage: (message) => data.push(message.data),
    })
    expect(await request.ended).toBe('done')
    expect(proxy.connections).toBeGreaterThan(1)
    expect(
      data.map((text) => (text === '[DONE]' ? '' : (JSON.parse(text) as { delta: string }).delta)).join(''),
    ).toBe('你好你好你好')
    expect(posts).toBe(1)
    await proxy.close()
  })

  test('takes the ids of a server that is not ours for names: all is heard, and it is asked once', async () => {
    const server: HttpServer = await startHttpServer((_request, response) =>
      beginStream(response).end('id: 0\ndata: a\n\nid: 0\ndata: b\n\nid: run_9\ndata: c\n\ndata: [DONE]\n\n'),
    )
    const heard: string[] = []
    const { ended } = new SSEClient().create().post({
      url: server.url,
      headers: { authorization: undefined, 'x-app': '1' },
      onMessage: ({ data }) => heard.push(data),
      onError: ({ code }) => heard.push(code),
    })
    expect(await ended).toBe('done')
    expect(heard).toEqual(['a', 'b', 'c', '[DONE]'])
    expect(server.requests.map(({ method, headers }) => [method, headers['x-app']])).toEqual([['POST', '1']])
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
    await server.close()
  })

  test('bears the silence of a model that thinks for a minute between two words', async () => {
    vi.useFakeTimers()
    let tell: TransportObserver | undefined
    const transport: Transport = {
      name: 'by hand',
      isSupported: () => true,
      stream(_request, observer) {
        tell = observer
        return () => undefined
      },
    }
    const heard: string[] = []
    const { ended } = new SSEClient({ transport, protocol: 'sse' }).create().post({
      url: 'http://127.0.0.1/x',
      onMessage: ({ data }) => heard.push(data),
      onError: ({ code }) => heard.push(code),
    })
    tell?.opened({
      status: 200,
      header: (name) => (name === 'content-type' ? 'text/event-stream' : undefined),
    })
    for (const data of ['one', 'two']) {
      tell?.event({ id: '', type: 'message', data })
      await vi.advanceTimersByTimeAsync(60_000)
    }
    tell?.ended()
    vi.useRealTimers()
    expect([await ended, heard]).toEqual(['done', ['one', 'two']])
  })

  test('a refusal goes to onError, once', async () => {
    const errors: ChannelError[] = []
    const request = new SSEClient()
      .create()
      .post({ url: `${served.base}x/y`, onError: (error) => errors.push(error) })
    expect(await request.ended).toBe('error')
    expect(errors).toHaveLength(1)
    expect(errors[0]?.status).toBe(404)
  })

  test('an answer that does not begin within the timeout is asked for reconnectCount times, then an error', async () => {
    const server = await startHttpServer(() => undefined)
    const errors: ChannelError[] = []
    const request = new SSEClient()
      .create()
      .post({ url: server.url, timeout: 1_500, reconnectCount: 1, onError: (error) => errors.push(error) })
    expect(await request.ended).toBe('error')
    expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'GET'])
    expect(errors.map(({ code }) => code)).toEqual(['FIRST_BYTE_TIMEOUT'])
    await server.close()
  })

  test.each<[string, unknown]>([
    ['options', undefined],
    ['options', 'x'],
    ['url', {}],
    ['url', { url: '' }],
    ['url', { url: '/api/chat' }],
    ['url', { url: 'ftp://127.0.0.1/' }],
    ['url', { url: 'http://[bad' }],
    ['timeout', { url: 'http://127.0.0.1/', timeout: -1 }],
    ['timeout', { url: 'http://127.0.0.1/', timeout: '5' }],
    ['reconnectCount', { url: 'http://127.0.0.1/', reconnectCount: NaN }],
    ['headers', { url: 'http://127.0.0.1/', headers: { 'a b': 'x' } }],
    ['headers', { url: 'http://127.0.0.1/', headers: { a: 'x\r\nb: y' } }],
    ['headers', { url: 'http://127.0.0.1/', headers: { a: '你' } }],
    ['onMessage', { url: 'http://127.0.0.1/', onMessage: 'x' }],
    ['onError', { url: 'http://127.0.0.1/', onError: {} }],
  ])('a bad %s throws BAD_OPTIONS at once and names it: %j', (name, options) => {
    const sse = new SSEClient().create()
    expect(() => sse.post(options as SSEPostOptions)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS', message: expect.stringContaining(name) as string }),
    )
  })

  test('a body that is no JSON is told to onError, and nothing is sent', async () => {
    const body: Record<string, unknown> = {}
    body['self'] = body
    const codes: string[] = []
    const { ended } = new SSEClient()
      .create()
      .post({ url: served.base, body, onError: ({ code }) => codes.push(code) })
    expect(await ended).toBe('error')
    expect([codes, posts]).toEqual([['BAD_OPTIONS'], 0])
  })

  test('a listener that throws is reported, and the stream goes on', async () => {
    const reported: unknown[] = []
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => reported.push(error))
    try {
      const request = new SSEClient().create().post({
        url: served.base,
        body: { words },
        onMessage() {
          throw new Error('mine')
        },
      })
      expect(await request.ended).toBe('done')
      await eventually('reports', () => reported.length === 3)
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of before) process.on('uncaughtException', listener)
    }
  })
})

describe('abort', () => {
  test('ends the request, stops the producer of a server of ours, and is idempotent', async () => {
    let id = ''
    const request = new SSEClient().create().post({
      url: served.base,
      body: { words, wait: true },
      onMessage: () => {
        id = 'seen'
      },
    })
    await eventually('a message', () => id !== '')
    request.abort()
    request.abort()
    expect(await request.ended).toBe('stopped')
    await eventually('the producer is stopped', async () => (await served.hub.listActive()).length === 0)
  })

  test('while the head is on its way stops the producer too', async () => {
    const proxy = await createTcpProxy(served.port, (connection) =>
      connection === 0 ? { heldUntil: new Promise(() => undefined) } : {},
    )
    const url = `http://127.0.0.1:${proxy.port}/api/chat`
    const request = new SSEClient().create().post({ url, body: { wait: true } })
    await eventually('the producer runs', () => posts === 1)
    request.abort()
    expect(await request.ended).toBe('stopped')
    await eventually('the producer is stopped', async () => (await served.hub.listActive()).length === 0)
    await proxy.close()
  })

  test('that the server does not hear is told as STOP_FAILED: the producer goes on', async () => {
    const server: HttpServer = await startHttpServer(({ url }, response) => {
      if (url.endsWith('/stop')) response.writeHead(403).end()
      else beginStream(response, { 'x-channel-id': 'named-by-the-server' }).write('data: x\n\n')
    })
    const errors: string[] = []
    let heard = 0
    const request = new SSEClient().create().post({
      url: server.url,
      onMessage: () => heard++,
      onError: ({ code }) => errors.push(code),
    })
    await eventually('a message', () => heard === 1)
    request.abort()
    expect(await request.ended).toBe('stopped')
    await eventually('the error', () => errors.length > 0)
    expect(errors).toEqual(['STOP_FAILED'])
    await server.close()
  })

  test('sends nothing to a server that named no channel', async () => {
    const server: HttpServer = await startHttpServer((_request, response) => {
      beginStream(response).write('data: x\n\n')
    })
    let heard = 0
    const request = new SSEClient({ protocol: 'channel' })
      .create()
      .post({ url: server.url, onMessage: () => heard++ })
    await eventually('a message', () => heard === 1)
    request.abort()
    await eventually('hung up', () => server.requests[0]?.closed === true)
    expect(server.requests).toHaveLength(1)
    await server.close()
  })
})

describe('the client', () => {
  test.each([5, null, { protocol: 'x' }, { transport: {} }])(
    'with options %j throws BAD_OPTIONS',
    (options) => {
      expect(() => new SSEClient(options as never)).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
    },
  )

  test('get finds what create made, until it is deleted', () => {
    const client = new SSEClient()
    const sse = client.create()
    expect(client.get(sse.id)).toBe(sse)
    client.delete(sse)
    expect(client.get(sse.id)).toBeUndefined()
  })

  test('delete and clear abort what still runs', async () => {
    const client = new SSEClient()
    const [a, b] = [client.create(), client.create()]
    const requests = [a, b].map((sse) => sse.post({ url: served.base, body: { wait: true } }))
    client.delete(a)
    expect(await requests[0]?.ended).toBe('stopped')
    client.clear()
    expect(await requests[1]?.ended).toBe('stopped')
    expect(client.get(b.id)).toBeUndefined()
  })
})
