// What only a real browser decides: what it lets cross origins, and how it writes a header.
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { startHttpServer, type HttpServer } from '../../helpers/http-server.js'
import type { TransportRequest } from '../../../src/transports/transport.js'
import { ChromiumRealm } from './chromium-host.js'

const MiB = 1024 * 1024
const realm = new ChromiumRealm()
let server: HttpServer
/** What a request that the browser lets through is answered with. */
let answer: (cookie: string | undefined, response: ServerResponse) => void

beforeAll(async () => {
  await realm.open()
  server = await startHttpServer(({ method, url, headers }, response) => {
    const allowed = {
      'access-control-allow-origin': headers.origin ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'last-event-id',
      'content-type': 'text/event-stream',
    }
    if (method === 'OPTIONS') return response.writeHead(204, allowed).end()
    if (url === '/login') return response.writeHead(200, { ...allowed, 'set-cookie': 'user=1' }).end()
    response.writeHead(200, allowed)
    answer(headers.cookie, response)
  })
})
afterAll(async () => {
  await realm.close()
  await server.close()
})
beforeEach(() => {
  server.requests.length = 0
})

async function read(transport: string, options: Partial<TransportRequest> = {}) {
  const opened = await realm.host(transport).open({ method: 'GET', url: server.url, headers: {}, ...options })
  await eventually('the end', async () => /ended|finished|lost/.test((await opened.heard()).calls.join()))
  return opened.heard()
}

describe.each(['fetch', 'xhr'])('%s in Chromium', (transport) => {
  test.each(['消息1', 'café', '😀'])('reads on from the id "%s", in UTF-8', async (lastEventId) => {
    answer = (_cookie, response) => response.end('data: x\n\n')
    await read(transport, { lastEventId })
    const [asked] = server.requests.filter(({ method }) => method === 'GET')
    expect(Buffer.from(String(asked?.headers['last-event-id']), 'latin1').toString()).toBe(lastEventId)
  })

  test('sends cookies to another origin when it is told to, and only then', async () => {
    const seen: (string | undefined)[] = []
    answer = (cookie, response) => {
      seen.push(cookie)
      response.end('data: x\n\n')
    }
    await realm.page.evaluate(
      async (login: string) => void (await fetch(login, { credentials: 'include' })),
      `${server.url}/login`,
    )
    await read(transport, { withCredentials: true })
    await read(transport)
    expect(seen).toEqual(['user=1', undefined])
  })

  test('judges an event over the limit alike, however it is cut', async () => {
    const event = `data: ${'a'.repeat(4.2 * MiB)}\n\n`
    for (const cut of [event.length, 4.1 * MiB, 1 * MiB]) {
      answer = (_cookie, response) => {
        response.write(event.slice(0, cut))
        setTimeout(() => response.end(event.slice(cut)), 20)
      }
      expect([cut, (await read(transport)).error?.code]).toEqual([cut, 'EVENT_TOO_LARGE'])
    }
  })
})
