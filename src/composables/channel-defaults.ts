import { inject, hasInjectionContext, type App, type InjectionKey } from 'vue'
import { rememberApp } from '../stores/app-pinia.js'
import { checkOptions } from './check-options.js'
import type { UseSSEChannelOptions } from './use-sse-channel.js'

/** What every channel of an app has in common. */
export type ChannelDefaults = Omit<UseSSEChannelOptions, 'key'>

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
