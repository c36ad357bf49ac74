import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDemoServer, type DemoServer } from '../../scripts/demo-server.js'
import { buildDemo } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'

/** The demo's pages but the chat, against the demo's own server, with the input of a person. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const axe = readFileSync(createRequire(join(ROOT, 'package.json')).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser
let build: string
beforeAll(async () => {
  build = await buildDemo('h5')
  browser = await launchChromium()
}, 900_000)
afterAll(() => browser?.close())

let demo: DemoServer
let base = ''
const pages: Page[] = []
beforeEach(async () => {
  demo = createDemoServer(build, {})
  await new Promise<void>((listening) => demo.server.listen(0, '127.0.0.1', listening))
  base = `http://127.0.0.1:${(demo.server.address() as AddressInfo).port}`
})
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close()
  await demo.close()
})

type Device = 'phone' | 'desktop'
interface Look {
  readonly device?: Device
  readonly scheme?: 'light' | 'dark'
  readonly language?: 'zh-CN' | 'en-US'
}

async function open(name: string, { device = 'desktop', scheme = 'light', language = 'zh-CN' }: Look = {}) {
  const page = await browser.newPage()
  pages.push(page)
  const size = device === 'phone' ? { width: 390, height: 844, mobile: true } : { width: 1280, height: 800 }
  await page.setViewport(size)
  await page.setColorScheme(scheme)
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/126 Safari/537.36'
  await page.send('Emulation.setUserAgentOverride', { userAgent, acceptLanguage: language })
  await page.goto(`${base}/#/pages/${name}/${name}`)
  await page.waitFor(() => document.querySelector('.app-page') !== null)
  return page
}

const shows = (page: Page, text: string) =>
  page.waitFor((wanted: string) => document.body.innerText.includes(wanted), { what: text }, text)
const textOf = (page: Page, selector: string) =>
  page.evaluate(
    (wanted: string) =>
      [...document.querySelectorAll<HTMLElement>(wanted)].map(({ innerText }) => innerText.trim()),
    selector,
  )
const goTo = async (page: Page, name: string) => {
  await page.evaluate((to: string) => (location.hash = `#/pages/${to}/${to}`), name)
  await page.waitFor(
    (to: string) => document.querySelector('.app-page') !== null && location.hash.includes(to),
    {},
    name,
  )
}

/** What axe finds, what is too small for a finger, and whether the page is wider than the window. */
async function faultsOf(page: Page): Promise<unknown> {
  const found = await page.evaluate(
    `${axe};axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`,
  )
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[role=button],[role=link],[role=radio],input,textarea')]
      .filter((element) => element.closest('.streaming-text') === null)
      .map((element) => ({ name: element.className, ...element.getBoundingClientRect().toJSON() }))
      .filter(({ width, height }) => width > 0 && height > 0 && (width < 43.9 || height < 43.9))
      .map(({ name, width, height }) => `${name} ${width}×${height}`),
  )
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  return { found, small, isWide, errors: page.errors.filter((text) => !/cdn\.dcloud/.test(text)) }
}
const NONE = { found: [], small: [], isWide: false, errors: [] }

describe.each<Look>([
  { device: 'phone', scheme: 'light', language: 'zh-CN' },
  { device: 'phone', scheme: 'dark', language: 'en-US' },
  { device: 'desktop', scheme: 'light', language: 'en-US' },
  { device: 'desktop', scheme: 'dark', language: 'zh-CN' },
])('on a $device, $scheme, $language', (look) => {
  test.each(['more', 'channels', 'notifications', 'diagnostics', 'playground', 'settings'])(
    '%s has nothing that hinders anybody',
    async (name) => {
      const page = await open(name, look)
      if (name === 'diagnostics')
        await page.waitFor(() => document.querySelector('.diagnostics__code') !== null, {
          timeoutMs: 120_000,
        })
      if (name === 'settings') await page.waitFor(() => document.querySelector('.pill--good') !== null)
      const title = await textOf(page, '[role=heading][aria-level="1"]')
      expect(/[\u4e00-\u9fff]/.test(title.join())).toBe(look.language === 'zh-CN')
      expect(await faultsOf(page)).toEqual(NONE)
    },
  )
})

test('a theme and a language that are chosen count at once on every page, and after a reload', async () => {
  const page = await open('settings')
  await page.waitFor(() => document.querySelectorAll('[role=radiogroup]').length === 3)
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.querySelector('.app-page')!).backgroundColor)
  const light = await ground()
  await page.click('[role=radiogroup]:nth-of-type(1) [role=radio]:nth-child(3)')
  await page.waitFor(
    (before: string) => {
      const now = document.querySelector('.app-page')
      return now !== null && getComputedStyle(now).backgroundColor !== before
    },
    {},
    light,
  )
  const dark = await ground()
  // By the keyboard: to the second group, and two choices on.
  await page.evaluate(() =>
    document
      .querySelectorAll<HTMLElement>('[role=radiogroup]')[1]!
      .querySelector<HTMLElement>('[tabindex="0"]')!
      .focus(),
  )
  for (let press = 0; press < 2; press++) {
    const event = { key: 'ArrowRight', code: 'ArrowRight', windowsVirtualKeyCode: 39 }
    await page.send('Input.dispatchKeyEvent', { ...event, type: 'rawKeyDown' })
    await page.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
  }
  await shows(page, 'Appearance')
  await goTo(page, 'channels')
  await shows(page, 'No channels yet')
  expect(await ground()).toBe(dark)
  await page.reload()
  await shows(page, 'No channels yet')
  expect(await ground()).toBe(dark)
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
})

test('the server of the settings says which models it has, and one that cannot be reached is named so', async () => {
  const page = await open('settings', { language: 'en-US' })
  await shows(page, 'Connected')
  await shows(page, 'Demo, fast')
  await page.type('.settings__address', 'http://127.0.0.1:1/')
  await page.click('.settings__use')
  await shows(page, 'cannot be reached')
  expect(await textOf(page, '[role=radiogroup]')).toHaveLength(2)
})

test('a notice is heard by both open pages, once, also by one that was away', async () => {
  const [one, two] = [await open('notifications'), await open('notifications')]
  for (const page of [one, two]) await page.waitFor(() => document.querySelector('.pill--good') !== null)
  const say = async (page: Page, text: string) => {
    // A tab behind another gets no input.
    await page.show()
    await page.type('.notices__field', text)
    await page.click('.notices__send')
    await page.waitFor(() => document.querySelector<HTMLInputElement>('.notices__field input')!.value === '')
    await shows(page, text)
  }
  await say(one, '第一条')
  await shows(two, '第一条')
  await two.setOffline(true)
  await say(one, '第二条')
  await two.setOffline(false)
  await say(one, '第三条')
  await shows(two, '第三条')
  for (const page of [one, two])
    expect(await textOf(page, '.notices__text')).toEqual(['第三条', '第二条', '第一条'])
  await one.show()
  await goTo(one, 'channels')
  await shows(one, '3 个事件')
  await one.click('.channels__stop')
  await shows(one, '已停止')
  expect(one.errors).toEqual([])
})

test('diagnostics find that each transport works, and say so in a text and in a code that can be read', async () => {
  const page = await open('diagnostics', { language: 'en-US' })
  await page.waitFor(() => document.querySelector('.diagnostics__code img') !== null, { timeoutMs: 120_000 })
  expect(await textOf(page, '.trial__name')).toEqual([
    'Fetch stream',
    'XMLHttpRequest',
    'WebSocket',
    'Long polling',
  ])
  expect(await textOf(page, '.trial__state')).toEqual(Array(4).fill('works'))
  const [report = ''] = await textOf(page, '.diagnostics__report')
  for (const word of [
    'uni-sse-channel diagnostics',
    'platform: web',
    'fetch: works',
    'long-poll: works',
    base,
  ])
    expect(report).toContain(word)
  const address = await page.evaluate(
    () => document.querySelector<HTMLImageElement>('.diagnostics__code img')?.src ?? '',
  )
  const image = PNG.sync.read(Buffer.from(address.split(',')[1] ?? '', 'base64'))
  const read = jsQR(new Uint8ClampedArray(image.data), image.width, image.height)
  expect(read?.data).toBe(report)
})

test('with the keyboard alone the list beside a page leads to the others', async () => {
  const page = await open('channels', { language: 'en-US' })
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
  for (let press = 0; press < 20 && (await focused()) !== 'Settings'; press++) {
    const event = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 }
    await page.send('Input.dispatchKeyEvent', { ...event, type: 'rawKeyDown' })
    await page.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
  }
  expect(await focused()).toBe('Settings')
  await page.press('Enter')
  await page.waitFor(() => location.hash.includes('settings'))
  await shows(page, 'Appearance')
})
