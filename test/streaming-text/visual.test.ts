import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import { launchMiniProgram } from '../hosts/mini-program/chromium/launch-mini-program.js'
import { buildPlayApp } from './build-app.js'
import { ended, playOnH5 } from './play.js'

/**
 * Pictures of both renderings, held against kept ones: UPDATE_PICTURES=1 takes them anew. Fonts and versions
 * of browsers differ, so a share of the pixels may, too: enough for text that sits elsewhere by a pixel, not
 * for a block that lost its frame or its place.
 */
const TOLERANCE = 0.04
const kept = fileURLToPath(new URL('pictures/', import.meta.url))
const fresh = fileURLToPath(new URL('../../.cache/pictures/', import.meta.url))
const text = readFileSync(new URL('../fixtures/markdown/showcase.md', import.meta.url), 'utf8')

const views = [
  { name: 'phone', width: 375, height: 1100 },
  { name: 'desktop', width: 900, height: 960 },
] as const

let browser: Browser
beforeAll(async () => {
  mkdirSync(kept, { recursive: true })
  mkdirSync(fresh, { recursive: true })
  browser = await launchChromium()
})
afterAll(() => browser.close())

async function expectPicture(page: Page, name: string) {
  const file = join(fresh, `${name}.png`)
  await page.screenshot(file)
  const known = join(kept, `${name}.png`)
  if (process.env['UPDATE_PICTURES'] || !existsSync(known)) writeFileSync(known, readFileSync(file))
  const [now, before] = [file, known].map((path) => PNG.sync.read(readFileSync(path)))
  expect([now!.width, now!.height]).toEqual([before!.width, before!.height])
  const different = pixelmatch(before!.data, now!.data, undefined, now!.width, now!.height, {
    threshold: 0.2,
  })
  expect(different / (now!.width * now!.height), `${file} against ${known}`).toBeLessThan(TOLERANCE)
}

describe.each(views)('on a $name', ({ name, width, height }) => {
  it.each(['light', 'dark'] as const)('the H5 rendering looks as it did, %s', async (scheme) => {
    const played = await playOnH5(browser, { text, reasoning: '先想一想' }, { width, height, scheme })
    await ended(played)
    await expectPicture(played.page, `h5-${name}-${scheme}`)
    await played.close()
  })

  it.each(['light', 'dark'] as const)('the mini-program rendering looks as it did, %s', async (scheme) => {
    const folder = await buildPlayApp('mp-weixin')
    const app = await launchMiniProgram(browser, folder, {
      storage: { play: { text, reasoning: '先想一想' } },
    })
    await app.page.setViewport({ width, height })
    await app.page.setColorScheme(scheme)
    await app.start()
    await app.waitFor(async () => (await app.text()).includes('结尾'), { timeoutMs: 15_000, what: 'the end' })
    await expectPicture(app.page, `weixin-${name}-${scheme}`)
    expect(await app.errors()).toEqual([])
    await app.close()
  })
})
