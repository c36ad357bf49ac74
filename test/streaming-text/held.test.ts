import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { ended, playOnH5, type PlayedPage } from './play.js'
import { copyAndPaste, selectAll } from './reader.js'

const SECTIONS = 600
const section = (at: number) =>
  `## Heading ${at}\n\nSome **bold ${at}** words, then \`code ${at}\`.\n\n- item ${at}\n- other\n\n| a | b |\n|---|---|\n| cell ${at} | 2 |\n\n\`\`\`js\nlet x${at} = 1\n\`\`\`\n`
const sections = Array.from({ length: SECTIONS }, (_, at) => section(at))
const text = `First a mark[^n].\n\n${sections.join('\n')}\n[^n]: The note of the end.\n\nLast **words**.\n`

const isWhole = () => document.querySelector('.st-host')?.textContent?.includes('Last words.') === true
const held = (page: Page) => page.evaluate(() => document.querySelectorAll('.st-chunk--held').length)

describe('a long answer that is there at once', () => {
  let browser: Browser
  let played: PlayedPage | undefined
  beforeAll(async () => {
    await buildPlayApp('h5')
    browser = await launchChromium()
  })
  afterEach(() => played?.close())
  afterAll(() => browser.close())

  async function play(order: Partial<PlayOrder> = {}): Promise<Page> {
    played = await playOnH5(browser, { text, ...order })
    await ended(played)
    await played.page.waitFor(isWhole)
    return played.page
  }

  it('has few elements, all of its text, and every heading', async () => {
    const page = await play()
    expect(await held(page)).toBeGreaterThan(40)
    const seen = await page.evaluate(() => ({
      headings: document.querySelectorAll('.st-host h2').length,
      bold: document.querySelectorAll('.st-strong').length,
      missing: Array.from({ length: 600 }, (_, at) => at).filter(
        (at) => !document.querySelector('.st-host')?.textContent?.includes(`let x${at} = 1`),
      ),
    }))
    expect(seen.headings).toBe(SECTIONS)
    expect(seen.bold).toBeLessThan(SECTIONS / 2)
    expect(seen.missing).toEqual([])
  })

  it('has its elements wherever the reader comes, and no text twice', async () => {
    const page = await play()
    for (const part of [0.5, 0.9, 0.2, 1]) {
      await page.evaluate((share: number) => scrollTo(0, document.documentElement.scrollHeight * share), part)
      await page.waitFor(() => {
        const chunk = document.elementFromPoint(180, 400)?.closest('.st-chunk')
        return chunk ? !chunk.matches('.st-chunk--held') && chunk.querySelector('.st-pre, .st-list') : false
      })
    }
    const texts = await page.evaluate(
      () => document.querySelector('.st-host')?.textContent?.match(/bold 300\b/g)?.length,
    )
    expect(texts).toBe(1)
  })

  it('is copied as a whole with its looks', async () => {
    const page = await play()
    await selectAll(page)
    const { text: plain, html } = await copyAndPaste(page)
    for (const at of [0, 300, SECTIONS - 1]) {
      expect(plain).toContain(
        `Heading ${at}\n\nSome bold ${at} words, then code ${at}.\n\n- item ${at}\n- other\n\na\tb\ncell ${at}\t2\n\nlet x${at} = 1\n\n`,
      )
      expect(html).toContain(`<strong>bold ${at}</strong>`)
    }
    expect(html).toContain('<strong>words</strong>')
    expect(plain.match(/bold 300\b/g)).toHaveLength(1)
    expect(await held(page)).toBe(0)
  })

  it('stays selected as a whole where its elements are made', async () => {
    const page = await play()
    await selectAll(page)
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await page.waitFor(() => document.querySelector('.st-chunk:last-child .st-strong') !== null)
    const selected = await page.evaluate(() => getSelection()?.getRangeAt(0).toString())
    expect(selected).toContain('First a mark')
    expect(selected).toContain('Last words.')
  })

  it('is found in', async () => {
    const page = await play()
    await page.evaluate(() => (window as unknown as { find(text: string): boolean }).find('bold 450'))
    await page.waitFor(() => {
      const found = getSelection()?.rangeCount
        ? getSelection()?.getRangeAt(0).getBoundingClientRect()
        : undefined
      return scrollY > 5000 && !!found
    })
    await page.waitFor(() =>
      [...document.querySelectorAll('.st-strong')].some(
        (one) =>
          one.textContent === 'bold 450' &&
          one.getBoundingClientRect().bottom > 0 &&
          one.getBoundingClientRect().top < innerHeight,
      ),
    )
  })

  it('leads to its note and back', async () => {
    const page = await play()
    await page.click('.st-link[data-to="#note-n"]')
    await page.waitFor(() => document.activeElement?.textContent?.includes('The note of the end.') === true)
    await page.click('.st-back')
    await page.waitFor(() => document.activeElement?.matches('[data-to="#note-n"]') === true)
  })

  it('is printed with its elements', async () => {
    const page = await play()
    expect(await held(page)).toBeGreaterThan(40)
    await page.send('Page.printToPDF')
    await page.waitFor(() => document.querySelectorAll('.st-chunk--held').length === 0)
  })

  it('goes on as a stream does when more comes', async () => {
    const more = ['\n\nAnd **mo', 're** comes.\n\n', 'End.']
    const page = await play({ pieces: [text, ...more], stored: true, everyMs: 400, end: 'streaming' })
    await page.waitFor(() => document.querySelector('.st-host')?.textContent?.endsWith('End.') === true)
    const last = await page.evaluate(() => {
      const chunks = [...document.querySelectorAll('.st-chunk')]
      return chunks
        .slice(-1)
        .map((one) => [one.className, one.querySelector('.st-strong:last-of-type')?.tagName])
    })
    expect(last).toEqual([['st-chunk', 'STRONG']])
  })
})
