import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { ended, playOnH5, type PlayedPage } from './play.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

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

const text = `# Title

Text with a [link](https://example.com), \`code\` and ![a picture](x.png).

1. one
   - inner
- [x] done

> quote

| head | other |
|---|---:|
| a | b |

\`\`\`js
let a = 1
\`\`\`

$x^2$
`

async function play(order: Partial<PlayOrder>): Promise<Page> {
  played = await playOnH5(browser, { text, reasoning: 'hm', ...order }, { height: 1400 })
  if (order.end === 'streaming')
    await played.page.waitFor(() => document.querySelectorAll('.st-pre__copy, .st-reasoning').length === 2)
  else await ended(played)
  return played.page
}

/** What axe finds wrong in the component, rule by rule. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    interface Result {
      readonly violations: readonly {
        readonly id: string
        readonly nodes: readonly { readonly html: string }[]
      }[]
    }
    const { run } = (window as unknown as { axe: { run(scope: string): Promise<Result> } }).axe
    const found = (await run('.streaming-text')).violations
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
  })
}

interface AccessibleNode {
  readonly ignored: boolean
  readonly role?: { readonly value: string }
  readonly name?: { readonly value: string }
}

describe('for fingers', () => {
  it.each(['streaming', 'error'] as const)(
    'each button of the component is hit on 44 px, %s',
    async (end) => {
      const page = await play({ end })
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.streaming-text [role=button], .streaming-text button')]
          .filter((one) => {
            one.scrollIntoView({ block: 'center' })
            const { left, top, width, height } = one.getBoundingClientRect()
            const hits = (y: number) => one.contains(document.elementFromPoint(left + width / 2, y))
            let from = top + height / 2
            let to = from
            while (hits(from - 1)) from--
            while (hits(to + 1)) to++
            return to - from < 42 || width < 43.5
          })
          .map((one) => `${one.className} ${one.getBoundingClientRect().width}`),
      )
      expect(small).toEqual([])
    },
  )
})

describe('for readers who listen', () => {
  it.each([
    ['while it streams', { end: 'streaming' }],
    ['when it is complete', { math: 'katex' }],
    ['when it was stopped', { end: 'stopped' }],
    ['when it failed', { end: 'error' }],
    [
      'with sources, footnotes and tools',
      {
        text: `${text}\nA fact[1] and another【2†source】[^1].\n\n[^1]: A note.\n\n<table><tr><th>x</th></tr></table>\n`,
        sources: ['https://example.com/a'],
        tools: ['numbers', 'wrap', 'fold', 'download', 'copy-table', 'csv'],
      },
    ],
  ] as const)('axe finds nothing wrong %s', async (_, order) => {
    const page = await play(order)
    expect(await violations(page)).toEqual([])
  })

  it('the tree has each part as what it is', async () => {
    const page = await play({ end: 'streaming' })
    const { nodes } = (await page.send('Accessibility.getFullAXTree')) as unknown as {
      readonly nodes: readonly AccessibleNode[]
    }
    const seen = nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => `${role?.value} ${name?.value ?? ''}`.trim())
    for (const wanted of [
      ...['heading Title', 'link link', 'image a picture', 'list', 'listitem', 'blockquote', 'table'],
      ...['columnheader head', 'cell a', 'button 复制', 'button 停止生成'],
    ])
      expect(seen).toContain(wanted)
    expect(seen.join('\n')).toMatch(/^button [^\n]*思考/m)
  })

  it('the keyboard reaches what can be pressed or scrolled, in the order of the text, and nothing else', async () => {
    const page = await play({ end: 'error' })
    const walked: string[] = []
    for (let press = 0; press < 9; press++) {
      await page.press('Tab')
      walked.push(await page.evaluate(() => document.activeElement?.className.split(' ')[0] ?? ''))
    }
    expect(walked.slice(0, 7)).toEqual([
      ...['st-reasoning', 'st-link', 'st-image', 'st-scroll', 'st-pre__copy', 'st-scroll'],
      'streaming-text__button',
    ])
  })
})
