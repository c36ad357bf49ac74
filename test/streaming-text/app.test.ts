import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { plainText } from '../e2e/plain-text.js'
import { startHttpServer, type HttpServer } from '../helpers/http-server.js'
import type { AppOptions } from '../hosts/app/app-options.js'
import { launchApp, type AppPage } from '../hosts/app/launch-app.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { corpus, piecesOf } from './corpus.js'
import { expectAppPicture } from './expect-app-picture.js'
import { ended as endedOnH5, playOnH5 } from './play.js'
import { watchAppView } from './watch-app-view.js'

const showcase = readFileSync(new URL('../fixtures/markdown/showcase.md', import.meta.url), 'utf8')

/** What the text of a block is shown in: its words, code, the cells of a table. */
const TEXT = '.st-text, .st-pre__text, .st-cell'

let browser: Browser
let images: HttpServer
beforeAll(async () => {
  browser = await launchChromium()
  images = await startHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/svg+xml' })
    response.end('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"/>')
  })
})
afterAll(() => Promise.all([browser.close(), images.close()]))

// Both vendors' service frameworks, above the one view layer that the compiler puts out.
describe.each(['app', 'app-harmony'] as const)('on %s', (runtime) => {
  let folder: string
  let app: AppPage
  beforeAll(async () => {
    folder = await buildPlayApp(runtime)
  })
  beforeAll(async () => {
    await buildPlayApp('h5')
  })
  afterEach(() => app.close())

  async function play(order: PlayOrder, options: AppOptions = {}) {
    app = await launchApp(browser, folder, { runtime, storage: { play: order }, ...options })
    await app.start()
  }
  const texts = (selector: string) =>
    app.page.evaluate(
      (wanted: string) =>
        [...window.app.document().querySelectorAll(wanted)].map((element) => element.textContent ?? ''),
      selector,
    )
  const ended = () =>
    app.waitFor(
      () =>
        // In one look: the page may be another at the next.
        app.page.evaluate((text: string) => {
          const page = window.app.document()
          return page.querySelector(text) !== null && page.querySelector('.streaming-text__stop') === null
        }, TEXT),
      { timeoutMs: 120_000, what: 'the end of the text' },
    )
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
    expect(all.bytes / Buffer.byteLength(text)).toBeLessThan(1.4)
    // The second half costs what the first does. Were what is shown sent again, it would be three times as much.
    const half = sent.find(({ shown }) => shown >= all.shown / 2) ?? all
    expect(all.bytes / half.bytes).toBeLessThan(2.5)
    expect(await app.errors()).toEqual([])
  })

  it('elements are those of H5, in code that is coloured too', async () => {
    const text = `${showcase}\n\n${corpus}\n\n\`\`\`js\nlet a = 'b'\n\`\`\`\n`
    const order: PlayOrder = { text: '', pieces: piecesOf(text, 30), everyMs: 4, highlight: true }
    await play(order)
    await ended()
    const played = await playOnH5(browser, order)
    await endedOnH5(played)
    const onH5 = await played.page.evaluate(() => document.querySelector('.st-host')?.innerHTML ?? '')
    await played.close()
    const html = await app.page.evaluate(
      () => window.app.document().querySelector('.st-host')?.innerHTML ?? '',
    )
    expect(html).toContain('st-hl--')
    expect(html).toBe(onH5)
  })

  it('looks as it did', async () => {
    app = await launchApp(browser, folder, {
      runtime,
      storage: { play: { text: showcase, reasoning: '先想一想' } },
    })
    await app.page.setViewport({ width: 375, height: 1300 })
    await app.start()
    await app.waitFor(async () => (await app.text()).includes('结尾'), { what: 'the end' })
    await expectAppPicture(app, 'app-phone-light')
  })

  it('stop and retry are handed to the app', async () => {
    // The text comes after the page, and moves what stands below it.
    const shown = () => app.waitFor(async () => (await texts(TEXT))[0] === 'a', { what: 'the text' })
    await play({ text: 'a', end: 'streaming' })
    await shown()
    await app.tap('.streaming-text__stop')
    await noted('stop')
    await app.close()
    await play({ text: 'a', end: 'error' })
    await shown()
    await app.tap('.streaming-text__retry')
    await noted('retry')
  })

  it('an image that arrives after all text is told of', async () => {
    await play({ text: `before ![a dot](${images.url}/dot.svg) after\n`, notesGrowth: true })
    await noted('grow')
  })

  it('an image is an element of its line, in the order of the text', async () => {
    await play({ text: 'before ![a cat](https://example.com/cat.png) **after**\n' })
    await ended()
    const line = await app.page.evaluate(() =>
      [...(window.app.document().querySelector('.st-text')?.childNodes ?? [])].map(
        (node) => (node as HTMLImageElement).alt ?? node.textContent,
      ),
    )
    expect(line.filter(Boolean)).toEqual(['before ', 'a cat', ' ', 'after'])
  })

  it('a copy button copies its block and says so, and a tap on a link is handed to the app', async () => {
    await play({ text: '[site](https://example.com/a)\n\n```js\nlet a\n```\n\n```py\nb = 1\n```\n' })
    await ended()
    await app.tap('.st-link')
    await noted('link https://example.com/a')
    await app.tap('.st-pre:last-child .st-pre__copy')
    await noted('copy b = 1')
    const labels = async () => (await texts('.st-pre__copy')).join()
    await app.waitFor(async () => (await labels()) === '复制,已复制', { what: 'the button to say so' })
    await app.waitFor(async () => (await labels()) === '复制,复制', { what: 'the button to be as before' })
    // The WebView has not left the page for the link.
    expect(await app.count('.play')).toBe(1)
    expect(await app.errors()).toEqual([])
  })

  it('a code slot shows each code block, and text goes on after it', async () => {
    const text = 'before\n\n```js\nlet a\nlet b\n```\n\nafter\n'
    await play({ text, pieces: piecesOf(text, 3), everyMs: 60, codeSlot: true })
    await ended()
    await app.waitFor(async () => (await app.count('.play__actions')) === 1, { what: 'the end' })
    const shown = () =>
      app.page.evaluate(() =>
        [...window.app.document().querySelectorAll<HTMLElement>('.st-host, .play__code, .play__actions')].map(
          (part) => part.innerText.trim(),
        ),
      )
    // The view draws in a process of its own.
    await app.waitFor(async () => (await shown())[2] === 'after').catch(() => undefined)
    expect(await shown()).toEqual(['before', 'js|let a\nlet b|done', 'after', 'actions'])
  })

  // HarmonyOS' framework does not bring back the page of a WebView that was reloaded.
  it.runIf(runtime === 'app')('a page that the system reloads shows all of the answer again', async () => {
    const text = corpus.slice(0, 4000)
    await play({ text, pieces: piecesOf(text, 40), everyMs: 55 }, { os: 'iOS' })
    await app.waitFor(async () => (await app.count('.st-text')) > 5, { what: 'some of the text' })
    const [page] = await app.pages()
    await app.crash(page?.webView ?? '')
    await ended()
    const shown = (await texts(TEXT)).join('').replace(/\s/g, '')
    expect(shown).toBe(plainText(text).replace(/\s/g, ''))
    expect(await app.errors()).toEqual([])
  })

  it('answers of one page stay apart, whatever becomes of them', async () => {
    app = await launchApp(browser, folder, { runtime })
    await app.start('pages/chat/chat')
    const answers = async () => (await texts('.chat__answer .st-host')).join('|').replace(/ +/g, ' ')
    const become = (what: string) => app.waitFor(async () => (await answers()) === what, { what })
    await become('one|two|three')
    await app.tap('.chat__reverse')
    await become('three|two|one')
    await app.tap('.chat__grow')
    await become('three more of 2|two more of 1|one more of 0')
    await app.tap('.chat__drop')
    await app.tap('.chat__grow')
    await become('two more of 1 more of 1|one more of 0 more of 0')
    await app.tap('.chat__toggle')
    await become('')
    await app.tap('.chat__grow')
    await app.tap('.chat__toggle')
    await become('two more of 1 more of 1 more of 1|one more of 0 more of 0 more of 0')
    await app.tap('.chat__replace')
    await become('new 1new|new 0new')
    expect(await app.count('.chat__answer h1')).toBe(2)
    expect(await app.errors()).toEqual([])
  })
})
