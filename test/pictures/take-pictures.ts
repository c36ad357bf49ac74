// npm run pictures: the demo as it is, for README and the site, into docs/public/pictures.
import { createServer } from 'node:http'
import { mkdirSync } from 'node:fs'
import { createDemoServer } from '../../scripts/demo-server.js'
import { listen, unlisten } from '../helpers/listen.js'
import { buildDemo } from '../hosts/build.js'
import { launchChromium } from '../hosts/chromium/launch-chromium.js'
import { pictureAnswers } from './picture-answers.js'

const FOLDER = 'docs/public/pictures'
const PHONE = { width: 390, height: 844, mobile: true, deviceScaleFactor: 2 }
const WIDE = { width: 1280, height: 800, deviceScaleFactor: 1 }

const shots = [
  { name: 'phone', viewport: PHONE, scheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, scheme: 'dark' },
  { name: 'wide', viewport: WIDE, scheme: 'light' },
] as const

/** A model that answers what is in the pictures, and does not come to an end: an answer that is being written is shown. */
let answer = ''
const model = createServer((_request, response) => {
  response.setHeader('content-type', 'text/event-stream')
  response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: answer } }] })}\n\n`)
})
const demo = createDemoServer(await buildDemo('h5'), {
  OPENAI_BASE_URL: `http://127.0.0.1:${await listen(model)}`,
  OPENAI_MODEL: 'picture',
})
const port = await listen(demo.server)
const browser = await launchChromium()
mkdirSync(FOLDER, { recursive: true })

for (const [language, { tag, prompt, answer: written }] of Object.entries(pictureAnswers))
  for (const { name, viewport, scheme } of shots) {
    answer = written
    const page = await browser.newPage()
    await page.setViewport(viewport)
    await page.setColorScheme(scheme)
    const userAgent = String(await page.evaluate(() => navigator.userAgent))
    await page.send('Emulation.setUserAgentOverride', { userAgent, acceptLanguage: tag })
    await page.goto(`http://127.0.0.1:${port}/?${language}-${name}#/pages/chat/chat`)
    const isThere = () => document.querySelector('.chat-composer__input textarea') !== null
    await page.waitFor(isThere)
    // A conversation of its own: the pages of one browser share what is stored.
    await page.evaluate(() => localStorage.clear())
    await page.reload()
    await page.waitFor(isThere)
    await page.type('.chat-composer__input', prompt)
    const send = '.chat-composer__send:not(.chat-composer__send--off)'
    await page.waitFor((selector) => document.querySelector(selector) !== null, {}, send)
    await page.click(send)
    const end = written.slice(-8)
    await page.waitFor((words) => document.body.innerText.includes(words), {}, end)
    await page.screenshot(`${FOLDER}/chat-${name}-${language}.png`)
    await page.close()
  }

await browser.close()
await unlisten(model)
await demo.close()
