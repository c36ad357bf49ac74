import { createServer } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../../src/platform/system-clock.js'
import { httpSource } from '../../src/transports/http-source.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import { openUniSocket } from '../../src/transports/uni-socket.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { eventually } from '../helpers/eventually.js'
import { startHttpServer } from '../helpers/http-server.js'
import { listen, unlisten } from '../helpers/listen.js'
import { installUniSocket } from '../helpers/uni-socket.js'
import { recordStream } from './record-stream.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('a server that does not hold long polls is asked once a second, not as fast as it answers', async () => {
  const askedAt: number[] = []
  const server = await startHttpServer((_request, response) => {
    askedAt.push(performance.now())
    response.end('{"channelId":"id","events":[],"cursor":"a_0","ended":false}')
  })
  const { heard, hangUp } = recordStream(longPollTransport, {
    ...{ method: 'GET', url: `${server.url}/id/stream`, headers: {} },
  })
  await eventually('a third poll', () => askedAt.length >= 3, 10_000)
  expect((askedAt[2] as number) - (askedAt[1] as number)).toBeGreaterThan(900)
  hangUp()
  expect(heard.calls.slice(0, 2)).toEqual(['opened', 'activity'])
  await server.close()
})

test.each(['null', '{"type":"events"}', '{"type":"events","events":[null]}', 'no JSON'])(
  'a socket that says %s is lost as BAD_EVENT, and nothing is thrown at the platform',
  async (frame) => {
    vi.stubGlobal('WebSocket', WebSocket)
    const http = createServer()
    const sockets = new WebSocketServer({ server: http })
    sockets.on('connection', (socket) => socket.send(frame))
    const port = await listen(http)
    const { heard, hangUp } = recordStream(webSocketTransport, {
      ...{ method: 'GET', url: `http://127.0.0.1:${port}/id/stream`, headers: {} },
    })
    await eventually('the loss', () => heard.calls.includes('lost'))
    expect(heard.error?.code).toBe('BAD_EVENT')
    hangUp()
    for (const client of sockets.clients) client.terminate()
    sockets.close()
    await unlisten(http)
  },
)

test('a socket opens at once though the clock of the phone was set back an hour', async () => {
  const undo = installUniSocket({ ids: 'the clock' })
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  const port = await listen(http)
  const now = vi.spyOn(Date, 'now').mockReturnValue(2_000_000_000_000)
  let opened = 0
  const open = () =>
    openUniSocket(
      `ws://127.0.0.1:${port}`,
      {},
      {
        ...{ opened: () => void opened++, message: () => undefined, closed: () => undefined },
      },
    )
  const first = open()
  now.mockReturnValue(2_000_000_000_000 - 3_600_000)
  const second = open()
  await eventually('both open', () => opened === 2)
  first.close()
  second.close()
  undo()
  for (const client of sockets.clients) client.terminate()
  sockets.close()
  await unlisten(http)
})

test('a stop that is never answered counts as lost in time, and is said again', async () => {
  const limits: { run: () => void; ms: number }[] = []
  vi.spyOn(systemClock, 'setTimeout').mockImplementation((run, ms) => limits.push({ run, ms }))
  const clock = { ...systemClock, setTimeout: (run: () => void) => setTimeout(run, 0) }
  const server = await startHttpServer((_request, response) => {
    if (server.requests.length > 1) response.end()
  })
  const stopped = httpSource({ url: server.url, clock }).stop?.('id')
  await eventually('the first', () => server.requests.length === 1)
  expect(limits.map(({ ms }) => ms)).toEqual([15_000])
  limits[0]?.run()
  await stopped
  expect(server.requests.map(({ url }) => url)).toEqual(['/id/stop', '/id/stop'])
  await eventually('the first is hung up', () => server.requests[0]?.closed === true)
  await server.close()
})
