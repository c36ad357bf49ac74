import type { ChannelError } from '../../core/channel-error.js'
import type { ErrorCode } from '../../core/error-codes.js'
import type { RunOutcome } from './run.js'

/**
 * What happens in a hub and its handlers, for logs and metrics. Never a payload, a header or a query, so never a token;
 * only `error.cause` may hold anything.
 * - `answer`: a request was answered, or its stream began. `route` is `none` for an address of nothing.
 * - `connect`, `disconnect`: a stream or socket came and went, with why it went.
 * - `run`: a run of this process is over; `moved`: another process goes on with it.
 * - `traceParent` is the trace that the request of a run or a reader belongs to, as it named it.
 * - `takeover`: this process goes on with a run of another, by the producer of this name.
 * - `error`: what `onError` hears, too.
 */
export type Signal =
  | {
      readonly kind: 'answer'
      readonly via: Wire
      readonly route: string
      readonly method: string
      readonly status: number
      readonly channelId: string | undefined
      readonly durationMs: number
    }
  | { readonly kind: 'connect'; readonly via: Wire; readonly channelId: string }
  | {
      readonly kind: 'disconnect'
      readonly via: Wire
      readonly channelId: string
      readonly reason: CloseReason
      readonly durationMs: number
      readonly traceParent: string | undefined
    }
  | {
      readonly kind: 'run'
      readonly channelId: string
      readonly outcome: RunOutcome
      /** Of an `error`. */
      readonly code: ErrorCode | undefined
      /** What its producer gave in this process. */
      readonly events: number
      readonly bytes: number
      readonly durationMs: number
      readonly traceParent: string | undefined
    }
  | { readonly kind: 'takeover'; readonly channelId: string; readonly name: string }
  | { readonly kind: 'error'; readonly channelId: string | undefined; readonly error: ChannelError }

/** Over which kind of connection a reader is served. */
export type Wire = 'http' | 'fetch' | 'socket'

/**
 * - `ended`: the channel's last event was sent, or it is gone.
 * - `client`: the client went.
 * - `slow`: it read so slowly that its bound was reached.
 * - `age`: the connection was as old as one may be, or its credentials expired; the client reads on.
 * - `shutdown`: the server goes; the client reads on elsewhere.
 * - `failed`: the channel could not be read.
 */
export type CloseReason = 'ended' | 'client' | 'slow' | 'age' | 'shutdown' | 'failed'

/** Must not throw. */
export type Observer = (signal: Signal) => void
