import { tryOnScopeDispose } from '@vueuse/core'
import { getCurrentScope, toValue } from 'vue'
import { forUsers, forWeb, inPieces } from '../core/built-for.js'
import { inspectOptions } from '../development/inspect-options.js'
import { uiMessageStream } from '../decoders/ui-message-stream.js'
import { platformLifecycle } from '../platform/platform-lifecycle.js'
import { systemClock } from '../platform/system-clock.js'
import type { Channel } from '../run/channel.js'
import { createChannel } from '../run/create-channel.js'
import type { UseSSEChannelOptions } from '../run/channel-settings.js'
import { laterSource } from '../run/later-source.js'
import { createPolicy } from '../run/policy.js'
import { untracked } from '../run/untracked.js'
import { useChannelStore } from '../stores/channels.js'
import { httpSource, type HttpSourceOptions } from '../transports/http-source.js'
import { injectChannelDefaults } from './channel-defaults.js'
import { checkOptions, OPTION_NAMES } from './check-options.js'
import { asleep, isServerRendering } from './server-rendering.js'

/** Long enough to look something up elsewhere and come back, in milliseconds. */
const KEEP_MS = 30 * 60 * 1000

let anonymous = 0

/**
 * The channel behind a composable: the store's, or one that sends nothing while a server renders.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function useChannel(options: UseSSEChannelOptions): Channel {
  const defaults = injectChannelDefaults()
  const own = withoutUndefined(options)
  checkOptions(own)
  const { key, keepMs = KEEP_MS, ...merged } = { ...defaults, ...own }
  // An address of its own is another server than the app's.
  const given = own.source ?? (own.url === undefined ? defaults.source : undefined)
  if (!forUsers)
    inspectOptions({ key, options: own, known: OPTION_NAMES, scoped: getCurrentScope() !== undefined })
  const policy = createPolicy(merged.reconnect, merged.timeouts)
  const name = key ?? `scope:${++anonymous}`

  const server: HttpSourceOptions = {
    url: () => untracked(() => toValue(merged.url)) ?? '/api/chat',
    headers: () => untracked(() => toValue(merged.headers)) ?? {},
    withCredentials: merged.withCredentials,
  }

  const create = () =>
    createChannel({
      key: name,
      source: inPieces ? laterSource(given, server) : (given ?? httpSource(server)),
      decoder: merged.decoder ?? uiMessageStream,
      policy,
      background: merged.background ?? 'resume',
      lifecycle: platformLifecycle(),
      clock: systemClock,
    })

  // Written out, as bundlers do not look into functions: elsewhere nobody renders on a server.
  if (forWeb && isServerRendering()) return asleep(create())
  const store = useChannelStore()
  const channel = store.ensure(name, create, keepMs)
  // Made in a handler, it has no scope that could let it go: then only time does.
  if (getCurrentScope()) {
    const letGo = store.hold(name)
    tryOnScopeDispose(() => (key === undefined ? store.remove(name) : letGo()))
  }
  return channel
}

/** An option that is undefined is none, and leaves the app's. */
function withoutUndefined(options: UseSSEChannelOptions): UseSSEChannelOptions {
  const entries = Object.entries(options) as [string, unknown][]
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
