import { afterEach, expect, test, vi } from 'vitest'
import { autoTransport } from '../../src/transports/auto.js'
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
