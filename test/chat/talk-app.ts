import { buildWithComponents } from '../streaming-text/build-app.js'
import type { BuildPlatform } from '../hosts/build.js'
import type { Browser } from '../hosts/chromium/launch-chromium.js'
import { createMiniProgram } from '../hosts/mini-program/create-mini-program.js'
import { waitForCondition } from '../hosts/wait-for-condition.js'
import type { TalkServer } from './talk-server.js'

type Button = 'send' | 'edit' | 'former' | 'output' | 'approve' | 'stop'

/** The app of `app/`, compiled, as a person has it in hand. */
export interface TalkApp {
  /** What it shows, a line for each message. */
  lines(): Promise<readonly string[]>
  /** Messages that wait. */
  queue(): Promise<string>
  type(text: string): Promise<void>
  /** What is in its field. */
  typed(): Promise<string>
  press(button: Button): Promise<void>
  setOffline(isOffline: boolean): Promise<void>
  /** Everything it has stored. */
  stored(): Promise<string>
  waitFor(what: string, condition: () => Promise<boolean>): Promise<void>
  /** Ends it, with nothing done by it that the system does not let an app do. */
  kill(): Promise<void>
  errors(): readonly string[]
}

export const buildTalkApp = (platform: BuildPlatform) => buildWithComponents('test/chat/app', platform)

const LIMIT_MS = 60_000

/** A tab. What it stores is there for the next tab of this browser. */
export async function openTab(browser: Browser, server: TalkServer): Promise<TalkApp> {
  const page = await browser.newPage()
  await page.goto(`${server.url}/#/pages/talk/talk`)
  await page.waitFor(() => document.querySelector('.talk') !== null)
  const app: TalkApp = {
    lines: () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.talk__message')].map((line) => line.textContent ?? ''),
      ),
    queue: () => page.evaluate(() => document.querySelector('.talk__queue')?.textContent ?? ''),
    async type(text) {
      await page.show()
      await page.type('.talk__input', text)
      await page.waitFor(
        (wanted: string) => document.querySelector('.talk__typed')?.textContent === wanted,
        {},
        text,
      )
    },
    typed: () =>
      page.evaluate(() => document.querySelector<HTMLInputElement>('.talk__input input')?.value ?? '?'),
    async press(button) {
      await page.show()
      await page.click(`.talk__${button}`)
    },
    setOffline: (isOffline) => page.setOffline(isOffline),
    stored: () => page.evaluate(() => JSON.stringify({ ...localStorage })),
    waitFor: (what, condition) =>
      waitForCondition(condition, {
        what,
        timeoutMs: LIMIT_MS,
        report: async () => `${await page.text()}\n${page.errors.join('\n')}`,
      }).then(() => undefined),
    kill: () => page.close(),
    errors: () => page.errors,
  }
  return app
}

/** A phone whose mini program is launched again and again. */
export function createTalkPhone(folder: string, server: TalkServer) {
  let storage: Record<string, unknown> = { server: server.url }
  return async function open(): Promise<TalkApp> {
    const host = createMiniProgram(folder, { storage })
    await host.start('pages/talk/talk')
    await host.waitFor(() => host.find('.talk__status').textContent !== '')
    return {
      lines: async () =>
        [...host.find('.talk').querySelectorAll('.talk__message')].map((line) => line.textContent ?? ''),
      queue: async () => host.text('.talk__queue'),
      async type(text) {
        host.input('.talk__input', text)
        await host.waitFor(() => host.text('.talk__typed') === text)
      },
      typed: async () => host.text('.talk__typed'),
      press: async (button) => host.tap(`.talk__${button}`),
      setOffline: async (isOffline) => host.setNetwork(isOffline ? 'none' : 'wifi'),
      stored: async () => JSON.stringify(host.storage()),
      waitFor: (what, condition) =>
        host.waitFor(condition, { what, timeoutMs: LIMIT_MS }).then(() => undefined),
      async kill() {
        // What it would still write while it is taken down is not written on a phone.
        storage = host.storage()
        await host.close()
      },
      errors: () => host.errors,
    }
  }
}
