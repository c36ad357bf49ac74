import { ChannelError } from '../../../core/channel-error.js'
import type { Bounds } from './channel-calls.js'
import type { Link, RedisConnection } from './redis-client.js'
import type { LogRetention } from '../shared/log-retention.js'

/** What `redisLog()` takes. */
export interface RedisLogOptions {
  /**
   * An address, options, or a function that answers a new client: for Sentinel and Redis Cluster. A list of these:
   * independent servers that channels are spread over, by the place of each in the list, which is the same on all nodes.
   */
  readonly connection: RedisConnection | readonly RedisConnection[]
  /** Of every key. Nodes of the same prefix are one cluster. Default `{uni-sse}:`. */
  readonly prefix?: string
  /**
   * Parts that channels are spread over, each with a hash tag of its own. The same on all nodes, and for as long as
   * there are channels. Default 1; on Redis Cluster 48, which 2, 3, 4, 6, 8, 12, 16, 24 or 48 masters share evenly; on a
   * list of servers 48, too.
   */
  readonly partitions?: number
  readonly retention?: LogRetention
  /** Appends of this time go to Redis together, in milliseconds. Default 4; 0 to 20. */
  readonly coalesceMs?: number
  /** Readers of a run whose process died hear of it within this time, in milliseconds. Default 10,000. */
  readonly leaseMs?: number
  /**
   * How long a run whose process died waits for one that can go on with it (`createHub({ resumable })`), in milliseconds,
   * before it ends as lost. Default 60,000.
   */
  readonly takeoverMs?: number
  /** How long appends and reads wait for a Redis that is away, in milliseconds, before they fail. Default 20,000. */
  readonly offlineMs?: number
  /** Bytes of events that wait for Redis in this process; beyond it appends fail. Default 32 MiB. */
  readonly maxPendingBytes?: number
  /**
   * Hears once of every outage (Redis is away, or can't be written), and when it refuses or throws keys away.
   * Default: a process warning. Must not throw.
   */
  readonly onError?: (error: ChannelError) => void
}

export interface RedisLogSettings {
  readonly prefix: string
  readonly partitions: number
  readonly bounds: Bounds
  /** In one partition. */
  readonly maxChannels: number
  /** Likewise. */
  readonly budgetBytes: number
  readonly coalesceMs: number
  readonly leaseMs: number
  readonly takeoverMs: number
  readonly offlineMs: number
  readonly silenceMs: number
  readonly maxPendingBytes: number
  readonly onError: (error: ChannelError) => void
}

const MANY_PARTITIONS = 48
const MAX_PARTITIONS = 1_024
/** A silent server is given this part of a lease before another connection is tried, so that the lease can be kept. */
const SILENCE_PART = 0.15
const SILENCE_MS = [500, 2_000] as const

/** @throws {ChannelError} BAD_OPTIONS */
export function settingsOf(options: RedisLogOptions, kind: Link['kind']): RedisLogSettings {
  const { maxEvents = 10_000, maxBytes = 4 * 1024 * 1024, maxAgeMs = 3_600_000 } = options.retention ?? {}
  const {
    maxChannels = 100_000,
    tombstoneMs = 86_400_000,
    maxTotalBytes = Infinity,
  } = options.retention ?? {}
  const { prefix = '{uni-sse}:', coalesceMs = 4, leaseMs = 10_000, offlineMs = 20_000 } = options
  const { maxPendingBytes = 32 * 1024 * 1024, onError = warn, takeoverMs = 60_000 } = options
  const isMany = kind === 'cluster' || Array.isArray(options.connection)
  const { partitions = isMany ? MANY_PARTITIONS : 1 } = options
  if (!(coalesceMs >= 0 && coalesceMs <= 20))
    throw new ChannelError('BAD_OPTIONS', 'coalesceMs is a number of milliseconds from 0 to 20.')
  if (!(leaseMs >= 500)) throw new ChannelError('BAD_OPTIONS', 'leaseMs is at least 500 milliseconds.')
  if (!(Number.isInteger(partitions) && partitions >= 1 && partitions <= MAX_PARTITIONS))
    throw new ChannelError('BAD_OPTIONS', `partitions is a whole number from 1 to ${MAX_PARTITIONS}.`)
  const [least, most] = SILENCE_MS
  return {
    prefix,
    partitions,
    bounds: { maxEvents, maxBytes, maxAgeMs, tombstoneMs },
    maxChannels: Math.ceil(maxChannels / partitions),
    budgetBytes: Math.ceil(maxTotalBytes / partitions),
    coalesceMs,
    leaseMs,
    takeoverMs,
    offlineMs,
    silenceMs: Math.min(most, Math.max(least, leaseMs * SILENCE_PART)),
    maxPendingBytes,
    onError,
  }
}

function warn(error: ChannelError) {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  process.emitWarning(`${error.code}: ${error.message}${cause}`, 'ChannelError')
}
