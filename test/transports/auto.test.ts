import { afterEach, expect, test, vi } from 'vitest'
import { autoTransport, createAutoTransport } from '../../src/transports/auto.js'
import type { TransportObserver } from '../../src/transports/transport.js'
import { beginStream, startHttpServer } from '../helpers/http-server.js'
import { installUni } from '../helpers/uni-request.js'

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
