import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build } from 'esbuild'
import { buildFixture } from '../../hosts/build.js'
import { launchApp, type AppPage } from '../../hosts/app/launch-app.js'
import { launchChromium, type Browser } from '../../hosts/chromium/launch-chromium.js'
import { startHttpServer, type HttpServer } from '../../helpers/http-server.js'
import type { TransportRequest } from '../../../src/transports/transport.js'
import type { Heard } from '../record-stream.js'
import { transportContract, type TransportHost } from '../transport.contract.js'

let browser: Browser
let app: AppPage

async function openApp() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('service-entry.ts', import.meta.url))],
    ...{ bundle: true, write: false, format: 'iife', target: 'es2018' },
  })
  app = await launchApp(browser, await buildFixture('app'))
  await app.start()
  await app.runInService(outputFiles[0]?.text ?? '')
}

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const open = (request: TransportRequest, hangUpAfter?: number) =>
  app.callService<number>('open', request, ...(hangUpAfter === undefined ? [] : [hangUpAfter]))
const heard = (index: number) => app.callService<Heard>('heard', index)

const host: TransportHost = {
  install: openApp,
  uninstall: () => app.close(),
  async open(request, hangUpAfter) {
    const index = await open(request, hangUpAfter)
    return { heard: () => heard(index), hangUp: () => app.callService('hangUp', index) }
  },
}

transportContract('app-view in an App', host)

describe('app-view', () => {
  let server: HttpServer
  let answered: string[]
  const sse = (data: string) => `data: ${data}\n\n`
  const get = (path: string): TransportRequest => ({ method: 'GET', url: server.url + path, headers: {} })
  const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' }
  async function pace(response: ServerResponse, count: number) {
    for (let n = 0; n < count; n++) {
      response.write(sse(String(n)))
      await delay(6)
    }
    response.end()
  }
  const lossOf = (index: number) =>
    app.waitFor(() => app.callService<string>('reason', index), { timeoutMs: 60_000, what: 'the loss' })

  beforeEach(async () => {
    await openApp()
    answered = []
    server = await startHttpServer(({ method, url }, response) => {
      answered.push(`${method} ${url}`)
      if (url === '/closed') return void response.end('no header allows this')
      response.writeHead(200, { 'content-type': 'text/event-stream', ...cors })
      if (url === '/many')
        return void response.end(Array.from({ length: 2_000 }, (_, n) => sse(`第${n}个`)).join(''))
      if (url === '/paced') return void pace(response, 60)
      if (method !== 'OPTIONS') response.write(sse('first'))
      else response.end()
    })
  })
  afterEach(async () => {
    await app.close()
    await server.close()
  })

  it('is supported where the service layer has pages in WebViews', async () => {
    expect(await app.callService('isSupported')).toBe(true)
  })

  it('names CORS when no head arrived', async () => {
    expect(await lossOf(await open(get('/closed')))).toMatch(/CORS/)
  })

  it('carries 2,000 events in order in a few messages', async () => {
    await app.resetBridge()
    const index = await open(get('/many'))
    await app.waitFor(async () => (await heard(index)).events.length === 2_000)
    const { events } = await heard(index)
    expect(events.map(({ data }) => data)).toEqual(Array.from({ length: 2_000 }, (_, n) => `第${n}个`))
    expect((await app.bridgeStats()).toService.messages).toBeLessThan(60)
  })

  it('loses the connection when its page closes, and leaves no listener behind', async () => {
    const index = await open(get('/open'))
    await app.waitFor(async () => (await heard(index)).events.length === 1)
    const [page] = await app.pages()
    const before = await app.listeners(page!.webView, 'close')
    await app.reLaunch('pages/detail/detail', { id: '1' })
    expect(await lossOf(index)).toMatch(/closed/)
    expect(before).toBeGreaterThan(0)
    expect(answered).toEqual(['GET /open'])
  })

  it('loses it when the page is reloaded without a word, as on Android', async () => {
    const index = await open(get('/open'))
    await app.waitFor(async () => (await heard(index)).events.length === 1)
    await app.crash('1')
    expect(await lossOf(index)).toMatch(/reloaded/)
  })

  it('loses it when the page stands still, and uses another one that runs', async () => {
    const index = await open(get('/open'))
    await app.waitFor(async () => (await heard(index)).events.length === 1)
    await app.stall('1')
    expect(await lossOf(index)).toMatch(/stands still/)
    await app.navigateTo('pages/detail/detail', { id: '1' })
    const second = await open(get('/open'))
    await app.waitFor(async () => (await heard(second)).events.length === 1)
    const { listeners, pages } = app
    expect(await listeners((await pages()).at(-1)!.webView, 'close')).toBeGreaterThan(0)
  })

  it('reads on without asking the server for leave first (CORS)', async () => {
    const request = { ...get('/open'), lastEventId: 'a_1' }
    const index = await open(request)
    await app.waitFor(async () => (await heard(index)).events.length === 1)
    expect(answered).toEqual(['GET /open?lastEventId=a_1'])
  })

  it('sends nothing when no page answers, and says so', async () => {
    await app.stall('1')
    const index = await open({ ...get('/open'), method: 'POST', body: '{}' })
    expect(await lossOf(index)).toBe('No page of the app can stream.')
    expect(answered).toEqual([])
  })

  it('posts a body of any text unchanged', async () => {
    const text = 'quotes "\'` and </script> \u2028\u2029 __PAGE_ID__ \\ $& 你好👩‍👩‍👧'
    const body = JSON.stringify({ text })
    const headers = { 'content-type': 'application/json' }
    const index = await open({ method: 'POST', url: `${server.url}/post`, headers, body })
    await app.waitFor(async () => (await heard(index)).events.length === 1)
    expect(server.requests.filter(({ method }) => method === 'POST').map((post) => post.body)).toEqual([body])
  })

  it('sends text in batches to a page that is seen, and at once to one that is not', async () => {
    /** Messages, and how many batches of 30 ms there was time for, with some for what else is told. */
    const measure = async () => {
      await app.resetBridge()
      const begun = performance.now()
      const index = await open(get('/paced'))
      await app.waitFor(async () => (await heard(index)).calls.includes('ended'))
      expect((await heard(index)).events).toHaveLength(60)
      const { messages } = (await app.bridgeStats()).toService
      return { messages, batches: (performance.now() - begun) / 30 + 5 }
    }
    const seen = await measure()
    expect(seen.messages).toBeLessThan(seen.batches)
    await app.hide()
    // A machine that is too busy leaves time for as many batches as there are events; no batches ever come faster.
    await app.waitFor(
      async () => {
        const { messages, batches } = await measure()
        return messages > batches
      },
      { what: 'more messages than batches', timeoutMs: 90_000 },
    )
  })
})
