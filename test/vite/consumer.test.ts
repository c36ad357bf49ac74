import { afterEach, describe, expect, test } from 'vitest'
import { launchApp } from '../hosts/app/launch-app.js'
import { launchChromium } from '../hosts/chromium/launch-chromium.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import { buildConsumer } from './consumer-project.js'

// Newer @vueuse/core than uni-app's Vue: `CONSUMER_VUEUSE=10.11.1,11.3.0,13.9.0` tries them all.
const versions = (process.env.CONSUMER_VUEUSE ?? '13.9.0').split(',')

let app: MiniProgram | undefined
afterEach(() => app?.close())

describe.each(versions)('a project with @vueuse/core %s and uni-sse-channel installed', (version) => {
  test('builds for mp-weixin without a word in vite.config, and works', async () => {
    app = createMiniProgram(await buildConsumer(`vueuse-${version}`, [`@vueuse/core@${version}`]))
    await app.start()
    expect(app.text('.state')).toBe('1 spring false idle')
    app.tap('.act')
    await app.waitFor(() => app?.text('.state') === '2 summer true idle', { what: 'the next state' })
    expect(app.errors).toEqual([])
  }, 600_000)
})

test('on App the component of the installed package shows an answer', async () => {
  const folder = await buildConsumer('on-app', [], 'app')
  const browser = await launchChromium()
  const onApp = await launchApp(browser, folder)
  await onApp.start('pages/answer/answer')
  await onApp.waitFor(async () => (await onApp.count('.st-host p > strong')) === 1, { what: 'the answer' })
  expect((await onApp.text('.st-host')).trim()).toBe('an answer')
  expect(await onApp.errors()).toEqual([])
  await browser.close()
}, 240_000)
