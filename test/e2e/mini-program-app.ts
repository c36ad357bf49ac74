import { buildDemo } from '../hosts/build.js'
import type { MiniProgramOptions } from '../hosts/mini-program/host-options.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'
import type { ChatApi } from './chat-api.js'
import { newestExchange, type PhoneApp } from './chat-app.js'
import type { Platform } from './stage.js'

export interface MiniProgramApp extends PhoneApp {
  readonly host: MiniProgram
}

/** The API alone: a mini program brings its own pages. */
export const serveApi = (api: ChatApi): Promise<StaticServer> => startStaticServer({ api: api.handle })

/** The API with WebSocket, for platforms that give bodies whole. */
export const serveSockets = (api: ChatApi): Promise<StaticServer> =>
  startStaticServer({ api: api.handle, upgrade: api.upgrade })

/** The demo as compiled for one vendor's mini programs. */
export const miniProgram = (
  options: MiniProgramOptions,
  serve: Platform<MiniProgramApp>['serve'] = serveApi,
): Platform<MiniProgramApp> => ({
  prepare: () => buildFor(options),
  serve,
  open: (server) => openMiniProgram(server, options),
})

const buildFor = ({ platform = 'weixin' }: MiniProgramOptions) => buildDemo(`mp-${platform}`)

/** Opens the demo as compiled for `options.platform`, by default WeChat. */
async function openMiniProgram(server: StaticServer, options: MiniProgramOptions): Promise<MiniProgramApp> {
  const host = createMiniProgram(await buildFor(options), {
    ...options,
    storage: { 'demo-server': server.url, ...options.storage },
  })
  await host.start('pages/channels/channels')

  const tap = async (selector: string) => {
    await host.waitFor(() => host.find(selector))
    host.tap(selector)
  }
  const at = (path: string) => host.waitFor(() => host.pages.at(-1)?.path === path)

  const app: MiniProgramApp = {
    host,
    phone: {
      hide: async (given) => host.hide(given),
      show: async () => host.show(),
      setNetwork: async (type) => host.setNetwork(type),
    },
    async ask(prompt) {
      // Douyin's runtime gives a component its data only when it is ready: until then nobody hears what is typed.
      await host.waitFor(() => host.find('.chat-composer__send'))
      host.input('.chat-composer__input', prompt)
      await tap('.chat-composer__send:not(.chat-composer__send--off)')
      await app.waitFor(async () => (await app.stored())?.prompt === prompt, { what: 'the question' })
    },
    stop: () => tap('.streaming-text__stop'),
    retry: () => tap('.streaming-text__retry'),
    regenerate: () => tap('.message-actions__button--regenerate'),
    shown: async () => lastText(host, '.streaming-text__body'),
    text: async () => host.text(),
    stored: async () => newestExchange((key) => host.stored(key)),
    async enterChat() {
      host.navigateTo('pages/chat/chat')
      await at('pages/chat/chat')
      // Douyin's runtime gives a page its data only when it is ready.
      await host.waitFor(() => host.text('.chat__title') !== '')
    },
    async leaveChat() {
      host.back()
      await at('pages/channels/channels')
    },
    stopFromChannels: () => tap('.channels__stop'),
    errors: () => host.errors,
    waitFor: (condition, wait) => host.waitFor(condition, wait),
    close: () => host.close(),
  }
  await app.enterChat()
  return app
}

/** Without the markers of lists, which are no text of the answer. */
function lastText(host: MiniProgram, selector: string): string {
  const body = [...host.find('.chat').querySelectorAll(selector)].at(-1)?.cloneNode(true) as
    Element | undefined
  for (const rail of body?.querySelectorAll('.st-rail') ?? []) rail.remove()
  return body?.textContent ?? ''
}
