import type { AppOptions } from '../hosts/app/app-options.js'
import { launchApp, type AppPage } from '../hosts/app/launch-app.js'
import { buildDemo, type BuildPlatform } from '../hosts/build.js'
import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { StaticServer } from '../hosts/static-server.js'
import { newestExchange, type PhoneApp } from './chat-app.js'

export interface NativeApp extends PhoneApp {
  readonly host: AppPage
}

export interface OpenAppOptions extends AppOptions {
  /** Default `app`. */
  platform?: Extract<BuildPlatform, 'app' | 'app-harmony'>
  /** The page at the bottom of the stack. Default: the list, with the chat above it. */
  root?: 'channels' | 'chat'
}

const STOP = '.streaming-text__stop'
const REGENERATE = '.message-actions__button--regenerate'

export async function openApp(
  browser: Browser,
  server: StaticServer,
  { platform = 'app', root = 'channels', ...options }: OpenAppOptions = {},
): Promise<NativeApp> {
  const host = await launchApp(browser, await buildDemo(platform), {
    ...options,
    runtime: platform,
    storage: { 'demo-server': server.url, ...options.storage },
  })
  await host.start(`pages/${root}/${root}`)

  const at = (name: string) =>
    host.waitFor(async () => {
      const page = (await host.pages()).at(-1)
      // The page is in the stack before its view shows it.
      return page?.path === `pages/${name}/${name}` && (await host.count(`.${name}`)) > 0
    })

  const app: NativeApp = {
    host,
    phone: host,
    async ask(prompt) {
      await host.input('.chat-composer__input', prompt)
      await host.tap('.chat-composer__send:not(.chat-composer__send--off)')
      await app.waitFor(async () => (await app.stored())?.prompt === prompt, { what: 'the question' })
    },
    // The button moves while the text grows, so a press may miss it.
    stop: () =>
      host.waitFor(
        async () => {
          if ((await host.count(STOP)) > 0) await host.tap(STOP)
          return (await host.count(STOP)) === 0
        },
        // Longer than a tap waits for a button that has just gone.
        { what: 'the stop', timeoutMs: 90_000 },
      ) as Promise<unknown> as Promise<void>,
    retry: () => host.tap('.streaming-text__retry'),
    // The list still moves to the answer's end. A press that counts takes the button away.
    regenerate: () =>
      host.waitFor(
        async () => {
          if ((await host.count(REGENERATE)) > 0) await host.tap(REGENERATE)
          const isGone = async () => (await host.count(REGENERATE)) === 0
          return host.waitFor(isGone, { timeoutMs: 5_000 }).then(
            () => true,
            () => false,
          )
        },
        { what: 'another answer', timeoutMs: 90_000 },
      ) as Promise<unknown> as Promise<void>,
    // The numbers and bullets of lists are marks beside the text.
    shown: () => host.content('.streaming-text__body', '.st-rail'),
    text: () => host.text(),
    async stored() {
      const all = await host.allStored()
      return newestExchange((key) => all[key])
    },
    async enterChat() {
      await host.navigateTo('pages/chat/chat')
      await at('chat')
    },
    async leaveChat() {
      await host.back()
      await at('channels')
    },
    stopFromChannels: () => host.tap('.channels__stop'),
    errors: () => host.page.errors,
    waitFor: (condition, wait) => host.waitFor(condition, wait),
    close: () => host.close(),
  }
  if (root === 'channels') await app.enterChat()
  else await at('chat')
  return app
}
