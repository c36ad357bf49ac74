import type { Conversations } from '../conversations/conversations.js'
import type { Authorize } from '../access/authorize.js'
import { ChannelError } from '../../core/channel-error.js'
import { checkBucket, type Bucket } from '../limits/rate-limiter.js'
import type { CorsPolicy } from './cors.js'
import { checkOrigins } from './origin.js'
import type { Start, StartRequest } from './start.js'

/** What a handler refuses, and when a connection is ended. Each may be left out. */
export interface HandlerLimits {
  /** Size of a request body. Default 1 MiB; `Infinity` switches it off. */
  readonly maxBodyBytes?: number
  /** Time for a request body to arrive, in milliseconds. Default 10,000; `Infinity` switches it off. */
  readonly bodyTimeoutMs?: number
  /**
   * Unsent bytes of one connection. Beyond it is cut; its client reads on from its cursor, so nothing is lost.
   * Default 1 MiB; `Infinity` switches it off.
   */
  readonly maxPendingBytes?: number
  /**
   * Age at which a stream or a socket is ended in order, in milliseconds, a tenth more or less by chance; its client
   * reads on from its cursor. It spreads clients over new nodes. Default 3,600,000; `Infinity` switches it off.
   */
  readonly maxConnectionMs?: number
  /** Requests of one user, or of one address where no user is named. Default: any number. */
  readonly requests?: Bucket
}

/** What every kind of handler takes. */
export interface HandlerOptions {
  /** Where the routes begin, `/api/chat`. Default `/`, for a router that has cut the path already. */
  readonly basePath?: string
  /**
   * Reads a request and says what to run; it must not begin the work itself, since a repeated POST only attaches.
   * Throw a ChannelError to refuse: `BAD_REQUEST`, `UNAUTHORIZED`, `FORBIDDEN`, `RATE_LIMITED`…
   */
  readonly start: (request: StartRequest) => Start | Promise<Start>
  /**
   * Says who asks. Then a channel whose `metadata.userId` is set is that user's alone.
   * Default: whoever knows an id may read and stop; nobody may send or list.
   */
  readonly authorize?: Authorize
  /**
   * Of the same hub: `createConversations(hub, { store })`. Then starts that name a conversation belong to it, and it has
   * routes of its own. Needs `authorize`, and a user to be named: conversations are somebody's.
   */
  readonly conversations?: Conversations
  readonly cors?: CorsPolicy
  /** Silence after which a comment is sent, in milliseconds. Default 15,000; `Infinity` switches it off. */
  readonly heartbeatMs?: number
  /** The pause before a reconnect that clients are asked for, in milliseconds. Default: theirs. */
  readonly retryMs?: number
  readonly limits?: HandlerLimits
}

/** `HandlerOptions` with their defaults. @throws {ChannelError} BAD_OPTIONS */
export function settingsOf(options: HandlerOptions) {
  const { start, authorize, conversations, cors = [], heartbeatMs = 15_000, retryMs, limits = {} } = options
  const { maxBodyBytes = 1024 * 1024, bodyTimeoutMs = 10_000, maxPendingBytes = 1024 * 1024 } = limits
  const { maxConnectionMs = 3_600_000, requests } = limits
  const positive = { heartbeatMs, maxBodyBytes, bodyTimeoutMs, maxPendingBytes, maxConnectionMs }
  for (const [name, value] of Object.entries(positive))
    if (!(value > 0))
      throw new ChannelError('BAD_OPTIONS', `${name} is a number above 0; Infinity switches it off.`)
  return {
    base: (options.basePath ?? '/').replace(/\/+$/, ''),
    start,
    authorize,
    conversations,
    cors: cors === '*' ? cors : checkOrigins(cors),
    heartbeatMs,
    retryMs,
    body: { maxBytes: maxBodyBytes, timeoutMs: bodyTimeoutMs },
    maxPendingBytes,
    maxConnectionMs,
    requests: checkBucket(requests),
  }
}
