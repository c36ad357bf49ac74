import { ChannelError } from '../../../core/channel-error.js'
import type { LogRetention } from '../shared/log-retention.js'
import type { PostgresConnection } from './postgres-pool.js'
import { checkPrefix } from './statements.js'

/** Which database, and how long it keeps what. */
export interface PostgresLogOptions {
  /**
   * `postgres://user:password@host:port/database`, what `Pool` of the package `pg` takes, or a pool of yours. The log
   * keeps one connection for itself, to listen.
   */
  readonly connection: PostgresConnection
  /** Of every table and function: lower case letters, digits, `_`; with a schema in front, if one is to be. Default `uni_sse_log_`. */
  readonly prefix?: string
  /** What is kept, and for how long. As in `redisLog`. */
  readonly retention?: Omit<LogRetention, 'maxTotalBytes'>
  /** Appends of this time go to Postgres together, in milliseconds. Default 10; 0 to 50. */
  readonly coalesceMs?: number
  /** Readers of a run whose process died hear of it within this time, in milliseconds. Default 10,000. */
  readonly leaseMs?: number
  /** How long a run whose process died waits for one that can go on with it, in milliseconds. Default 60,000. */
  readonly takeoverMs?: number
  /** How long appends and reads wait for a Postgres that is away, in milliseconds, before they fail. Default 20,000. */
  readonly offlineMs?: number
  /** Bytes of events that wait for Postgres in this process; beyond it appends fail. Default 32 MiB. */
  readonly maxPendingBytes?: number
  /** Hears once of every outage. Default: a process warning. Must not throw. */
  readonly onError?: (error: ChannelError) => void
}

/** @throws {ChannelError} BAD_OPTIONS */
export function postgresSettings(options: PostgresLogOptions) {
  const { maxEvents = 10_000, maxBytes = 4 * 1024 * 1024, maxAgeMs = 3_600_000 } = options.retention ?? {}
  const { maxChannels = 100_000, tombstoneMs = 86_400_000 } = options.retention ?? {}
  const { coalesceMs = 10, leaseMs = 10_000, takeoverMs = 60_000, offlineMs = 20_000 } = options
  const { maxPendingBytes = 32 * 1024 * 1024, onError = warn } = options
  if (!(coalesceMs >= 0 && coalesceMs <= 50))
    throw new ChannelError('BAD_OPTIONS', 'coalesceMs is a number of milliseconds from 0 to 50.')
  if (!(leaseMs >= 500)) throw new ChannelError('BAD_OPTIONS', 'leaseMs is at least 500 milliseconds.')
  return {
    prefix: checkPrefix(options.prefix ?? 'uni_sse_log_'),
    bounds: [maxEvents, maxBytes, maxAgeMs, tombstoneMs].map((bound) => Math.min(FOREVER, Math.round(bound))),
    maxBytes,
    maxChannels: Math.min(FOREVER, maxChannels),
    tombstoneMs,
    ...{ coalesceMs, leaseMs, takeoverMs, offlineMs, maxPendingBytes, onError },
  }
}

/** Beyond every time in milliseconds, and still a number that Postgres takes. */
const FOREVER = 1e15

function warn(error: ChannelError) {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  process.emitWarning(`${error.code}: ${error.message}${cause}`, 'ChannelError')
}
