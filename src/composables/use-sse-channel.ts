import { tryOnScopeDispose } from '@vueuse/core'
import { getCurrentScope, toValue, type MaybeRefOrGetter } from 'vue'
import type { Background } from '../core/session.js'
import type { Source } from '../core/source.js'
import { inspectOptions } from '../development/inspect-options.js'
import type { Decoder } from '../decoders/decoder.js'
import { uiMessageStream } from '../decoders/ui-message-stream.js'
import { platformLifecycle } from '../platform/platform-lifecycle.js'
import { systemClock } from '../platform/system-clock.js'
import { createChannel, type Channel } from '../run/channel.js'
import { useChannelStore } from '../stores/channels.js'
import { httpSource } from '../transports/http-source.js'
import { injectChannelDefaults } from './channel-defaults.js'
import { checkOptions, OPTION_NAMES } from './check-options.js'
import { asleep, isServerRendering } from './server-rendering.js'
import { createPolicy, type ReconnectOptions, type TimeoutOptions } from '../run/policy.js'

export interface UseSSEChannelOptions {
  /** The base of the server's routes. Default `/api/chat`, which works on H5 only: elsewhere it must be absolute. */
  readonly url?: MaybeRefOrGetter<string>
  /** Sent with every request; a getter is asked each time. */
  readonly headers?: MaybeRefOrGetter<Readonly<Record<string, string>>>
  /** Another kind of server, instead of `url` and `headers`. */
  readonly source?: Source
  /**
   * A channel with a key is shared by all pages that name it and outlives the page that started it; its other
   * options are those of its first user. Without a key it belongs to this scope and stops with it.
   */
  readonly key?: string
  /** The server's format. Default: UI message stream v1, which passes plain JSON too. */
  readonly decoder?: Decoder
  readonly reconnect?: ReconnectOptions
  readonly timeouts?: TimeoutOptions
  /** What going to the background does. Default `resume`. */
  readonly background?: Background
}

export type UseSSEChannelReturn = Omit<Channel, 'key'>

let anonymous = 0

/**
 * An answer that streams: what arrived so far as refs, and what can be done with it.
 * While a server renders the page nothing is sent: `start()` and its like resolve at once, with `stopped`.
 * @throws {ChannelError} BAD_OPTIONS
 * @example const { text, status, start, stop } = useSSEChannel({ url: 'https://api.example.com/chat' })
 */
export function useSSEChannel(options: UseSSEChannelOptions = {}): UseSSEChannelReturn {
  const defaults = injectChannelDefaults()
  const own = withoutUndefined(options)
  checkOptions(own)
  const { key, ...merged } = { ...defaults, ...own }
  // An address of its own is another server than the app's.
  const given = own.source ?? (own.url === undefined ? defaults.source : undefined)
  inspectOptions({ key, options: own, known: OPTION_NAMES, scoped: getCurrentScope() !== undefined })
  const policy = createPolicy(merged.reconnect, merged.timeouts)
  const name = key ?? `scope:${++anonymous}`

  const create = () =>
    createChannel({
      key: name,
      source:
        given ??
        httpSource({
          url: () => toValue(merged.url) ?? '/api/chat',
          headers: () => toValue(merged.headers) ?? {},
        }),
      decoder: merged.decoder ?? uiMessageStream,
      policy,
      background: merged.background ?? 'resume',
      lifecycle: platformLifecycle(),
      clock: systemClock,
    })

  if (isServerRendering()) return asleep(create())
  const store = useChannelStore()
  const channel = store.ensure(name, create)
  if (key === undefined) tryOnScopeDispose(() => store.remove(name))
  return channel
}

/** An option that is undefined is none, and leaves the app's. */
function withoutUndefined(options: UseSSEChannelOptions): UseSSEChannelOptions {
  const entries = Object.entries(options) as [string, unknown][]
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
