import type { MaybeRefOrGetter } from 'vue'
import type { Background } from '../core/session.js'
import type { Source } from '../core/source.js'
import type { Decoder } from '../decoders/decoder.js'
import type { RequestHeaders } from '../transports/http-source.js'
import type { ReconnectOptions, TimeoutOptions } from './policy.js'

/** What `useSSEChannel()` takes. All of it may be set once for the app by `createSSEChannel()`. */
export interface UseSSEChannelOptions {
  /** The base of the server's routes. Default `/api/chat`, which works on H5 only: elsewhere it must be absolute. */
  readonly url?: MaybeRefOrGetter<string>
  /** Sent with every request; a getter is asked each time, and what it promises is waited for. */
  readonly headers?: MaybeRefOrGetter<RequestHeaders | Promise<RequestHeaders>>
  /** Cookies to other origins too. Default: to the page's own only. */
  readonly withCredentials?: boolean
  /** Another kind of server, instead of `url` and `headers`. */
  readonly source?: Source
  /**
   * A channel with a key is shared by all pages that name it and outlives the page that started it; its other
   * options are those of its first user. Without a key it belongs to this scope and stops with it.
   */
  readonly key?: string
  /**
   * How long a channel that no page shows any more is kept after its run, in milliseconds: with it goes what was said
   * in it. Default 1,800,000: half an hour; `Infinity` keeps it as long as the app lives.
   */
  readonly keepMs?: number
  /** The server's format. Default: UI message stream v1, which passes plain JSON too. */
  readonly decoder?: Decoder
  readonly reconnect?: ReconnectOptions
  readonly timeouts?: TimeoutOptions
  /** What going to the background does. Default `resume`. */
  readonly background?: Background
}

/** What every channel of an app has in common. */
export type ChannelDefaults = Omit<UseSSEChannelOptions, 'key'>
