import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildFixture } from '../../build.js'
import { type Browser, launchChromium } from '../../chromium/launch-chromium.js'
import { FIXTURE_TEXT } from '../../fixture-api.js'
import { startFixtureServer } from '../../fixture-server.js'
import { launchMiniProgram, type MiniProgramPage } from './launch-mini-program.js'

let folder: string
let browser: Browser
let server: Awaited<ReturnType<typeof startFixtureServer>>
let app: MiniProgramPage

beforeAll(async () => {
  folder = await buildFixture('mp-weixin')
  browser = await launchChromium()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  server = await startFixtureServer()
  app = await launchMiniProgram(browser, folder)
  await app.start('pages/index/index', { api: server.url })
})
afterEach(async () => {
  await app.close()
  await server.close()
})

const shows = (text: string) => app.waitFor(async () => (await app.text()).includes(text), { what: text })

test('real taps and typing change the text, and setData is counted', async () => {
  await app.tap('.add')
  await app.tap('.add')
  await shows('count 2')
  await app.resetSetData()
  await app.input('.name', '小明')
  await shows('hello 小明')
  expect(await app.setDataStats()).toMatchObject({ bytes: 27 })
  expect(await app.errors()).toEqual([])
})

test('chunks of another origin without CORS arrive one by one', async () => {
  await app.tap('.steps')
  for (const count of [1, 2]) {
    await app.waitFor(async () => (await app.requests()).at(-1)?.statusCode === 200)
    server.api.step()
    await shows(`${count} chunks of ArrayBuffer`)
  }
  server.api.finish()
  await shows('success')
  expect(Buffer.from(await app.text('.hex'), 'hex').toString()).toBe(FIXTURE_TEXT)
})

test('a destroyed socket surfaces as fail, and an abort reaches the server', async () => {
  await app.tap('.steps')
  await app.waitFor(async () => (await app.requests()).at(-1)?.statusCode === 200)
  expect(server.destroySockets()).toBeGreaterThan(0)
  await shows('request:fail errcode:-355')
  const before = server.api.aborted()
  await app.tap('.steps')
  await app.waitFor(async () => (await app.requests()).at(-1)?.statusCode === 200)
  await app.tap('.abort')
  await shows('request:fail abort')
  await expect.poll(() => server.api.aborted()).toBe(before + 1)
})

test('the logic layer sees no web globals though the page has them all', async () => {
  expect(await app.text('.realm')).toBe(Array.from({ length: 6 }, () => 'undefined').join(','))
})

test('the suspension is reported after the show hooks', async () => {
  await app.tap('.steps')
  await app.waitFor(async () => (await app.requests()).at(-1)?.statusCode === 200)
  await app.hide({ suspendAfterMs: 0 })
  await app.show()
  await shows('request:fail interrupted')
  expect(await app.text('.hooks')).toMatch(/app.onShow uni.onAppShow index.onShow request.fail$/)
})

test('navigation opens the second page, and back returns', async () => {
  await app.tap('.nav')
  await shows('detail 7')
  await app.tap('.back')
  await app.waitFor(async () => (await app.pages()).length === 1)
})

test('scroll-into-view scrolls, reports it, and a selector query measures the view', async () => {
  await app.navigateTo('pages/detail/detail', { id: '1' })
  await app.tap('.jump')
  await app.waitFor(async () => Number(/scrolled (\d+)/.exec(await app.text())?.[1]) > 100)
  await app.tap('.measure')
  await shows('of 100')
  expect(await app.errors()).toEqual([])
})

test('Enter confirms a field', async () => {
  await app.navigateTo('pages/detail/detail', { id: '1' })
  await app.input('.draft', '你好')
  await app.confirm('.draft')
  await shows('sent draft你好')
})

test('a screenshot shows the page in phone pixels', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'host-shot-'))
  await app.page.screenshot(join(folder, 'page.png'))
  const png = readFileSync(join(folder, 'page.png'))
  rmSync(folder, { recursive: true })
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([750, 1334])
})
