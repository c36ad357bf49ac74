import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startHttpServer, type HttpServer } from '../../helpers/http-server.js'
import { launchChromium, type Browser } from '../../hosts/chromium/launch-chromium.js'
import type { Page } from '../../hosts/chromium/page.js'
import { serveHub, type Served } from '../../server/http/serve-hub.js'
import { buildPage } from './build-page.js'
import type { PageApi } from './page.js'

type Realm = typeof globalThis & { pieces: PageApi }

const ANSWER = [
  { type: 'start', messageId: 'm1' },
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: 'It is ' },
  { type: 'text-delta', id: '1', delta: 'raining.' },
  { type: 'text-end', id: '1' },
  { type: 'tool-input-available', toolCallId: 'c1', toolName: 'rain', input: {} },
  { type: 'finish' },
]

let browser: Browser
let site: HttpServer
let served: Served
let files: Awaited<ReturnType<typeof buildPage>>
/** What becomes of a request for a piece that is loaded later. */
let later: 'given' | 'refused' | 'held' = 'given'
let release: () => void = () => undefined
let started = 0

beforeAll(async () => {
  files = await buildPage()
  served = await serveHub()
  site = await startHttpServer(async ({ url, method, headers, body }, response) => {
    const name = url.slice(1)
    const file = files.get(name)
    if (url.startsWith('/api/chat')) {
      if (method === 'POST' && url === '/api/chat') started++
      const answer = await fetch(`http://127.0.0.1:${served.port}${url}`, {
        method,
        headers: {
          'content-type': 'application/json',
          'x-channel-id': String(headers['x-channel-id'] ?? ''),
        },
        ...(method === 'POST' && { body }),
      })
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      return response.end(Buffer.from(await answer.arrayBuffer()))
    }
    if (file && !file.isFirst && later === 'refused') return response.writeHead(503).end()
    if (file && !file.isFirst && later === 'held') await new Promise<void>((resolve) => (release = resolve))
    response.writeHead(200, {
      'content-type': file ? 'text/javascript' : 'text/html',
      'cache-control': 'no-store',
    })
    response.end(
      file?.code ?? '<!doctype html><div id="app"></div><script type="module" src="/page.js"></script>',
    )
  })
  browser = await launchChromium()
})

afterAll(async () => {
  release()
  await browser?.close()
  await site?.close()
  await served?.close()
})

beforeEach(() => {
  later = 'given'
  started = 0
})

async function openPage(): Promise<Page> {
  const page = await browser.newPage(site.url)
  await page.waitFor(() => 'pieces' in globalThis)
  return page
}

const start = (page: Page) =>
  page.evaluate((chunks: unknown) => (globalThis as Realm).pieces.start({ chunks }), ANSWER)
const view = (page: Page) => page.evaluate(() => (globalThis as Realm).pieces.view())

test('a page is there without what only a run needs, and its answer is whole', async () => {
  later = 'held'
  const page = await openPage()
  expect(await view(page)).toMatchObject({ status: 'idle', text: '', parts: [] })
  const outcome = start(page)
  await expect.poll(() => view(page)).toMatchObject({ status: 'submitted', connection: 'connecting' })
  expect(started).toBe(0)
  later = 'given'
  release()
  expect(await outcome).toBe('done')
  expect(await view(page)).toMatchObject({
    status: 'done',
    text: 'It is raining.',
    parts: ['text', 'tool-rain'],
  })
  expect(started).toBe(1)
})

test('where it can not be loaded the run ends as an error that says so, nothing was sent, and retry() asks once', async () => {
  later = 'refused'
  const page = await openPage()
  expect(await start(page)).toBe('error')
  expect((await view(page)).failure).toContain('The part of this app that reads answers could not be had')
  expect(started).toBe(0)
  later = 'given'
  expect(await page.evaluate(() => (globalThis as Realm).pieces.retry())).toBe('done')
  expect(await view(page)).toMatchObject({ status: 'done', text: 'It is raining.', failure: '' })
  expect(started).toBe(1)
})

test('stopped while it is on its way, nothing is sent when it comes', async () => {
  later = 'held'
  const page = await openPage()
  const outcome = start(page)
  await expect.poll(() => view(page)).toMatchObject({ connection: 'connecting' })
  await page.evaluate(() => (globalThis as Realm).pieces.stop())
  expect(await outcome).toBe('stopped')
  later = 'given'
  release()
  expect(await start(page)).toBe('done')
  expect(started).toBe(1)
})
