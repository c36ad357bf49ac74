/**
 * What somebody wants of a channel. `start` and `stop` are of runs, `write` is a message sent over HTTP, `admin` the
 * listing of all channels. `load` and `save` are of the conversations of whoever asks.
 */
export type Action = 'read' | 'write' | 'start' | 'stop' | 'admin' | 'load' | 'save'

/** What is known of who asks, the same for every kind of server. */
export interface AccessRequest {
  /** Names in lower case; values that came more than once are joined as Node joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** An EventSource and a WebSocket of a browser can set no header: their token comes here. */
  readonly query: URLSearchParams
  /** Of the other end of the connection, which may be a proxy. */
  readonly address: string | undefined
}

/** What somebody wants, and of which channel. */
export interface Wish {
  readonly action: Action
  /** Undefined for `admin`, `load` and `save`. */
  readonly channelId: string | undefined
  /** Of `load` and `save`; absent for the list of all of a user's. */
  readonly chatId?: string
}

/** Who asks. */
export interface Identity {
  /** Only this user gets at channels whose `metadata.userId` is set. Runs they start are theirs. */
  readonly userId?: string
  /**
   * Which channels they get at. `owner`: those that name them in `metadata.userId`. `user`: those that name nobody, too.
   * `operator`: all, and the list of them. Default `user`.
   */
  readonly role?: 'owner' | 'user' | 'operator'
  /** When what they showed expires, in milliseconds since 1970: their streams end then. Default: never. */
  readonly expiresAt?: number
}

/**
 * Says who asks, or throws. Channels that name no owner are read, stopped and written by all whom it lets in: look at
 * the action and the id where that is too many.
 *
 * Asked at every request, before anything is looked up: each reconnect, each poll, each stop.
 * @throws {ChannelError} UNAUTHORIZED (nobody is named), FORBIDDEN (somebody is who may not)
 */
export type Authorize = (request: AccessRequest, wish: Wish) => Identity | Promise<Identity>
