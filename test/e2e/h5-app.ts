import { buildDemo } from '../hosts/build.js'
import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import { pointOf } from '../hosts/chromium/point-of.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'
import { waitForCondition } from '../hosts/wait-for-condition.js'
import type { ChatApi } from './chat-api.js'
import { newestExchange, type ChatApp } from './chat-app.js'

export interface H5App extends ChatApp {
  readonly page: Page
}

/** Serves the built H5 demo with the API on its own origin. */
export async function serveH5(api: ChatApi): Promise<StaticServer> {
  return startStaticServer({ folder: await buildDemo('h5'), api: api.handle })
}

export async function openH5(browser: Browser, server: StaticServer): Promise<H5App> {
  const page = await browser.newPage()
  await page.goto(`${server.url}/#/pages/channels/channels`)
  await page.waitFor(() => document.querySelector('.channels') !== null)

  const click = async (selector: string) => {
    await page.waitFor((wanted: string) => document.querySelector(wanted) !== null, {}, selector)
    await page.click(selector)
  }
  const app: H5App = {
    page,
    async ask(prompt) {
      await page.type('.chat-composer__input', prompt)
      await click('.chat-composer__send:not(.chat-composer__send--off)')
      await app.waitFor(async () => (await app.stored())?.prompt === prompt, { what: 'the question' })
    },
    async stop() {
      // It stands below the text, which grows: as a person does, press again if it moved away.
      const isGone = () => document.querySelector('.streaming-text__stop') === null
      await page.waitFor(() => document.querySelector('.streaming-text__stop') !== null)
      await app.waitFor(
        async () => {
          // Not there any more, or moving.
          const point = await page.evaluate(pointOf, '.streaming-text__stop').catch(() => undefined)
          if (point) await page.clickAt(point)
          return page.waitFor(isGone, { timeoutMs: 1_000 }).catch(() => false)
        },
        { what: 'the stop', timeoutMs: 60_000 },
      )
    },
    retry: () => click('.streaming-text__retry'),
    regenerate: () => click('.message-actions__button--regenerate'),
    shown: () =>
      page.evaluate(() => [...document.querySelectorAll('.streaming-text__body')].at(-1)?.textContent ?? ''),
    text: () => page.text(),
    async stored() {
      const all = await page.evaluate(() => ({ ...localStorage }) as Record<string, string>)
      return newestExchange((key) => all[key])
    },
    async enterChat() {
      await page.evaluate(() => {
        location.hash = '#/pages/chat/chat'
      })
      await page.waitFor(() => document.querySelector('.chat-composer__input textarea') !== null)
    },
    async leaveChat() {
      await page.evaluate(() => history.back())
      await page.waitFor(() => document.querySelector('.chat') === null)
    },
    stopFromChannels: () => click('.channels__stop'),
    errors: () => page.errors,
    waitFor: (condition, options) =>
      waitForCondition(condition, {
        ...options,
        report: async () => `${await page.text()}\n${page.errors.join('\n')}`,
      }),
    close: () => page.close(),
  }
  await app.enterChat()
  return app
}
