import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { leastContrast } from './least-contrast.js'
import { ended, playOnH5, type PlayedPage } from './play.js'
import { placeOf } from './reader.js'

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

/** A page whose own styles win over the app's, and which sets no colour of the component. */
async function play(order: PlayOrder, css = '', scheme: 'light' | 'dark' = 'light') {
  played = await playOnH5(browser, order, { scheme })
  const { page } = played
  await page.evaluate((rules: string) => {
    const sheet = new CSSStyleSheet()
    const own = ['accent', 'muted', 'border', 'error'].map(
      (name) => `--streaming-text-${name}: initial !important`,
    )
    sheet.replaceSync(`body, uni-page-body { ${own.join(';')} } ${rules}`)
    document.adoptedStyleSheets = [sheet]
  }, css)
  await ended(played)
  return page
}

const PAGE = 'html body, html body uni-page-body'
const ink = (background: string, colour: string) =>
  `${PAGE} { background: ${background} !important; color: ${colour} !important }`

const everything = `[link](https://example.com) and \`code\` and [\`both\`](https://example.com)

1. one
- [x] done

> quote [link](https://example.com)

| head | [link](https://example.com) |
|---|---|
| a | b |

\`\`\`html
<!-- comment --><p class="a">text</p>
\`\`\`

\`\`\`js:src/a.js
let a = "text" + 1 // note
\`\`\`
`

describe('colours of the component', () => {
  it.each([
    ['a light page', ink('#fff', '#16181d'), 'light'],
    ['a light page in a dark system', ink('#fff', '#16181d'), 'dark'],
    ['a dark page in a light system', ink('#101216', '#e8eaf0'), 'light'],
    ['a grey page with white text', ink('#26282e', '#fff'), 'light'],
    [
      'a black page that only tells its scheme',
      `:root { color-scheme: dark } ${PAGE} { background: #000 !important; color: CanvasText !important }`,
      'light',
    ],
  ] as const)('are legible on %s', async (_, css, scheme) => {
    const page = await play(
      { text: everything, reasoning: 'hm `x`', end: 'error', highlight: true },
      css,
      scheme,
    )
    await page.click('.st-reasoning')
    const { ratio, what } = await leastContrast(page)
    expect(ratio, what).toBeGreaterThanOrEqual(4.5)
  })

  it('follow a page that changes its colour', async () => {
    const page = await play(
      { text: everything, highlight: true },
      `html.night ${PAGE.slice(5)} { background: #101216 !important; color: #e8eaf0 !important }`,
    )
    await page.evaluate(() => document.documentElement.classList.add('night'))
    const { ratio, what } = await leastContrast(page)
    expect(ratio, what).toBeGreaterThanOrEqual(4.5)
  })

  it('are those of the theme that the app names', async () => {
    const page = await play({ text: everything, theme: 'dark', highlight: true }, ink('#101216', '#767676'))
    const colour = await page.evaluate(() => getComputedStyle(document.querySelector('.st-link')!).color)
    expect(colour).toBe('rgb(138, 180, 255)')
  })

  it('give way to the app’s own', async () => {
    const page = await play(
      { text: everything },
      'uni-page-body { --streaming-text-accent: rgb(1, 2, 3) !important }',
    )
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.st-link')!).color)).toBe(
      'rgb(1, 2, 3)',
    )
  })
})

describe('numbers of a list', () => {
  it.each(['', 'html .streaming-text { font-size: 22px }'])('are whole, however long (%s)', async (css) => {
    const page = await play({ text: '1949. a\n\n---\n\n99. b\n100. c\n\n---\n\n123456789. d\n' }, css)
    const room = await page.evaluate(() => {
      const context = document.createElement('canvas').getContext('2d')!
      return [...document.querySelectorAll<HTMLElement>('.st-item')].map((item) => {
        const { fontWeight, fontSize, fontFamily } = getComputedStyle(item)
        context.font = `${fontWeight} ${fontSize} ${fontFamily}`
        const chunk = item.closest('.st-chunk')!.getBoundingClientRect()
        return (
          item.getBoundingClientRect().left -
          chunk.left -
          context.measureText(`${item.getAttribute('value')}. `).width
        )
      })
    })
    expect(room).toHaveLength(4)
    expect(Math.min(...room)).toBeGreaterThanOrEqual(0)
  })
})

describe('text from right to left', () => {
  const arabic = 'مرحبا بالعالم'
  it.each([
    ['a paragraph', `${arabic}\n`, 'p'],
    ['a heading', `# ${arabic}\n`, 'h1'],
    ['an item between English ones', `- one\n- ${arabic}\n- three\n`, 'li:nth-child(2)'],
    ['a quote', `> ${arabic}\n`, 'blockquote'],
    ['a cell of an English table', `| one | two |\n|---|---|\n| a | ${arabic} |\n`, 'td:nth-child(2)'],
  ])('begins at the right: %s', async (_, text, selector) => {
    const page = await play({ text })
    const { first } = await placeOf(page, arabic)
    const { right } = await page.evaluate(
      (wanted: string) =>
        document.querySelector(`.st-host ${wanted}`)!.getBoundingClientRect().toJSON() as DOMRect,
      selector,
    )
    expect(right - first.x).toBeLessThan(40)
  })

  it('orders the columns of an Arabic table, and leaves code as it is', async () => {
    const page = await play({
      text: `| ${arabic} | ب |\n|---|---|\n| 1 | 2 |\n\n\`\`\`\n${arabic}\n\`\`\`\n`,
    })
    const seen = await page.evaluate(() => {
      const [first, second] = [...document.querySelectorAll('th')].map(
        (cell) => cell.getBoundingClientRect().left,
      )
      return {
        columns: first! > second!,
        code: getComputedStyle(document.querySelector('pre code')!).direction,
      }
    })
    expect(seen).toEqual({ columns: true, code: 'ltr' })
  })
})

describe('text grows with', () => {
  it('the size that the reader chose in the browser', async () => {
    played = await playOnH5(browser, { text: 'a\n\n```\nb\n```\n\n| c |\n|---|\n' })
    const { page } = played
    await ended(played)
    const sizes = () =>
      page.evaluate(() =>
        ['.st-text', '.st-pre__text', '.st-cell'].map((one) =>
          parseFloat(getComputedStyle(document.querySelector(one)!).fontSize),
        ),
      )
    const before = await sizes()
    await page.send('Page.setFontSizes', { fontSizes: { standard: 24, fixed: 20 } })
    await page.reload()
    await page.waitFor(() => document.querySelector('.st-cell') !== null)
    expect(await sizes()).toEqual(before.map((size) => size * 1.5))
  })
})

describe('options', () => {
  it('reach the engine, and other ones start over', async () => {
    const page = await play({
      text: '[a](weixin://b) **c**',
      options: { schemes: ['weixin'], extensions: [] },
    })
    expect(await page.evaluate(() => document.querySelector('.st-link')?.getAttribute('href'))).toBe(
      'weixin://b',
    )
  })
})
