import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page, Viewport } from '../hosts/chromium/page.js'
import { startStaticServer } from '../hosts/static-server.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'

export interface PlayedPage {
  readonly page: Page
  close(): Promise<void>
}

interface View extends Partial<Viewport> {
  scheme?: 'light' | 'dark'
  reducedMotion?: boolean
}

/** Plays a text into the component on H5, in a tab of its own. Runs `prepare` in it before any script. */
export async function playOnH5(
  browser: Browser,
  order: PlayOrder,
  { scheme = 'light', reducedMotion = false, width = 375, height = 800, ...view }: View = {},
  prepare: () => void = () => undefined,
): Promise<PlayedPage> {
  const server = await startStaticServer({ folder: await buildPlayApp('h5') })
  const page = await browser.newPage()
  await page.setViewport({ width, height, ...view })
  await page.send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
    ],
  })
  await page.addInitScript(prepare)
  // As uni-app keeps an object.
  const stored = JSON.stringify({ type: 'object', data: order })
  await page.addInitScript((value: string) => localStorage.setItem('play', value), stored)
  await page.goto(`${server.url}/`)
  await page.waitFor(() => document.querySelector('.streaming-text') !== null)
  return {
    page,
    async close() {
      await page.close()
      await server.close()
    },
  }
}

/** Waits until no component of the page expects more. */
export const ended = ({ page }: PlayedPage) =>
  page.waitFor(
    () => document.querySelector('.streaming-text') !== null && !document.querySelector('[aria-busy=true]'),
    { timeoutMs: 120_000, what: 'the end of the text' },
  )
