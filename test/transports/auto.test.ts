import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { autoTransport, createAutoTransport } from '../../src/transports/auto.js'
import { platformTransports } from '../../src/transports/platform-transports.js'
import type { TransportObserver } from '../../src/transports/transport.js'
import { deferred } from '../helpers/deferred.js'
import { eventually } from '../helpers/eventually.js'
import { beginStream, startHttpServer } from '../helpers/http-server.js'
import { installUni } from '../helpers/uni-request.js'
import { installUniSocket } from '../helpers/uni-socket.js'
import { serveHub } from '../server/http/serve-hub.js'
import { runSession } from './run-session.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

const observer = (over: () => void): TransportObserver => ({
  opened: () => undefined,
  event: () => undefined,
  activity: () => undefined,
  retry: () => undefined,
  finished: over,
  ended: over,
  lost: over,
})

async function agentOf(): Promise<string | undefined> {
  const server = await startHttpServer((_request, response) => beginStream(response).end())
  await new Promise<void>((resolve) => {
    autoTransport.stream({ method: 'GET', url: server.url, headers: {} }, observer(resolve))
  })
  await server.close()
  return server.requests[0]?.headers['sec-fetch-mode'] as string | undefined
}

test('takes fetch where there is one, with a readable body', async () => {
  expect(autoTransport.isSupported()).toBe(true)
  expect(await agentOf()).toBe('cors')
})

test.each(['fetch', 'ReadableStream', 'AbortController'])(
  'takes uni.request where %s is missing',
  async (name) => {
    vi.stubGlobal(name, undefined)
    const uninstall = installUni()
    expect(autoTransport.isSupported()).toBe(true)
    expect(await agentOf()).toBeUndefined()
    uninstall()
  },
)

test('on App takes uni.request last: it gives bodies whole', async () => {
  vi.stubGlobal('fetch', undefined)
  vi.stubGlobal('plus', {})
  const uninstall = installUni()
  const server = await startHttpServer((_request, response) => response.writeHead(404).end())
  const over = () => undefined
  const request = { method: 'GET', url: `${server.url}/x/stream`, headers: {} } as const
  await new Promise<void>((resolve) => {
    createAutoTransport().stream(request, { ...observer(over), lost: () => resolve() })
  })
  // A long poll.
  expect(server.requests.map(({ url }) => url)).toEqual(['/x/events?waitMs=0'])
  await server.close()
  uninstall()
})

describe('on Alipay, whose requests give bodies whole', () => {
  const undo: (() => void)[] = []
  beforeEach(() => {
    vi.stubGlobal('fetch', undefined)
    vi.stubGlobal('WebSocket', undefined)
    vi.stubGlobal('my', { canIUse: () => false })
    undo.push(
      installUni({ chunks: 'none', refusals: 'fail' }),
      installUniSocket({ handlers: 'shared unless multiple', messages: 'wrapped' }),
    )
  })
  afterEach(() =>
    undo
      .splice(0)
      .reverse()
      .forEach((each) => each()),
  )

  test('the first answer of a server streams, over WebSocket', async () => {
    const more = deferred<undefined>()
    const served = await serveHub({
      start: () =>
        async function* () {
          yield { type: 'text-delta', id: '1', delta: '一' }
          await more.promise
          yield { type: 'text-delta', id: '1', delta: '二' }
        },
    })
    const run = runSession({ base: served.base, transport: createAutoTransport() })
    await eventually('a word while the other is made', () => run.text === '一')
    more.resolve(undefined)
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe('一二')
    await served.close()
  })

  test('a server without WebSocket is asked once with uni.request, and its stream read whole', async () => {
    const server = await startHttpServer((_request, response) =>
      beginStream(response).end('data: {"type":"text-delta","delta":"好"}\n\ndata: [DONE]\n\n'),
    )
    const run = runSession({ base: server.url, transport: createAutoTransport() })
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe('好')
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
    await server.close()
  })
})

test('is NO_TRANSPORT where there is neither', () => {
  vi.stubGlobal('fetch', undefined)
  expect(autoTransport.isSupported()).toBe(false)
  const request = { method: 'GET', url: 'http://127.0.0.1', headers: {} } as const
  expect(() =>
    autoTransport.stream(
      request,
      observer(() => undefined),
    ),
  ).toThrow(expect.objectContaining({ code: 'NO_TRANSPORT' }))
})

test('the order of the platforms can be taken with a WebView of the app itself, and with no nonsense', () => {
  const names = (order: readonly { name: string }[]) => order.map(({ name }) => name)
  expect(names(platformTransports({ webView: 'own' }))).toEqual(names(platformTransports()))
  for (const webView of ['mine', 1, null, { page: 1 }, { page: '' }, { idleMs: -1 }, { idleMs: NaN }])
    expect(() => platformTransports({ webView } as never)).toThrow(/webView must be/)
})
