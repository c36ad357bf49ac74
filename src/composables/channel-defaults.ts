import { inject, hasInjectionContext, type App, type InjectionKey } from 'vue'
import { rememberApp } from '../stores/app-pinia.js'
import type { ChannelDefaults } from '../run/channel-settings.js'
import { checkOptions } from './check-options.js'

const defaultsKey: InjectionKey<ChannelDefaults> = Symbol('uni-sse-channel')

/**
 * Vue plugin: the options every `useSSEChannel` of this app starts from.
 * @throws {ChannelError} BAD_OPTIONS
 * @example app.use(createSSEChannel({ url: 'https://api.example.com/chat', headers: () => ({ authorization: token() }) }))
 */
export function createSSEChannel(defaults: ChannelDefaults): { install(app: App): void } {
  checkOptions(defaults)
  return {
    install(app) {
      rememberApp(app)
      app.provide(defaultsKey, defaults)
    },
  }
}

export function injectChannelDefaults(): ChannelDefaults {
  return hasInjectionContext() ? inject(defaultsKey, {}) : {}
}
