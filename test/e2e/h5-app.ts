import { buildDemo } from '../hosts/build.js'
import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'
import { waitForCondition } from '../hosts/wait-for-condition.js'
import type { ChatApi } from './chat-api.js'
import type { ChatApp } from './chat-app.js'

export interface H5App extends ChatApp {
  readonly page: Page
}

/** Serves the built H5 demo with the API on its own origin. */
export async function serveH5(api: ChatApi): Promise<StaticServer> {
  return startStaticServer({ folder: await buildDemo('h5'), api: api.handle })
}

export async function openH5(browser: Browser, server: StaticServer): Promise<H5App> {
  const page = await browser.newPage()
  await page.goto(`${server.url}/`)
  await page.waitFor(() => document.querySelector('.chat__input textarea') !== null)

  const click = async (selector: string) => {
    await page.waitFor((wanted: string) => document.querySelector(wanted) !== null, {}, selector)
    await page.click(selector)
  }
  const at = async (path: string) => {
    await page.waitFor((wanted: string) => location.hash.includes(wanted), {}, path)
  }

  return {
    page,
    async ask(prompt) {
      await page.type('.chat__input', prompt)
      await click('.chat__send:not(.chat__send--off)')
    },
    stop: () => click('.streaming-text__stop'),
    retry: () => click('.streaming-text__retry'),
    shown: () =>
      page.evaluate(() => [...document.querySelectorAll('.streaming-text__body')].at(-1)?.textContent ?? ''),
    text: () => page.text(),
    stored: () =>
      page.evaluate(() => {
        const { data } = JSON.parse(localStorage.getItem('demo-conversation') ?? '{"data":[]}') as {
          data: { answer: string; status: string }[]
        }
        return data.at(-1)
      }),
    async openChannels() {
      await click('.chat__tool--channels')
      await at('channels')
    },
    stopFromChannels: () => click('.channels__stop'),
    async back() {
      await page.evaluate(() => history.back())
      await page.waitFor(() => !location.hash.includes('channels'))
    },
    async reopenChat() {
      await page.evaluate(() => {
        const { uni } = window as unknown as { uni: { reLaunch(options: { url: string }): void } }
        uni.reLaunch({ url: '/pages/channels/channels' })
      })
      await at('channels')
      await page.evaluate(() => {
        const { uni } = window as unknown as { uni: { reLaunch(options: { url: string }): void } }
        uni.reLaunch({ url: '/pages/chat/chat' })
      })
      await page.waitFor(() => document.querySelector('.chat__input textarea') !== null)
    },
    errors: () => page.errors,
    waitFor: (condition, options) =>
      waitForCondition(condition, {
        ...options,
        report: async () => `${await page.text()}\n${page.errors.join('\n')}`,
      }),
    close: () => page.close(),
  }
}
