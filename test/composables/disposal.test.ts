import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useChannelStore, useSSEChannel, type UseSSEChannelReturn } from '../../src/index.js'
import { beginStream, startHttpServer, type HttpServer } from '../helpers/http-server.js'

let server: HttpServer
/** Handles of timers set and not yet fired or cleared. */
const timers = new Set<unknown>()
let listeners = 0

// Stands in for window and document, which are event targets to the lifecycle. The network is the real one: a DOM
// library brings a fetch of its own.
class CountingTarget extends EventTarget {
  override addEventListener(...args: Parameters<EventTarget['addEventListener']>) {
    listeners++
    super.addEventListener(...args)
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>) {
    listeners--
    super.removeEventListener(...args)
  }
}

beforeAll(async () => {
  server = await startHttpServer()
})
afterAll(() => server.close())

beforeEach(() => {
  server.requests.length = 0
  timers.clear()
  listeners = 0
  vi.stubGlobal('window', new CountingTarget())
  vi.stubGlobal('document', new CountingTarget())
  vi.stubGlobal('navigator', { onLine: true })
  const { setTimeout: set, clearTimeout: clear } = globalThis
  vi.stubGlobal('setTimeout', (run: () => void, ms?: number) => {
    const handle: unknown = set(() => {
      timers.delete(handle)
      run()
    }, ms)
    // Only the library's own limits and pauses: the HTTP client has shorter ones, and the test waits by seconds.
    if (ms !== undefined && ms > 20_000) timers.add(handle)
    return handle
  })
  vi.stubGlobal('clearTimeout', (handle: ReturnType<typeof setTimeout>) => {
    timers.delete(handle)
    clear(handle)
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 20_000, interval: 5 })
const posts = (path: RegExp) =>
  server.requests.filter(({ method, url }) => method === 'POST' && path.test(url))

function run(reach: (channel: UseSSEChannelReturn) => boolean) {
  const scope = effectScope()
  const channel = scope.run(() =>
    useSSEChannel({
      url: `${server.url}/chat`,
      reconnect: { baseMs: 1e9, capMs: 1e9 },
      timeouts: { totalMs: 90_000 },
    }),
  )!
  void channel.start('hi')
  return { scope, channel, reached: soon(() => expect(reach(channel)).toBe(true)) }
}

describe('a scope that ends', () => {
  const answers: [
    name: string,
    answer: HttpServer['answer'],
    reach: (channel: UseSSEChannelReturn) => boolean,
  ][] = [
    ['before the answer began', () => undefined, () => posts(/^\/chat$/).length === 1],
    [
      'while the answer streams',
      (_request, response) =>
        beginStream(response.setHeader('x-channel-id', 'abcdefghijklmnopqrstuvwx')).write(
          'id: a_0\ndata: {"type":"text-delta","delta":"x"}\n\n',
        ),
      (channel) => channel.text.value === 'x',
    ],
    [
      'during backoff',
      (_request, response) => response.socket?.destroy(),
      (channel) => channel.connection.value === 'waiting',
    ],
    [
      'after an error',
      (_request, response) => response.writeHead(403).end(),
      (channel) => channel.status.value === 'error',
    ],
  ]

  test.each(answers)('%s leaves no timer, listener, request or channel', async (name, answer, reach) => {
    server.answer = (received, response) => {
      if (received.url.endsWith('/stop')) response.end('{}')
      else answer(received, response)
    }
    const { scope, channel, reached } = run(reach)
    await reached
    if (name !== 'after an error') {
      expect(timers.size).toBeGreaterThan(0)
      expect(listeners).toBeGreaterThan(0)
    }
    scope.stop()
    expect(timers.size).toBe(0)
    expect(listeners).toBe(0)
    expect(channel.connection.value).toBe('closed')
    expect(useChannelStore().channels).toEqual([])
    if (name !== 'after an error') {
      await soon(() => expect(posts(/\/stop$/)).toHaveLength(1))
      expect(posts(/\/stop$/)[0]?.url).toBe(`/chat/${channel.channelId.value}/stop`)
    }
    await soon(() => expect(server.requests.every((request) => request.closed)).toBe(true))
    expect(posts(/^\/chat$/)).toHaveLength(1)
    expect(server.requests.filter(({ method }) => method === 'GET')).toEqual([])
  })
})
