import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import MarkdownIt from 'markdown-it'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MarkdownRenderer } from 'vitepress'
import { demoFrames } from '../../docs/.vitepress/demo-frames.js'
import { serveInPage } from '../../scripts/docs-demo/serve-in-page.js'
import { openH5 } from '../e2e/h5-app.js'
import { buildDemo } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'

let browser: Browser
let folder: string
let site: StaticServer
const asked: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docs-demo-'))
  await cp(await buildDemo('h5'), folder, { recursive: true })
  await serveInPage(folder)
  site = await startStaticServer({
    folder,
    // A site has no API: what gets here, the page's own server has missed.
    api(request, response) {
      asked.push(request.url ?? '')
      response.writeHead(404).end()
    },
  })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await site.close()
  await rm(folder, { recursive: true })
})

it('the demo of the site answers without a server, and goes on where it was after a reload', async () => {
  const app = await openH5(browser, site)
  await app.enterChat()
  await app.ask('Compare SSE and WebSocket in a table')
  await app.waitFor(async () => (await app.shown()).length > 40, { what: 'the begin of an answer' })
  // Without the label above the reasoning, which changes when the reasoning ends.
  const written = async () => (await app.shown()).replace(/^›(Thinking…|Thought about it)/, '')
  const before = await written()
  await app.page.reload()
  await app.waitFor(async () => (await written()).length > before.length, { what: 'more of it' })
  expect((await written()).slice(0, before.length)).toBe(before)
  expect(asked).toEqual([])
  expect(await app.errors()).toEqual([])
})

it('the page of the site shows a frame below each of its headings, in both languages', () => {
  const md = new MarkdownIt() as unknown as MarkdownRenderer
  demoFrames(md, '/base/')
  const shown = (relativePath: string) => md.render('# A\n\n## B\n\ntext\n\n## C\n\n## D', { relativePath })
  for (const path of ['playground.md', 'zh/playground.md'])
    expect(
      [...shown(path).matchAll(/<h2>(.)<\/h2>\n<iframe src="(.+?)"/g)].map(([, ...parts]) => parts),
    ).toEqual([
      ['B', '/base/demo/index.html#/pages/playground/playground'],
      ['C', '/base/demo/index.html#/pages/chat/chat'],
    ])
  expect(shown('start.md')).not.toContain('iframe')
})
