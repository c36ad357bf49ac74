// npm run pictures: the demo as it is, for README and the site, into docs/public/pictures.
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createDemoServer } from '../../scripts/demo-server.js'
import { buildDemo } from '../hosts/build.js'
import { launchChromium } from '../hosts/chromium/launch-chromium.js'

const FOLDER = 'docs/public/pictures'
const PHONE = { width: 390, height: 844, mobile: true, deviceScaleFactor: 2 }
const WIDE = { width: 1280, height: 800, deviceScaleFactor: 1 }

const languages = {
  en: { tag: 'en-US', prompt: 'Compare SSE and WebSocket in a table' },
  zh: { tag: 'zh-CN', prompt: '用表格比较 SSE 和 WebSocket' },
} as const

const shots = [
  { name: 'phone', viewport: PHONE, scheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, scheme: 'dark' },
  { name: 'wide', viewport: WIDE, scheme: 'light' },
] as const

mkdirSync(FOLDER, { recursive: true })
const demo = createDemoServer(await buildDemo('h5'))
await new Promise<void>((listening) => demo.server.listen(0, '127.0.0.1', listening))
const { port } = demo.server.address() as AddressInfo
const browser = await launchChromium()

for (const [language, { tag, prompt }] of Object.entries(languages))
  for (const { name, viewport, scheme } of shots) {
    const page = await browser.newPage()
    await page.setViewport(viewport)
    await page.setColorScheme(scheme)
    const userAgent = String(await page.evaluate(() => navigator.userAgent))
    await page.send('Emulation.setUserAgentOverride', { userAgent, acceptLanguage: tag })
    await page.goto(`http://127.0.0.1:${port}/?${language}-${name}#/pages/chat/chat`)
    await page.waitFor(() => document.querySelector('.chat-composer__input textarea') !== null)
    // A conversation of its own: the pages of one browser share what is stored.
    await page.evaluate(() => localStorage.clear())
    await page.reload()
    await page.waitFor(() => document.querySelector('.chat-composer__input textarea') !== null)
    await page.type('.chat-composer__input', prompt)
    await page.waitFor(
      () => document.querySelector('.chat-composer__send:not(.chat-composer__send--off)') !== null,
    )
    await page.click('.chat-composer__send:not(.chat-composer__send--off)')
    // While it is written, but with something to see.
    await page.waitFor(
      () => {
        const bodies = [...document.querySelectorAll('.streaming-text__body')]
        return (bodies[bodies.length - 1]?.textContent?.length ?? 0) > 350
      },
      { timeoutMs: 120_000 },
    )
    await page.screenshot(`${FOLDER}/chat-${name}-${language}.png`)
    await page.close()
  }

await browser.close()
await demo.close()
