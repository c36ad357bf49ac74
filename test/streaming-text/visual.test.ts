import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { launchMiniProgram } from '../hosts/mini-program/chromium/launch-mini-program.js'
import { buildPlayApp } from './build-app.js'
import { expectPicture } from './expect-picture.js'
import { ended, playOnH5 } from './play.js'

const text = readFileSync(new URL('../fixtures/markdown/showcase.md', import.meta.url), 'utf8')

const views = [
  { name: 'phone', width: 375, height: 1100 },
  { name: 'desktop', width: 900, height: 960 },
] as const

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

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
    await app.waitFor(async () => (await app.text()).includes('结尾'), { what: 'the end' })
    await expectPicture(app.page, `weixin-${name}-${scheme}`)
    expect(await app.errors()).toEqual([])
    await app.close()
  })
})
