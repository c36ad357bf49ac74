import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchApp } from '../hosts/app/launch-app.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { buildPlayApp } from './build-app.js'
import { expectAppPicture } from './expect-app-picture.js'

const text = readFileSync(new URL('../fixtures/markdown/formulas.md', import.meta.url), 'utf8')

let browser: Browser
let folder: string
beforeAll(async () => {
  folder = await buildPlayApp('app')
  browser = await launchChromium()
})
afterAll(() => browser.close())

it('formulas on App are typeset in the service layer and shown in the view', async () => {
  const app = await launchApp(browser, folder, { storage: { play: { text, math: 'katex' } } })
  await app.page.setViewport({ width: 375, height: 1000 })
  await app.start()
  await app.waitFor(async () => (await app.text()).includes('结尾'), { what: 'the end' })
  expect(await app.count('.st-formula')).toBe(14)
  expect(await app.count('.st-formula--block')).toBe(4)
  expect(await app.count('.st-formula[aria-label="\\\\sqrt{x^2+y^2}"]')).toBe(1)
  expect(await app.count('.st-math--failed')).toBe(2)
  expect(await app.count('.st-formula a, .st-formula img')).toBe(0)
  await expectAppPicture(app, 'app-math-phone-light')
  await app.close()
})
