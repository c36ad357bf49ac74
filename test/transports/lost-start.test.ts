import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { ChannelError } from '../../src/core/channel-error.js'
import { fetchTransport } from '../../src/transports/fetch.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import type { Transport } from '../../src/transports/transport.js'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { oldLogClock } from '../helpers/old-log-clock.js'
import { createTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js'
import { installUni } from '../helpers/uni-request.js'
import { serveHub, type Served, type ServeOptions } from '../server/http/serve-hub.js'
import { runSession } from './run-session.js'

const ignore = () => undefined

const transports: [string, Transport][] = [
  ['fetch', fetchTransport],
  ['uni-request', uniRequestTransport],
  ['long-poll', longPollTransport],
  ['web-socket', webSocketTransport],
]

describe('a start whose connection breaks', () => {
  let served: Served
  let proxy: TcpProxy
  let runs: number
  let uninstall: () => void

  async function serve(options: ServeOptions) {
    runs = 0
    served = await serveHub({
      ...options,
      start: () =>
        async function* () {
          runs++
          yield { type: 'text-delta', id: '1', delta: '到了' }
        },
    })
    proxy = await createTcpProxy(served.port)
  }
  const ask = (transport: Transport) =>
    runSession({ base: `http://127.0.0.1:${proxy.port}/api/chat`, transport })

  beforeEach(() => {
    vi.stubGlobal('WebSocket', WebSocket)
    uninstall = installUni()
  })
  afterEach(async () => {
    uninstall()
    vi.unstubAllGlobals()
    await proxy.close()
    await served.close()
  })

  test.each(transports)('before it arrives is sent again: %s', async (_name, transport) => {
    await serve({ log: { clock: oldLogClock() } })
    proxy.plan = (connection) => (connection === 0 ? { mode: 'refuse' } : {})
    const run = ask(transport)
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe('到了')
    expect(runs).toBe(1)
  })

  test.each(transports)('after it has arrived is read on, not sent again: %s', async (_name, transport) => {
    await serve({ log: { clock: oldLogClock() } })
    proxy.plan = (connection) => (connection === 0 ? { afterBytes: 200 } : {})
    const run = ask(transport)
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe('到了')
    expect(runs).toBe(1)
  })

  test.each(transports.slice(0, 3))(
    'is not sent again where the server may have forgotten it: %s',
    async (_name, transport) => {
      // A memory that has just begun: perhaps the process died with the run.
      await serve({})
      proxy.plan = (connection) => (connection === 0 ? { mode: 'refuse' } : {})
      const run = ask(transport)
      expect(await run.over).toMatchObject({ outcome: 'error', error: { code: 'CONNECTION_LOST' } })
      expect(runs).toBe(0)
    },
  )

  test('is sent again over a WebSocket that never opened, whatever the server remembers', async () => {
    await serve({})
    proxy.plan = (connection) => (connection === 0 ? { mode: 'refuse' } : {})
    const run = ask(webSocketTransport)
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(runs).toBe(1)
  })

  test('that comes late after all is one run with the one that was sent again', async () => {
    await serve({ log: { clock: oldLogClock() } })
    let posts = 0
    const nobody = { opened: ignore, event: ignore, activity: ignore, retry: ignore }
    const deaf = { ...nobody, finished: ignore, ended: ignore, lost: ignore }
    const late: Transport = {
      ...fetchTransport,
      stream(request, observer) {
        if (request.method === 'POST' && ++posts === 1) {
          observer.lost(new ChannelError('CONNECTION_LOST'))
          return ignore
        }
        // The first one arrives together with the second.
        if (request.method === 'POST') fetchTransport.stream(request, deaf)
        return fetchTransport.stream(request, observer)
      },
    }
    const run = ask(late)
    expect(await run.over).toMatchObject({ outcome: 'done' })
    expect(run.text).toBe('到了')
    expect(posts).toBe(2)
    expect(runs).toBe(1)
  })
})
