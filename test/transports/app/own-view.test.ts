import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AppViewOptions } from '../../../src/transports/app-view.js'
import type { TransportRequest } from '../../../src/transports/transport.js'
import { bundlePage } from '../../helpers/bundle-page.js'
import { startHttpServer, type HttpServer } from '../../helpers/http-server.js'
import { launchApp, type AppPage } from '../../hosts/app/launch-app.js'
import type { AppOptions } from '../../hosts/app/app-options.js'
import { buildFixture } from '../../hosts/build.js'
import { launchChromium, type Browser } from '../../hosts/chromium/launch-chromium.js'
import type { Producer } from '../../../src/server/hub/producer.js'
import { serveHub, type Served } from '../../server/http/serve-hub.js'
import type { Heard } from '../record-stream.js'
import { transportContract, type TransportHost } from '../transport.contract.js'

type WebView = AppViewOptions['webView']

const OWN = 'uni-sse-channel'

let browser: Browser
let app: AppPage

async function openApp(options: AppOptions = {}) {
  const script = await bundlePage(fileURLToPath(new URL('own-view-entry.ts', import.meta.url)))
  app = await launchApp(browser, await buildFixture('app'), options)
  await app.start()
  await app.runInService(script)
}

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const open = (request: TransportRequest, ...rest: [hangUpAfter?: number | null, webView?: WebView]) =>
  app.callService<number>('open', request, ...rest)
const heard = (index: number) => app.callService<Heard>('heard', index)
const isThere = async () => (await app.webViews()).includes(OWN)

const host: TransportHost = {
  install: () => openApp(),
  uninstall: () => app.close(),
  async open(request, hangUpAfter) {
    const index = await open(request, ...(hangUpAfter === undefined ? [] : [hangUpAfter]))
    return { heard: () => heard(index), hangUp: () => app.callService('hangUp', index) }
  },
}

transportContract('app-view in a WebView of its own', host)

const begin = (base: string, webView?: WebView) =>
  app.callService<number>('begin', base, ...(webView === undefined ? [] : [webView]))
const textOf = (run: number) => app.callService<string>('textOf', run)
const endOf = (run: number) =>
  app.waitFor(() => app.callService<{ outcome: string; code?: string }>('endOf', run), {
    timeoutMs: 30_000,
    what: 'the end of the run',
  })
const untilText = (run: number, text: string) =>
  app.waitFor(async () => (await textOf(run)) === text, { what: text, timeoutMs: 30_000 })

describe('an answer that can not be read on', () => {
  const delta = (text: string) => `data: ${JSON.stringify({ type: 'text-delta', id: '1', delta: text })}\n\n`
  let server: HttpServer
  let answer: ServerResponse | undefined

  beforeEach(async () => {
    await openApp()
    answer = undefined
    server = await startHttpServer(({ method }, response) => {
      const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }
      response.writeHead(200, { 'content-type': 'text/event-stream', ...cors })
      if (method === 'OPTIONS') return void response.end()
      answer = response
      response.write(delta('before '))
    })
  })
  afterEach(async () => {
    await app.close()
    await server.close()
  })
  const starts = () => server.requests.filter(({ method }) => method === 'POST').length

  it('survives reLaunch whole in a WebView of its own', async () => {
    const run = await begin(server.url, 'own')
    await untilText(run, 'before ')
    await app.reLaunch('pages/detail/detail', { id: '1' })
    answer?.write(delta('and after'))
    await untilText(run, 'before and after')
    answer?.end('data: [DONE]\n\n')
    expect(await endOf(run)).toMatchObject({ outcome: 'done' })
    expect(starts()).toBe(1)
  })

  it("is lost with its page in a page's WebView, and says so", async () => {
    const run = await begin(server.url)
    await untilText(run, 'before ')
    await app.reLaunch('pages/detail/detail', { id: '1' })
    expect(await endOf(run)).toMatchObject({ outcome: 'error', code: 'CONNECTION_LOST' })
    expect(await textOf(run)).toBe('before ')
    expect(starts()).toBe(1)
  })

  it("runs in a page's WebView, once, where its own can't reach the app", async () => {
    await app.runInService(`
      const create = plus.webview.create
      plus.webview.create = (...given) => {
        const view = create(...given)
        if (given[1] === '${OWN}') view.evalJS = () => undefined
        return view
      }`)
    const run = await begin(server.url, 'own')
    await untilText(run, 'before ')
    expect(await isThere()).toBe(false)
    answer?.end('data: [DONE]\n\n')
    expect(await endOf(run)).toMatchObject({ outcome: 'done' })
    expect(starts()).toBe(1)
  })

  it('runs in an empty file of the app where it is asked to', async () => {
    const run = await begin(server.url, { page: '/index.html' })
    await untilText(run, 'before ')
    expect(await app.webViews()).toContain(`${OWN}/index.html`)
  })

  it('is seen by nobody else: two streams share one WebView, and it closes after the last', async () => {
    const get: TransportRequest = { method: 'GET', url: server.url, headers: {} }
    const webView = { idleMs: 300 }
    const first = await open(get, null, webView)
    const second = await open(get, null, webView)
    await app.waitFor(
      async () => (await heard(first)).events.length + (await heard(second)).events.length > 1,
    )
    expect((await app.webViews()).filter((id) => id.startsWith(OWN))).toEqual([OWN])
    await app.callService('hangUp', first)
    await app.waitFor(() => server.requests.some(({ closed }) => closed))
    const third = await open(get, null, webView)
    await app.callService('hangUp', second)
    await app.waitFor(async () => (await heard(third)).events.length > 0)
    expect(await isThere()).toBe(true)
    await app.callService('hangUp', third)
    await app.waitFor(async () => !(await isThere()), { what: 'its close' })
    expect(await app.errors()).toEqual([])
  })

  it('keeps it when another stream comes before it is idle for so long', async () => {
    const get: TransportRequest = { method: 'GET', url: server.url, headers: {} }
    const webView = { idleMs: 1_000 }
    const first = await open(get, null, webView)
    await app.waitFor(async () => (await heard(first)).events.length > 0)
    await app.callService('hangUp', first)
    const second = await open(get, null, webView)
    const before = Date.now()
    await app.waitFor(() => Date.now() - before > 1_500, { what: 'the time it would have closed in' })
    expect((await heard(second)).calls).toEqual(['opened', 'event'])
    expect(await isThere()).toBe(true)
  })
})

describe('an answer with ids', () => {
  let served: Served
  let go: () => void
  let starts = 0

  async function serve(options: AppOptions = {}) {
    const gate = new Promise<void>((resolve) => (go = resolve))
    const producer: Producer = async function* () {
      yield { type: 'text-delta', id: '1', delta: '之前' }
      await gate
      yield { type: 'text-delta', id: '1', delta: '之后' }
    }
    starts = 0
    served = await serveHub({
      cors: '*',
      start: () => {
        starts++
        return producer
      },
    })
    await openApp(options)
  }
  afterEach(async () => {
    await app.close()
    await served.close()
  })

  async function breakIt(how: () => Promise<void>) {
    const run = await begin(served.base, 'own')
    await untilText(run, '之前')
    await how()
    go()
    expect(await endOf(run)).toMatchObject({ outcome: 'done' })
    expect(await textOf(run)).toBe('之前之后')
    expect(starts).toBe(1)
    expect(await isThere()).toBe(true)
    expect(await app.errors()).toEqual([])
  }

  it('goes on from its cursor when the system kills the WebView, silently as on Android', async () => {
    await serve()
    await breakIt(() => app.crash(OWN))
  })

  it('goes on from its cursor when the system kills it, and says so as on iOS', async () => {
    await serve({ os: 'iOS' })
    await breakIt(() => app.crash(OWN))
  })

  it('goes on in a new one when the WebView stands still', async () => {
    await serve()
    await breakIt(() => app.stall(OWN))
  })

  it('goes on in a new one when something closes the WebView', async () => {
    await serve()
    await breakIt(() => app.runInService(`plus.webview.getWebviewById('${OWN}').close()`))
  })
})
