import type { Page } from '../hosts/chromium/page.js'

interface Point {
  readonly x: number
  readonly y: number
}

const press = (page: Page, type: string, { x, y }: Point, clickCount = 1) =>
  page.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons: 1, clickCount })

/** Where the first text that contains `part` is shown: its first and its last character. */
export const placeOf = (page: Page, part: string): Promise<{ first: Point; last: Point }> =>
  page.evaluate((wanted: string) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode() as Text | null; node; node = texts.nextNode() as Text | null) {
      const at = node.data.indexOf(wanted)
      if (at < 0) continue
      node.parentElement?.scrollIntoView({ block: 'center' })
      const centre = (from: number) => {
        const range = document.createRange()
        range.setStart(node as Text, from)
        range.setEnd(node as Text, from + 1)
        const { x, y, width, height } = range.getBoundingClientRect()
        return { x: x + width / 2, y: y + height / 2 }
      }
      return { first: centre(at), last: centre(at + wanted.length - 1) }
    }
    throw new Error(`not shown: ${wanted}`)
  }, part)

/** Presses three times on a text, as a reader does to select its line. */
export async function tripleClick(page: Page, part: string): Promise<void> {
  const { first } = await placeOf(page, part)
  for (const count of [1, 2, 3]) {
    await press(page, 'mousePressed', first, count)
    await press(page, 'mouseReleased', first, count)
  }
}

/** Selects with the mouse from before one text to behind another; both must be in sight together. */
export async function drag(page: Page, from: string, to: string): Promise<void> {
  const { first } = await placeOf(page, from)
  const { last } = await placeOf(page, to)
  const start = { x: first.x - 6, y: first.y }
  await press(page, 'mousePressed', start)
  for (const part of [0.3, 0.7, 1])
    await press(page, 'mouseMoved', {
      x: start.x + (last.x + 6 - start.x) * part,
      y: start.y + (last.y - start.y) * part,
    })
  await press(page, 'mouseReleased', { x: last.x + 6, y: last.y })
}

export const selected = (page: Page) => page.evaluate(() => String(getSelection()))

/** Ctrl with a key. Headless Chromium wants the command by its name. */
async function control(page: Page, key: string, command: string): Promise<void> {
  const event = {
    key,
    code: `Key${key.toUpperCase()}`,
    windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0),
  }
  await page.send('Input.dispatchKeyEvent', {
    ...event,
    modifiers: 2,
    type: 'rawKeyDown',
    commands: [command],
  })
  await page.send('Input.dispatchKeyEvent', { ...event, modifiers: 2, type: 'keyUp' })
}

export const selectAll = (page: Page) => control(page, 'a', 'selectAll')

/** Copies what is selected, and pastes it elsewhere: what arrives there. */
export async function copyAndPaste(page: Page): Promise<{ text: string; html: string }> {
  await control(page, 'c', 'copy')
  await page.evaluate(() => {
    const field = document.createElement('textarea')
    document.body.append(field)
    field.focus()
    field.addEventListener('paste', ({ clipboardData }) => {
      const text = clipboardData?.getData('text/plain') ?? ''
      const html = clipboardData?.getData('text/html') ?? ''
      Object.assign(window, {
        pasted: { text, html: html.replace(/^[^]*<!--StartFragment-->|<!--EndFragment-->[^]*$/g, '') },
      })
      field.remove()
    })
  })
  await control(page, 'v', 'paste')
  await page.waitFor(() => 'pasted' in window)
  return page.evaluate(() => (window as unknown as { pasted: { text: string; html: string } }).pasted)
}
