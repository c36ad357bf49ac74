import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { mathVectors } from './math-vectors.js'
import { ended, playOnH5, type PlayedPage } from './play.js'

const text = readFileSync(new URL('../fixtures/markdown/formulas.md', import.meta.url), 'utf8')
const piecesOf = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size))

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

async function play(order: PlayOrder, prepare?: () => void) {
  played = await playOnH5(browser, order, {}, prepare)
  return played.page
}

describe('formulas on H5', () => {
  it('come once and whole: no node once shown is removed or rewritten', async () => {
    const page = await play({ text, pieces: piecesOf(text, 5), everyMs: 4, math: 'katex' }, () => {
      const taken: string[] = []
      Object.assign(window, { taken })
      new MutationObserver((changes) => {
        for (const { type, target, removedNodes, oldValue } of changes) {
          if (!(target as Element).parentElement?.closest('.st-host')) continue
          for (const node of removedNodes) if (node.textContent) taken.push(`removed ${node.textContent}`)
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
    const found = await page.evaluate(() => ({
      taken: (window as unknown as { taken: string[] }).taken,
      names: [...document.querySelectorAll('[role=math]')].map((one) => one.getAttribute('aria-label')),
      hidden: document.querySelectorAll('[role=math] > [aria-hidden=true]').length,
      blocks: document.querySelectorAll('.st-formula--block').length,
      failed: [...document.querySelectorAll('.st-math--failed')].map((one) => one.textContent),
      source: document.querySelectorAll('.st-math:not(.st-math--failed)').length,
      prices: document.body.innerText.includes('$5 and $6'),
    }))
    expect(found.taken).toEqual([])
    expect(found).toMatchObject({ hidden: 14, blocks: 4, source: 0, prices: true })
    expect(found.names).toHaveLength(14)
    expect(found.names).toContain('\\sqrt{x^2+y^2}')
    expect(found.failed).toEqual(['\\frac{1}{', '\\href{javascript:alert(1)}{x}'])
    expect(page.errors).toEqual([])
  })

  it('are copied as their source, whole even where the selection begins inside of one', async () => {
    const page = await play({ text: 'so $x^2$ is\n\n$$\n\\frac{a}{b}\n$$\n\nend of it', math: 'katex' })
    await ended(played!)
    const copied = await page.evaluate(() => {
      const host = document.querySelector('.st-host')!
      const copy = (from: Node, to: Node) => {
        const range = document.createRange()
        range.setStart(from, 0)
        range.setEnd(to, to.childNodes.length || (to.textContent?.length ?? 0))
        getSelection()!.removeAllRanges()
        getSelection()!.addRange(range)
        const event = new ClipboardEvent('copy', {
          bubbles: true,
          cancelable: true,
          clipboardData: new DataTransfer(),
        })
        host.dispatchEvent(event)
        return { text: event.clipboardData!.getData('text/plain'), taken: event.defaultPrevented }
      }
      const inside = document.querySelector('[role=math] span span span')!
      const last = [...document.querySelectorAll('p')].pop()!
      return {
        all: copy(host, host),
        partial: copy(inside, last),
        plain: copy(last, last),
      }
    })
    expect(copied.all.text.replace(/\n+/g, '\n').trim()).toBe('so $x^2$ is\n$$\\frac{a}{b}$$\nend of it')
    expect(copied.partial.text.replace(/\n+/g, '\n').trim()).toBe('$x^2$ is\n$$\\frac{a}{b}$$\nend of it')
    expect(copied.plain).toEqual({ text: 'end of it', taken: true })
  })

  it('are waited for by what follows them while the typesetter loads', async () => {
    const page = await play({ text: 'before $x^2$ after', math: 'lazy' }, () => {
      const seen: string[] = []
      Object.assign(window, { seen })
      new MutationObserver(() => {
        const now = document.querySelector('.st-host')?.textContent
        if (now && now !== seen[seen.length - 1]) seen.push(now)
      }).observe(document, { childList: true, subtree: true, characterData: true })
    })
    await page.waitFor(() => document.querySelector('.st-host')?.textContent?.includes('after'))
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen)
    expect(seen).toEqual(['before ', 'before x2 after'])
  })

  it('neither run scripts nor make addresses, in any of 166 vectors', async () => {
    const many = mathVectors.map((vector, at) => piecesOf(vector, 1 + (at % 7)))
    const page = await play({ text: '', many, everyMs: 30, math: 'katex' }, () => {
      const seen: string[] = []
      Object.assign(window, { seen, pwned: () => seen.push('pwned'), alert: () => seen.push('alert') })
    })
    await ended(played!)
    const found = await page.evaluate(() => {
      const elements = [...document.querySelectorAll('.st-host *')]
      const within = [...document.querySelectorAll('.st-formula, .st-formula *')]
      const attributes = within.flatMap((element) => [...element.attributes])
      const allowed =
        'class role aria-label aria-hidden tabindex style viewBox preserveAspectRatio d x1 x2 y1 y2 stroke stroke-width'
      return {
        seen: (window as unknown as { seen: string[] }).seen,
        formulas: document.querySelectorAll('.st-formula').length,
        failed: document.querySelectorAll('.st-math--failed').length,
        tags: within
          .map(({ tagName }) => tagName)
          .filter((tag) => !'SPAN svg path line'.split(' ').includes(tag)),
        names: attributes.map(({ name }) => name).filter((name) => !allowed.split(' ').includes(name)),
        styles: attributes
          .filter(
            ({ name, value }) => name === 'style' && /url|expression|import|position: *fixed/i.test(value),
          )
          .map(({ value }) => value),
        // An image that HTML in a text asks for is one, like one of markdown; of the formulas nothing asks for any.
        links: elements.filter((element) => !['x', null].includes(element.getAttribute('src'))).length,
        handlers: elements.flatMap((one) => [...one.attributes].filter(({ name }) => /^on/i.test(name)))
          .length,
        // What was asked of the network, by elements or styles.
        foreign: performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter((name) => name.includes('evil')),
      }
    })
    expect(found).toMatchObject({
      seen: [],
      tags: [],
      names: [],
      styles: [],
      links: 0,
      handlers: 0,
      foreign: [],
    })
    expect(mathVectors.length).toBe(166)
    expect(found.formulas).toBeGreaterThan(10)
    expect(found.failed).toBeGreaterThan(100)
    expect(page.errors).toEqual([])
  })
})
