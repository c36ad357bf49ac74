import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildDemo } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { launchMiniProgram } from '../hosts/mini-program/chromium/launch-mini-program.js'
import { startStaticServer } from '../hosts/static-server.js'

/** The page that replays a text: what it shows of its own cost is what is measured elsewhere. */
let browser: Browser
let folders: Record<'h5' | 'mp-weixin', string>
beforeAll(async () => {
  folders = { h5: await buildDemo('h5'), 'mp-weixin': await buildDemo('mp-weixin') }
  browser = await launchChromium()
})
afterAll(() => browser.close())

const figuresOf = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .flatMap((line, at, lines) => (at % 2 ? [[line, lines[at - 1]]] : [])),
  ) as Record<string, string>

it('plays a pasted text on H5, and counts what it cost', async () => {
  const server = await startStaticServer({ folder: folders.h5 })
  const page = await browser.newPage()
  await page.setViewport({ width: 390, height: 844, mobile: true })
  await page.goto(`${server.url}/#/pages/playground/playground`)
  await page.waitFor(() => document.querySelector('.playground__play') !== null)
  const chips = '.playground__chips .playground__chip'
  await page.evaluate((selector: string) => {
    const all = document.querySelectorAll<HTMLElement>(selector)
    all[all.length - 1]?.click()
  }, chips)
  await page.waitFor(() => document.querySelector('.playground__play--off') !== null)
  await page.type('.playground__paste textarea', 'My **own** text, long enough for a few chunks. '.repeat(4))
  await page.click('.playground__play:not(.playground__play--off)')
  await page.waitFor(() => document.querySelectorAll('.playground__stage .st-strong').length === 4)
  await page.waitFor(() => document.querySelector('.playground__figures')?.textContent?.includes('100%'))
  const figures = figuresOf(
    await page.evaluate(() => document.querySelector<HTMLElement>('.playground__figures')?.innerText ?? ''),
  )
  expect(Number(figures['commits'])).toBeGreaterThan(1)
  expect(figures).not.toHaveProperty('setData')
  expect(page.errors).toEqual([])
  await page.close()
  await server.close()
})

it('tells on a mini-program how many bytes went to the view, at most 1.8 times the text', async () => {
  const app = await launchMiniProgram(browser, folders['mp-weixin'])
  await app.start('pages/playground/playground')
  await app.waitFor(async () => (await app.text('.playground__play')).length > 0)
  await app.tap('.playground__chip:nth-child(6)')
  await app.tap('.playground__play')
  await app.waitFor(async () => (await app.text('.playground__figures')).includes('100%'), {
    timeoutMs: 90_000,
  })
  const shown = await app.text('.playground__figures')
  const ratio = Number(/([\d.]+)×/.exec(shown)?.[1])
  expect(ratio).toBeGreaterThan(1)
  expect(ratio).toBeLessThan(1.8)
  expect(await app.errors()).toEqual([])
  await app.close()
})
