import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { plainText } from '../e2e/plain-text.js'
import { launchApp, type AppPage } from '../hosts/app/launch-app.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { corpus, piecesOf } from './corpus.js'
import { watchAppView } from './watch-app-view.js'

/** What the text of a block is shown in: its words, code, the cells of a table. */
const TEXT = '.st-run, .st-pre__text, .st-cell'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

// Both vendors' service frameworks, above the one view layer that the compiler puts out.
describe.each(['app', 'app-harmony'] as const)('on %s', (runtime) => {
  let folder: string
  let app: AppPage
  beforeAll(async () => {
    folder = await buildPlayApp(runtime)
  })
  afterEach(() => app.close())

  async function play(order: PlayOrder) {
    app = await launchApp(browser, folder, { runtime, storage: { play: order } })
    await app.start()
  }
  const texts = (selector: string) =>
    app.page.evaluate(
      (wanted: string) =>
        [...window.app.document().querySelectorAll(wanted)].map((element) => element.textContent ?? ''),
      selector,
    )
  const ended = () =>
    app.waitFor(async () => (await app.count(TEXT)) > 0 && (await app.count('.streaming-text__stop')) === 0, {
      timeoutMs: 50_000,
      what: 'the end of the text',
    })
  const noted = (what: string) =>
    app.waitFor(async () => (await app.text('.play__noted')).trim() === what, { what })

  it('streamed text is the whole text, sent once, and never taken back', async () => {
    const text = `${corpus}\n\n${corpus}`
    // Slower than the component flushes, so that every piece is a flush of its own.
    await play({ text: '', pieces: piecesOf(text, 60), everyMs: 55 })
    const watched = await watchAppView(app.page)
    await ended()
    await app.waitFor(async () => (await app.text()).includes('回答已生成完毕'))
    const shown = (await texts(TEXT)).join('').replace(/\s/g, '')
    expect(shown).toBe(plainText(text).replace(/\s/g, ''))

    const { sent, taken } = await watched()
    expect(taken).toEqual([])
    const all = sent.at(-1) ?? { shown: 0, chars: 0, bytes: 0 }
    // Beside the text the words for what is going on are sent, and some of them are replaced.
    expect(all.chars).toBeLessThan(all.shown + 20)
    // Each message has a frame of 90 bytes, and each element says what it looks like.
    expect(all.bytes / Buffer.byteLength(text)).toBeLessThan(10.5)
    // The second half costs what the first does. Were what is shown sent again, it would be three times as much.
    const half = sent.find(({ shown }) => shown >= all.shown / 2) ?? all
    expect(all.bytes / half.bytes).toBeLessThan(2.5)
    expect(await app.errors()).toEqual([])
  })

  it('stop and retry are handed to the app', async () => {
    await play({ text: 'a', end: 'streaming' })
    await app.tap('.streaming-text__stop')
    await noted('stop')
    await app.close()
    await play({ text: 'a', end: 'error' })
    await app.tap('.streaming-text__retry')
    await noted('retry')
  })

  it('an image is an element of its line, in the order of the text', async () => {
    await play({ text: 'before ![a cat](https://example.com/cat.png) **after**\n' })
    await ended()
    expect(await texts('.st-run')).toEqual(['before ', ' ', 'after'])
    expect(await app.count('.st-run + .st-image[aria-label="a cat"] + .st-run')).toBe(1)
  })

  it('a copy button copies its block, and a tap on a link is handed to the app', async () => {
    await play({ text: '[site](https://example.com/a)\n\n```js\nlet a\n```\n\n```py\nb = 1\n```\n' })
    await ended()
    await app.tap('.st-link')
    await noted('link https://example.com/a')
    await app.tap('.st-row:last-child .st-pre__copy')
    await noted('copy b = 1')
  })
})
