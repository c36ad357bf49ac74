import { buildDemo } from '../hosts/build.js'
import type { MiniProgramOptions } from '../hosts/mini-program/host-options.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'
import type { ChatApi } from './chat-api.js'
import type { ChatApp } from './chat-app.js'

export interface WeixinApp extends ChatApp {
  readonly host: MiniProgram
}

/** The API alone: a mini program brings its own pages. */
export const serveApi = (api: ChatApi): Promise<StaticServer> => startStaticServer({ api: api.handle })

export async function openWeixin(server: StaticServer, options: MiniProgramOptions = {}): Promise<WeixinApp> {
  const host = createMiniProgram(await buildDemo('mp-weixin'), {
    ...options,
    storage: { 'demo-server': server.url, ...options.storage },
  })
  await host.start()

  const tap = async (selector: string) => {
    await host.waitFor(() => host.find(selector))
    host.tap(selector)
  }
  const at = (path: string) => host.waitFor(() => host.pages.at(-1)?.path === path)

  return {
    host,
    async ask(prompt) {
      host.input('.chat__input', prompt)
      await tap('.chat__send:not(.chat__send--off)')
    },
    stop: () => tap('.streaming-text__stop'),
    retry: () => tap('.streaming-text__retry'),
    shown: async () => lastText(host, '.streaming-text__body'),
    text: async () => host.text(),
    async stored() {
      const saved = host.apiCalls.filter(
        ({ name, args }) => name === 'setStorageSync' && args[0] === 'demo-conversation',
      )
      return (saved.at(-1)?.args[1] as { answer: string; status: string }[] | undefined)?.at(-1)
    },
    async openChannels() {
      await tap('.chat__tool--channels')
      await at('pages/channels/channels')
    },
    stopFromChannels: () => tap('.channels__stop'),
    async back() {
      host.back()
      await at('pages/chat/chat')
    },
    async reopenChat() {
      host.relaunch('pages/channels/channels')
      await at('pages/channels/channels')
      host.relaunch('pages/chat/chat')
      await at('pages/chat/chat')
    },
    errors: () => host.errors,
    waitFor: (condition, wait) => host.waitFor(condition, wait),
    close: () => host.close(),
  }
}

function lastText(host: MiniProgram, selector: string): string {
  const bodies = host.find('.chat').querySelectorAll(selector)
  return bodies[bodies.length - 1]?.textContent ?? ''
}
