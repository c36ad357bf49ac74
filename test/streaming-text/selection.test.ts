import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { ended, playOnH5, type PlayedPage } from './play.js'
import { copyAndPaste, drag, selectAll, selected, tripleClick } from './reader.js'

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

async function play(order: PlayOrder): Promise<Page> {
  played = await playOnH5(browser, order, { height: 1400 })
  await ended(played)
  return played.page
}

const text = `## Plan

First *some* words.

> A quote
> of two lines.

3. three
4. four
   - inner

- [x] done
- [ ] open

| Name | Price |
|------|------:|
| **Tea** | 3 |
| Milk | |

\`\`\`py
def f():

    return 1  
\`\`\`

Last: $x^2$.
`

const copied = `Plan

First some words.

A quote
of two lines.

3. three
4. four
  - inner

☑ done
☐ open

Name\tPrice
Tea\t3
Milk\t

def f():

    return 1  

Last: $x^2$.`

describe('on H5 a reader', () => {
  it.each([
    ['a heading', 'Plan', 'Plan'],
    ['a paragraph', 'First', 'First some words.'],
    ['an item', 'three', 'three'],
    ['a cell', 'Milk', 'Milk'],
    ['a line of code', 'return 1', '    return 1  '],
  ])('selects %s with three clicks, and copies just that', async (_, part, wanted) => {
    const page = await play({ text })
    await tripleClick(page, part)
    expect((await selected(page)).replace(/\n$/, '').trim()).toBe(wanted.trim())
    expect((await copyAndPaste(page)).text.replace(/\n$/, '')).toBe(wanted)
  })

  it('selects with the mouse from a paragraph into a list', async () => {
    const page = await play({ text })
    await drag(page, 'some', 'three')
    expect((await selected(page)).replace(/\s+/g, ' ').trim()).toBe('some words. A quote of two lines. three')
    const { text: pasted } = await copyAndPaste(page)
    expect(pasted.trim()).toBe('some words.\n\nA quote\nof two lines.\n\n3. three')
  })

  it('copies the whole answer as it is seen, without words of the component', async () => {
    const page = await play({
      text,
      pieces: [text.slice(0, 40), text.slice(40)],
      everyMs: 100,
      reasoning: 'hm',
    })
    await selectAll(page)
    expect((await copyAndPaste(page)).text).toBe(copied)
  })

  it('copies reasoning that is open, and its title never', async () => {
    const page = await play({ text: 'So it is.', reasoning: 'Let me *think*.' })
    await page.click('.st-reasoning')
    await selectAll(page)
    expect((await copyAndPaste(page)).text).toBe('Let me think.\n\nSo it is.')
  })

  it('copies HTML of plain elements for what takes it', async () => {
    const page = await play({
      text: '# A <blink>\n\n1. [x](https://example.com/a)\n\n| a |\n|--:|\n| b |\n\n$y$',
    })
    await selectAll(page)
    const { html } = await copyAndPaste(page)
    expect(html).toContain('<h1>A &lt;blink&gt;</h1>')
    expect(html).toMatch(/<ol><li value="1"><p><a href="https:\/\/example.com\/a">x<\/a><\/p><\/li><\/ol>/)
    expect(html).toMatch(/<table><thead><tr><th style="text-align:\s?right;?">a<\/th>/)
    expect(html).toContain('<p>$y$</p>')
    expect(html).not.toMatch(/st-|class=|<button/)
  })

  it('copies what else the page lets be selected, together with the answer', async () => {
    const page = await play({ text: 'The answer.' })
    await page.evaluate(() => {
      const prompt = document.createElement('div')
      prompt.style.userSelect = 'text'
      prompt.textContent = 'A question?'
      document.querySelector('.play')?.prepend(prompt)
    })
    await selectAll(page)
    expect((await copyAndPaste(page)).text).toBe('A question?\n\nThe answer.')
  })

  it('copies a field of the page as any other', async () => {
    const page = await play({ text: 'The answer.' })
    await page.evaluate(() => {
      const field = document.createElement('textarea')
      field.value = 'typed'
      document.body.append(field)
      field.focus()
      field.select()
    })
    expect((await copyAndPaste(page)).text).toBe('typed')
  })
})
