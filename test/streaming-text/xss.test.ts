import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { buildPlayApp } from './build-app.js'
import { ended, playOnH5 } from './play.js'
import { PWN, xssVectors } from './xss-vectors.js'

let browser: Browser
beforeAll(async () => {
  await buildPlayApp('h5')
  browser = await launchChromium()
})
afterAll(() => browser.close())

/** Deterministic cuts, so that a failure can be repeated. */
function randomPieces(text: string, seed: number): string[] {
  const [sizes = [1]] = fc.sample(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 20 }), {
    seed,
    numRuns: 1,
  })
  const pieces: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(text.slice(at, at + size))
    at += size
  }
  return pieces
}

it('has at least 200 vectors, no two alike', () => {
  expect(new Set(xssVectors).size).toBe(xssVectors.length)
  expect(xssVectors.length).toBeGreaterThanOrEqual(200)
})

it.each([
  { seed: 1, highlight: false },
  { seed: 2, highlight: false },
  { seed: 3, highlight: true },
  { seed: 4, highlight: true },
])(
  'no vector runs a script or makes a forbidden address, streamed with cuts $seed, code coloured: $highlight',
  async ({ seed, highlight }) => {
    const many = xssVectors.map((vector, index) => randomPieces(vector, seed * 1000 + index))
    const played = await playOnH5(browser, { text: '', many, everyMs: 60, highlight }, {}, () => {
      const seen: string[] = []
      Object.assign(window, { seen, pwned: () => seen.push('pwned'), alert: () => seen.push('alert') })
    })
    const { page } = played
    await ended(played)
    const found = await page.evaluate((call: string) => {
      const allowed =
        'DIV P H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE PRE CODE SPAN BUTTON TABLE THEAD TBODY TR TH TD A IMG EM STRONG DEL SUB SUP MARK KBD DETAILS SUMMARY BR HR INPUT'
      const elements = [...document.querySelectorAll<HTMLElement>('.st-host *')]
      const attributes = elements.flatMap((element) => [...element.attributes])
      const addresses = attributes.filter(({ name }) => ['href', 'src', 'action', 'srcdoc'].includes(name))
      // Every link and image is used: what is not inert would show now.
      for (const link of document.querySelectorAll<HTMLElement>('.st-host a')) {
        link.removeAttribute('target')
        link.addEventListener('click', (event) => event.preventDefault())
        link.click()
      }
      return {
        seen: (window as unknown as { seen: string[] }).seen,
        elements: elements.length,
        tags: elements.map(({ tagName }) => tagName).filter((tag) => !allowed.split(' ').includes(tag)),
        handlers: attributes.map(({ name }) => name).filter((name) => /^on/i.test(name)),
        addresses: addresses
          .map(({ value }) => value)
          .filter((value) => {
            // What is no address leads nowhere.
            if (!URL.canParse(value, 'https://relative.example/')) return false
            const { protocol } = new URL(value, 'https://relative.example/')
            return !['http:', 'https:', 'mailto:', 'tel:'].includes(protocol)
          }),
        styles: attributes
          .filter(({ name, value }) => name === 'style' && !/^text-align: (left|center|right);$/.test(value))
          .map(({ value }) => value),
        coloured: document.querySelectorAll('.st-hl').length > 0,
        components: document.querySelectorAll('.streaming-text').length,
        text: document.body.innerText.includes(call),
      }
    }, PWN)
    expect(found).toMatchObject({
      seen: [],
      tags: [],
      handlers: [],
      addresses: [],
      styles: [],
      coloured: highlight,
      text: true,
    })
    expect(found.components).toBe(xssVectors.length)
    expect(found.elements).toBeGreaterThan(xssVectors.length)
    expect(page.errors).toEqual([])
    await played.close()
  },
)
