import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, it, expect } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { launchMiniProgram } from '../hosts/mini-program/chromium/launch-mini-program.js'
import { buildPlayApp } from './build-app.js'
import { expectPicture } from './expect-picture.js'
import { ended, playOnH5 } from './play.js'

const text = readFileSync(new URL('../fixtures/markdown/formulas.md', import.meta.url), 'utf8')
const fontsLoaded = () => document.fonts.status === 'loaded'
/** Formulas are thin, and their fonts come along. */
const TOLERANCE = 0.01

const views = [
  { name: 'phone', width: 375, height: 1000, scheme: 'light', math: 'katex' },
  { name: 'phone', width: 375, height: 1000, scheme: 'dark', math: 'katex' },
  { name: 'desktop', width: 900, height: 760, scheme: 'light', math: 'katex' },
  { name: 'desktop', width: 900, height: 760, scheme: 'dark', math: 'katex' },
  { name: 'phone', width: 375, height: 1000, scheme: 'light', math: 'system' },
] as const

let browser: Browser
beforeAll(async () => {
  await buildPlayApp('h5')
  await buildPlayApp('mp-weixin')
  browser = await launchChromium()
})
afterAll(() => browser.close())

describe.each(views)('formulas with the fonts of $math on a $name, $scheme', (view) => {
  const { name, width, height, scheme, math } = view
  const fonts = math === 'katex' ? '' : '-system'

  it('look on H5 as they did', async () => {
    const played = await playOnH5(browser, { text, math }, { width, height, scheme })
    await ended(played)
    await played.page.waitFor(fontsLoaded)
    await expectPicture(played.page, `h5-math${fonts}-${name}-${scheme}`, TOLERANCE)
    await played.close()
  })

  it('look in a mini-program as they did', async () => {
    const app = await launchMiniProgram(browser, await buildPlayApp('mp-weixin'), {
      storage: { play: { text, math } },
    })
    await app.page.setViewport({ width, height })
    await app.page.setColorScheme(scheme)
    await app.start()
    await app.waitFor(async () => (await app.text()).includes('结尾'), { what: 'the end' })
    await app.page.waitFor(fontsLoaded)
    await expectPicture(app.page, `weixin-math${fonts}-${name}-${scheme}`, TOLERANCE)
    expect(await app.errors()).toEqual([])
    await app.close()
  })
})
