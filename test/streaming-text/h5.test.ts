import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { plainText } from '../e2e/plain-text.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { corpus, piecesOf } from './corpus.js'
import { leastContrast } from './least-contrast.js'
import { copyAndPaste, selectAll } from './reader.js'
import { ended, playOnH5, type PlayedPage } from './play.js'

let browser: Browser
let played: PlayedPage | undefined
beforeAll(async () => {
  await buildPlayApp('h5')
  browser = await launchChromium()
})
afterEach(async () => {
  await played?.close()
  played = undefined
})
afterAll(() => browser.close())

async function play(order: PlayOrder, ...rest: [Parameters<typeof playOnH5>[2]?, (() => void)?]) {
  played = await playOnH5(browser, order, ...rest)
  return played
}

describe('on H5', () => {
  it('streamed text is the whole text, and no node once shown is removed or rewritten', async () => {
    const { page } = await play({ text: corpus, pieces: piecesOf(corpus, 13), everyMs: 4 }, {}, () => {
      const taken: string[] = []
      Object.assign(window, { taken })
      new MutationObserver((changes) => {
        for (const { type, target, removedNodes, oldValue } of changes) {
          if (!(target as Element).parentElement?.closest('.st-host')) continue
          for (const node of removedNodes) taken.push(`removed ${node.textContent}`)
          if (type === 'characterData' && !target.textContent?.startsWith(oldValue ?? ''))
            taken.push(`rewrote ${oldValue}`)
        }
      }).observe(document, {
        childList: true,
        subtree: true,
        characterData: true,
        characterDataOldValue: true,
      })
    })
    await ended(played!)
    const { text, taken } = await page.evaluate(() => ({
      text: [...document.querySelectorAll('.st-text, .st-pre__text, .st-cell')]
        .map((line) => line.textContent)
        .join(''),
      taken: (window as unknown as { taken: string[] }).taken,
    }))
    expect(taken).toEqual([])
    expect(text.replace(/\s/g, '')).toBe(plainText(corpus).replace(/\s/g, ''))
    expect(page.errors).toEqual([])
  })

  it('elements are those that assistive technology knows', async () => {
    const { page } = await play({
      text: '# a\n\n1. b\n   - c\n\n> d\n\n| e |\n|---|\n| f |\n\n```js\ng\n```\n',
    })
    await ended(played!)
    const tree = await page.evaluate(() =>
      [
        'h1',
        'ol > li > ul > li',
        'blockquote > p',
        'table > thead th',
        'table > tbody td',
        'pre > code',
      ].filter((selector) => !document.querySelector(`.st-host ${selector}`)),
    )
    expect(tree).toEqual([])
  })

  it('aria-busy tells of the stream, and one polite sentence of its end', async () => {
    const { page } = await play({ text: 'x', pieces: ['a ', 'b ', 'c '], everyMs: 100 }, {}, () => {
      const said: string[] = []
      const busy: (string | null)[] = []
      Object.assign(window, { said, busy })
      new MutationObserver(() => {
        const now = document.querySelector('[aria-live]')?.textContent?.trim() ?? ''
        if (now !== (said.at(-1) ?? '')) said.push(now)
        const component = document.querySelector('.streaming-text')
        if (component && component.ariaBusy !== busy.at(-1)) busy.push(component.ariaBusy)
      }).observe(document, { childList: true, subtree: true, characterData: true, attributes: true })
    })
    await ended(played!)
    await page.waitFor(() =>
      document.querySelector('[aria-live=polite]')?.textContent?.includes('回答已生成完毕'),
    )
    const seen = await page.evaluate(() => {
      const { said, busy } = window as unknown as { said: string[]; busy: string[] }
      return { said, busy }
    })
    expect(seen).toEqual({ said: ['回答已生成完毕'], busy: ['true', 'false'] })
  })

  it('stop, copy and retry are reached and pressed with the keyboard', async () => {
    const { page } = await play({ text: '```js\nlet a\n```\n', end: 'streaming' })
    await page.waitFor(() => document.querySelector('.st-pre__copy') !== null)
    const focus = (selector: string) =>
      page.evaluate((wanted: string) => document.querySelector<HTMLElement>(wanted)?.focus(), selector)
    const noted = (what: string) =>
      page.waitFor(
        (word: string) => document.querySelector('.play__noted')?.textContent?.includes(word),
        {},
        what,
      )
    await page.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('st-pre__copy')
    await page.press('Enter')
    await noted('copy let a')
    await focus('.streaming-text__stop')
    await page.press('Enter')
    await noted('stop')
    await played?.close()

    const failed = await play({ text: 'a', end: 'error' })
    await failed.page.waitFor(() => document.querySelector('.streaming-text__retry') !== null)
    await failed.page.evaluate(() => document.querySelector<HTMLElement>('.streaming-text__retry')?.focus())
    await failed.page.press('Enter')
    await failed.page.waitFor(() => document.querySelector('.play__noted')?.textContent?.includes('retry'))
  })

  it('a link is handed to the app', async () => {
    const { page } = await play({ text: '[site](https://example.com/a)' })
    await ended(played!)
    await page.click('.st-link')
    await page.waitFor(() =>
      document.querySelector('.play__noted')?.textContent?.includes('link https://example.com/a'),
    )
    expect(await page.evaluate(() => location.host)).toContain('127.0.0.1')
  })

  it('a code slot shows each code block, and text goes on after it', async () => {
    const text = 'before\n\n```js\nlet a\nlet b\n```\n\nafter\n'
    const { page } = await play({ text, pieces: piecesOf(text, 3), everyMs: 60, codeSlot: true })
    await ended(played!)
    const shown = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.st-host, .play__code, .play__actions')].map((part) =>
        part.innerText.trim(),
      ),
    )
    expect(shown).toEqual(['before', 'js|let a\nlet b|done', 'after', 'actions'])
  })

  it('reasoning opens while it is written and folds away when the answer begins', async () => {
    const pieces = ['<think>\nhm, well\n', '\nyes\n</think>\n', '\nThe answer ', 'is 42.\n']
    const { page } = await play({ text: '', pieces, everyMs: 1200 }, {}, () => {
      const states: { open: string | null; text: string; atMs: number }[] = []
      Object.assign(window, { states })
      new MutationObserver(() => {
        const open = document.querySelector('.st-reasoning')?.getAttribute('aria-expanded') ?? null
        const text = document.querySelector('.st-section--reasoning')?.textContent ?? ''
        if (open === null || text === '') return
        if (open !== states.at(-1)?.open) states.push({ open, text, atMs: performance.now() })
      }).observe(document, { childList: true, subtree: true, characterData: true, attributes: true })
    })
    const isOpen = () => document.querySelector('.st-reasoning')?.getAttribute('aria-expanded')
    await ended(played!)
    const states = await page.evaluate(
      () => (window as unknown as { states: { open: string; text: string; atMs: number }[] }).states,
    )
    expect(states.map(({ open }) => open)).toEqual(['true', 'false'])
    expect(states[0]?.text).toContain('hm, well')
    const [, seconds] = /用时 (\d+) 秒/.exec(
      (await page.evaluate(() => document.querySelector('.st-reasoning')?.textContent)) ?? '',
    ) ?? ['', NaN]
    // As long as it was open; it may begin to be counted a moment before it is shown.
    const openMs = states[1]!.atMs - states[0]!.atMs
    expect(Math.abs(Number(seconds) * 1000 - openMs)).toBeLessThan(1_500)
    await page.click('.st-reasoning')
    expect(await page.evaluate(isOpen)).toBe('true')
  })

  it('an answer that is restored shows its start at once, and all of it in turns', async () => {
    const text = Array.from({ length: 4000 }, (_, at) => `Paragraph ${at} of **many**.`).join('\n\n')
    const { page } = await play({ text }, {}, () => {
      const steps: number[] = []
      Object.assign(window, { steps })
      new MutationObserver(() => steps.push(document.querySelectorAll('.st-text').length)).observe(document, {
        childList: true,
        subtree: true,
      })
    })
    await page.waitFor(() =>
      document.querySelector('.st-host')?.textContent?.includes('Paragraph 3999 of many.'),
    )
    const steps = await page.evaluate(() => (window as unknown as { steps: number[] }).steps.filter(Boolean))
    expect(steps[0]).toBeGreaterThan(0)
    expect(steps[0]).toBeLessThan(400)
    // What is far from the screen is its text alone.
    expect(Math.max(...steps)).toBeLessThan(2000)
  })

  it('what is folded begins at the side of its words, its summary beside the mark that opens it', async () => {
    const folded = (summary: string) => `<details>\n<summary>${summary}</summary>\n\nx\n\n</details>\n\n`
    const { page } = await play({ text: folded('التفاصيل') + folded('Details') })
    await ended(played!)
    const seen = await page.evaluate(() =>
      [...document.querySelectorAll('summary')].map((summary) => ({
        direction: getComputedStyle(summary.parentElement!).direction,
        lines: Math.round(summary.clientHeight / parseFloat(getComputedStyle(summary).lineHeight)),
      })),
    )
    expect(seen).toEqual([
      { direction: 'rtl', lines: 1 },
      { direction: 'ltr', lines: 1 },
    ])
  })

  it('a text that comes at once is put into the page in few, large parts', async () => {
    const count = 500
    const text = 'One **bold** word and `code`.\n\n'.repeat(count)
    const { page } = await play({ text }, {}, () => {
      const puts: number[] = []
      Object.assign(window, { puts })
      new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes)
          if (target.parentElement?.closest('.st-host')) puts.push(addedNodes.length)
      }).observe(document, { childList: true, subtree: true })
    })
    await page.waitFor(() => document.querySelectorAll('.st-strong').length === 500)
    const puts = await page.evaluate(() => (window as unknown as { puts: number[] }).puts.length)
    // Three elements and four texts a paragraph, but for those that the end of a slice cuts.
    expect(puts).toBeLessThan(count)
  })

  it('a long table goes on in another with the same columns, and is copied as one', async () => {
    const rows = Array.from({ length: 100 }, (_, at) => `| ${at} | ${'x'.repeat(at % 9)}y |`)
    const { page } = await play({ text: `| a | b |\n|---|---|\n${rows.join('\n')}\n` })
    await ended(played!)
    const seen = await page.evaluate(() => {
      const tables = [...document.querySelectorAll('table')]
      const widths = tables.map(({ rows }) =>
        [...rows[0]!.cells].map((cell) => Math.round(cell.clientWidth)).join(),
      )
      return {
        tables: tables.length,
        widths: new Set(widths).size,
        rows: document.querySelectorAll('tr').length,
      }
    })
    expect(seen).toEqual({ tables: 3, widths: 1, rows: 101 })
    await selectAll(page)
    const { text } = await copyAndPaste(page)
    expect(text.split('\n')).toHaveLength(101)
  })

  it('an image is shown larger by a tap and by the keyboard, where it is no link', async () => {
    const { page } = await play({ text: '![a](x.png)\n\n[![b](y.png)](https://example.com/b)\n' })
    await ended(played!)
    await page.click('.st-image')
    await page.waitFor(() => document.querySelector('.play__noted')?.textContent?.includes('image x.png'))
    await page.click('.st-link .st-image')
    await page.waitFor(() =>
      document.querySelector('.play__noted')?.textContent?.includes('link https://example.com/b'),
    )
    expect(
      await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.st-image')].map((one) => one.tabIndex),
      ),
    ).toEqual([0, -1])
  })

  it('a plain text stays as it is', async () => {
    const text = '**not bold**\n  # no heading\n\n\n- x'
    const { page } = await play({ text, markdown: false })
    await ended(played!)
    expect(await page.evaluate(() => document.querySelector('.st-host')?.textContent)).toBe(text)
  })

  it('a cursor stands behind the last text, without motion where none is wanted, and goes at the end', async () => {
    const { page } = await play({ text: 'a b c', end: 'streaming' }, { reducedMotion: true })
    await page.waitFor(() => document.querySelectorAll('.st-live').length === 1)
    const style = await page.evaluate(
      () => getComputedStyle(document.querySelector('.st-live')!, '::after').animationName,
    )
    expect(style).toBe('none')
    await played?.close()
    const done = await play({ text: 'a b c', pieces: ['a ', 'b ', 'c'], everyMs: 50 })
    await ended(done)
    expect(await done.page.evaluate(() => document.querySelectorAll('.st-live').length)).toBe(0)
  })
})

describe('contrast', () => {
  it.each(['light', 'dark'] as const)('of every text in the %s theme is 4.5 to 1 or more', async (scheme) => {
    const text = `${corpus}\n[link](https://example.com)\n\n![no](x.png)`
    const { page } = await play({ text, reasoning: 'hm', end: 'stopped' }, { scheme })
    await ended(played!)
    const worst = await leastContrast(page)
    expect(worst.ratio, worst.what).toBeGreaterThanOrEqual(4.5)
  })
})
