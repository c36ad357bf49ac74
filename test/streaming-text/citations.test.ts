import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { ended, playOnH5, type PlayedPage } from './play.js'

const text = '事实[1]，另一事实【2†source】，第三[3]。见注[^甲]。\n\n[^甲]: 《手册》第三页。\n'
const sources = [
  { type: 'text', text: 'no source' },
  { type: 'source-url', sourceId: 'a', url: 'https://example.com/a', title: 'A' },
  { type: 'source-url', sourceId: 'b', url: 'https://example.com/b' },
]
const lateSources = [{ url: 'javascript:alert(1)' }]

describe('on H5', () => {
  let browser: Browser
  let played: PlayedPage | undefined
  beforeAll(async () => {
    await buildPlayApp('h5')
    browser = await launchChromium()
  })
  afterEach(() => played?.close())
  afterAll(() => browser.close())

  const play = async (order: Partial<PlayOrder> = {}) => {
    played = await playOnH5(browser, { text: '', pieces: [text], sources, ...order })
    await ended(played)
    return played.page
  }
  const noted = (wanted: string) =>
    played?.page.waitFor(
      (what: string) => document.querySelector('.play__noted')?.textContent?.trim() === what,
      {},
      wanted,
    )

  it('a citation is a link to its source, of an allowed scheme, and is told when it is pressed', async () => {
    const page = await play({ lateSources })
    expect(
      await page.evaluate(() =>
        [...document.querySelectorAll('.st-link[data-to^="#cite"]')].map((one) => [
          one.textContent,
          one.getAttribute('href'),
          one.getAttribute('target'),
        ]),
      ),
    ).toEqual([
      ['[1]', 'https://example.com/a', '_blank'],
      ['[2]', 'https://example.com/b', '_blank'],
      ['[3]', null, null],
    ])
    await page.click('.st-link[href$="/b"]')
    await noted('cite 2 https://example.com/b')
  })

  it('a source that comes when the text is shown makes a link of its citation, which looks as before', async () => {
    const page = await play({ sources: [], lateSources: sources })
    await page.waitFor(() => document.querySelectorAll('.st-link[href^="https://example.com/"]').length === 2)
    const looks = await page.evaluate(() =>
      [...document.querySelectorAll('.st-link[data-to^="#cite"]')].map((one) => getComputedStyle(one).color),
    )
    expect(new Set(looks).size).toBe(1)
  })

  it('a citation is text where the component has no sources', async () => {
    const page = await play({ sources: undefined })
    expect(await page.evaluate(() => document.querySelector('.st-text')?.textContent)).toContain(
      '【2†source】',
    )
  })

  it('the mark of a footnote moves to its note, and the note back, by mouse and keyboard', async () => {
    const page = await play({ text: '', pieces: [`${text.replace('\n', '\n\n下文。'.repeat(60))}`] })
    const focused = () => page.evaluate(() => ({ ...(document.activeElement as HTMLElement).dataset }))
    await page.click('.st-link[data-to="#note-甲"]')
    expect(await focused()).toEqual({ note: '甲' })
    await page.press('Tab')
    expect(await focused()).toEqual({ to: '#back-甲' })
    await page.press('Enter')
    expect(await focused()).toEqual({ to: '#note-甲' })
    expect(await page.evaluate(() => location.hash)).toBe('#/')
  })
})

describe.each(['weixin', 'alipay', 'toutiao'] as const)('on %s', (platform) => {
  let folder: string
  let app: MiniProgram
  beforeAll(async () => {
    folder = await buildPlayApp(`mp-${platform}`)
  })
  afterEach(() => app.close())

  it('taps on a citation and on a footnote are handed to the app', async () => {
    app = createMiniProgram(folder, { platform, storage: { play: { text: '', pieces: [text], sources } } })
    await app.start()
    await app.waitFor(() => app.text().includes('第三页') && !app.text().includes('停止生成'))
    const tapped = (part: string, wanted: string) =>
      app.waitFor(
        () => {
          const link = [...app.find('.play').querySelectorAll('.st-link')].find((one) =>
            one.textContent?.includes(part),
          )
          for (const type of ['mousedown', 'mouseup', 'click'])
            link?.dispatchEvent(
              new (link.ownerDocument.defaultView as unknown as typeof globalThis).MouseEvent(type, {
                bubbles: true,
              }),
            )
          return app.text('.play__noted') === wanted
        },
        { what: wanted },
      )
    await tapped('[2]', 'cite 2 https://example.com/b')
    await tapped('甲', 'footnote 甲 甲: 《手册》第三页。')
  })
})
