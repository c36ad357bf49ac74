import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page, Viewport } from '../hosts/chromium/page.js'

export const PHONE: Viewport = { width: 390, height: 844, mobile: true }
export const DESKTOP: Viewport = { width: 1280, height: 800 }

const MODIFIERS = { ctrl: 2, shift: 8 } as const
const CODES: Readonly<Record<string, number>> = { Tab: 9, Enter: 13, Escape: 27, ' ': 32 }

/** The demo's chat page as somebody uses it: keys, pointer and input method by the browser's own events. */
export interface ChatPage {
  readonly page: Page
  write(text: string): Promise<void>
  /** A key in whatever has the focus. */
  press(key: string, modifier?: keyof typeof MODIFIERS): Promise<void>
  /** Goes on with Tab until something of this name has the focus. */
  tabTo(name: string): Promise<void>
  /** Presses the first button or link in sight that has this name. */
  tap(name: string, which?: 'first' | 'last'): Promise<void>
  draft(): Promise<string>
  /** Resolves when something in the page matches. */
  has(selector: string): Promise<unknown>
  /** The text of everything that matches, as it is shown. */
  texts(selector: string): Promise<string[]>
  /** Resolves when no answer is being written. */
  idle(): Promise<unknown>
  close(): Promise<void>
}

export async function openChatPage(browser: Browser, url: string, viewport = DESKTOP): Promise<ChatPage> {
  const page = await browser.newPage()
  await page.setViewport(viewport)
  await page.send('Emulation.setUserAgentOverride', {
    userAgent: `Mozilla/5.0 (X11; Linux x86_64) Chrome/126 ${viewport.mobile ? 'Mobile ' : ''}Safari/537.36`,
    acceptLanguage: 'zh-CN',
  })
  await page.goto(url)
  // Tabs of one browser share what is stored.
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await page.waitFor(() => document.querySelector('.chat-composer__input textarea') !== null)

  const texts = (selector: string) =>
    page.evaluate(
      (wanted: string) => [...document.querySelectorAll<HTMLElement>(wanted)].map((one) => one.innerText),
      selector,
    )
  async function press(key: string, modifier?: keyof typeof MODIFIERS) {
    const text = key === 'Enter' ? '\r' : key === ' ' ? ' ' : ''
    const event = {
      key,
      code: key === ' ' ? 'Space' : key,
      windowsVirtualKeyCode: CODES[key],
      modifiers: modifier ? MODIFIERS[modifier] : 0,
    }
    await page.send('Input.dispatchKeyEvent', { ...event, type: text ? 'keyDown' : 'rawKeyDown', text })
    await page.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
  }

  return {
    page,
    texts,
    write: (text) => page.type('.chat-composer__input', text),
    press,
    async tabTo(name) {
      for (let step = 0; step < 60; step++) {
        await press('Tab')
        const found = await page.evaluate((wanted: string) => {
          const { activeElement: active } = document
          if (active === document.body || !active) return false
          return `${active.getAttribute('aria-label') ?? ''} ${active.textContent}`.includes(wanted)
        }, name)
        if (found) return
      }
      throw new Error(`Tab does not reach ${name}`)
    },
    async tap(name, which = 'first') {
      const point = (await page.waitFor(
        (wanted: string, last: boolean) => {
          // What still moves is missed.
          if (document.getAnimations().some((one) => one instanceof CSSTransition)) return undefined
          const all = [...document.querySelectorAll<HTMLElement>('[role=button],[role=link]')]
          const isNamed = (one: HTMLElement) =>
            `${one.getAttribute('aria-label') ?? ''} ${one.innerText}`.includes(wanted)
          const isSeen = (one: HTMLElement) => one.checkVisibility({ visibilityProperty: true })
          const named = all.filter((one) => isNamed(one) && isSeen(one))
          const found = named[last ? named.length - 1 : 0]
          if (!found) return undefined
          found.scrollIntoView({ block: 'nearest' })
          const { left, top, width, height } = found.getBoundingClientRect()
          const middle = { x: left + width / 2, y: top + height / 2 }
          const hit = document.elementFromPoint(middle.x, middle.y)
          return hit && (found.contains(hit) || hit.contains(found)) ? middle : undefined
        },
        { what: `${name} to be pressed` },
        name,
        which === 'last',
      )) as { x: number; y: number }
      if (!viewport.mobile) return page.clickAt(point)
      const touchPoints = [point]
      await page.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
      await page.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    },
    draft: () =>
      page.evaluate(
        () => document.querySelector<HTMLTextAreaElement>('.chat-composer__input textarea')!.value,
      ),
    has: (selector) =>
      page.waitFor((wanted: string) => document.querySelector(wanted) !== null, { what: selector }, selector),
    idle: () => page.waitFor(() => document.querySelector('.chat-composer__send--stop') === null),
    close: () => page.close(),
  }
}
