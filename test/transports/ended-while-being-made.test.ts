import { createServer } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import type { HangUp, Observer } from '../../src/core/source.js'
import { douyinTransport } from '../../src/transports/douyin.js'
import { fetchTransport } from '../../src/transports/fetch.js'
import { httpSource } from '../../src/transports/http-source.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import type { Transport, TransportObserver, TransportRequest } from '../../src/transports/transport.js'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { eventually } from '../helpers/eventually.js'
import { listen, unlisten } from '../helpers/listen.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

const turn = () => new Promise<void>((resolve) => setTimeout(resolve))
const request: TransportRequest = { method: 'POST', url: 'https://a.test/chat', headers: {}, body: '{"a":1}' }

/** Says what it heard; `act` is called with each word of it. */
function listener(act: (word: string) => void = () => undefined) {
  const heard: string[] = []
  const hear = (word: string) => {
    heard.push(word)
    act(word)
  }
  const observer: Omit<Required<Observer>, 'opened'> & Required<Pick<TransportObserver, 'opened' | 'whole'>> =
    {
      opened: () => hear('opened'),
      event: ({ data }) => hear(`event ${data}`),
      activity: () => hear('activity'),
      retry: () => hear('retry'),
      whole: () => hear('whole'),
      finished: () => hear('finished'),
      ended: () => hear('ended'),
      lost: ({ code }) => hear(`lost ${code}`),
      unsent: ({ code }) => hear(`unsent ${code}`),
    }
  return { heard, observer }
}

/** A transport that counts what is connected. */
function counting(tell: (observer: Observer) => void = () => undefined) {
  const counts = { made: 0, hungUp: 0 }
  const transport: Transport = {
    name: 'counting',
    isSupported: () => true,
    stream(_, observer) {
      counts.made++
      tell(observer as Observer)
      return () => void counts.hungUp++
    },
  }
  return { counts, transport }
}

const start = { kind: 'start', channelId: 'a-channel', input: 'q' } as const

test('stopped while the headers are on their way, nothing is connected', async () => {
  const { counts, transport } = counting()
  let give: (headers: Record<string, string>) => void = () => undefined
  const headers = () => new Promise<Record<string, string>>((resolve) => (give = resolve))
  const { heard, observer } = listener()
  const hangUp = httpSource({ url: request.url, headers, transport }).connect(start, observer as Observer)
  hangUp()
  give({})
  await turn()
  expect([counts.made, heard]).toEqual([0, []])
})

test('ended by what the connection tells before it is in hand, the connection is hung up', async () => {
  const { counts, transport } = counting((observer) => observer.event({ id: '', type: 'end', data: '1' }))
  let hangUp: HangUp = () => undefined
  const { heard, observer } = listener((word) => word.startsWith('event') && hangUp())
  const headers = () => Promise.resolve({})
  hangUp = httpSource({ url: request.url, headers, transport }).connect(start, observer as Observer)
  await turn()
  expect(heard).toEqual(['event 1'])
  expect(counts).toEqual({ made: 1, hungUp: 1 })
})

/** `uni.connectSocket` whose tasks a test speaks for. */
function sockets(connect: (task: object, options: Record<string, () => void>) => unknown = (task) => task) {
  const on: Record<string, (told?: unknown) => void> = {}
  const task = {
    closes: 0,
    sent: [] as string[],
    onOpen: (told: () => void) => void (on['open'] = told),
    onMessage: (told: () => void) => void (on['message'] = told),
    onError: (told: () => void) => void (on['error'] = told),
    onClose: (told: () => void) => void (on['close'] = told),
    send: ({ data }: { data: string }) => void task.sent.push(data),
    close: () => void task.closes++,
  }
  vi.stubGlobal('WebSocket', undefined)
  vi.stubGlobal('uni', {
    connectSocket: (options: Record<string, () => void>) => connect(task, options),
  })
  return { task, on }
}

test('a socket that was deaf to its close while it connected is closed when it is open', async () => {
  const { task, on } = sockets()
  const { heard, observer } = listener()
  const hangUp = webSocketTransport.stream(request, observer)
  await eventually('it is asked for', () => on['open'] !== undefined)
  hangUp()
  on['open']?.()
  on['message']?.({ data: '{"type":"ping"}' })
  expect([task.closes, task.sent, heard]).toEqual([2, [], []])
})

test('a socket of which the platform says that it failed, and that comes all the same, is closed', async () => {
  const { task } = sockets((made, { fail }) => {
    fail?.()
    return Promise.resolve(made)
  })
  const { heard, observer } = listener()
  webSocketTransport.stream(request, observer)
  await eventually('it is closed', () => task.closes === 1)
  expect(heard).toEqual(['unsent CONNECTION_LOST'])
})

test('a socket that breaks is closed too: a platform may take an error lightly', async () => {
  const { task, on } = sockets()
  const { heard, observer } = listener()
  webSocketTransport.stream(request, observer)
  await eventually('it is asked for', () => on['error'] !== undefined)
  on['open']?.()
  on['error']?.({ errMsg: 'connectSocket:fail' })
  expect([task.closes, heard]).toEqual([1, ['lost CONNECTION_LOST']])
})

test('a socket that is open before anybody has it in hand gets the question', async () => {
  const { task } = sockets((made) => ({ ...made, onOpen: (told: () => void) => told() }))
  webSocketTransport.stream(request, listener().observer)
  await eventually('it is sent', () => task.sent.length > 0)
  expect(task.sent).toEqual([request.body])
})

test('a request that was deaf to its abort is aborted once more when it speaks', () => {
  let aborts = 0
  let head: (told: object) => void = () => undefined
  let chunk: (told: object) => void = () => undefined
  vi.stubGlobal('uni', {
    request: () => ({
      abort: () => void aborts++,
      onHeadersReceived: (told: typeof head) => void (head = told),
      onChunkReceived: (told: typeof chunk) => void (chunk = told),
    }),
  })
  const { heard, observer } = listener()
  const hangUp = uniRequestTransport.stream(request, observer)
  hangUp()
  expect(aborts).toBe(1)
  head({ statusCode: 200, header: { 'content-type': 'text/event-stream' } })
  for (let index = 0; index < 3; index++) chunk({ data: new TextEncoder().encode('data: 1\n\n').buffer })
  expect([aborts, heard]).toEqual([2, []])
})

test('long polls that are answered within the call hang up the newest one', () => {
  const aborted: string[] = []
  vi.stubGlobal('fetch', undefined)
  vi.stubGlobal('uni', {
    request({ url, success }: { url: string; success: (told: object) => void }) {
      if (!url.includes('/events'))
        success({ statusCode: 200, data: JSON.stringify({ channelId: 'a', events: [], ended: false }) })
      return { abort: () => void aborted.push(url) }
    },
  })
  const { heard, observer } = listener()
  longPollTransport.stream(request, observer)()
  expect(heard).toEqual(['opened'])
  expect(aborted).toEqual([expect.stringContaining('/a/events?')])
})

test('an EventSource of Douyin that fails as soon as somebody listens is closed, and told', () => {
  let closes = 0
  vi.stubGlobal('tt', {
    createEventSource: () => ({
      onError: (told: (failure: object) => void) => told({ statusCode: 503 }),
      close: () => void closes++,
    }),
  })
  const { heard, observer } = listener()
  douyinTransport.stream(request, observer)
  expect([closes, heard]).toEqual([1, [expect.stringMatching(/^lost /)]])
})

test('the body that a fetch without signals brings is cancelled, before the head and after it', async () => {
  let closed = 0
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    response.on('close', () => closed++)
  })
  const port = await listen(server)
  const real = fetch
  vi.stubGlobal('fetch', (url: string, { signal: _, ...init }: RequestInit) => real(url, init))
  const { heard, observer } = listener()
  const asked = { ...request, url: `http://127.0.0.1:${port}/chat` }
  fetchTransport.stream(asked, observer)()
  await eventually('the first is closed', () => closed === 1)
  const hangUp = fetchTransport.stream(asked, observer)
  await eventually('an event comes', () => heard.includes('event 1'))
  hangUp()
  await eventually('the second is closed', () => closed === 2)
  expect(heard).toEqual(['opened', 'event 1'])
  await unlisten(server)
})
