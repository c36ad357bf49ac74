import {
  createClient,
  createCluster,
  createSentinel,
  type RedisClientOptions,
  type RedisClusterOptions,
  type RedisSentinelOptions,
} from 'redis'
import { ChannelError } from '../../../core/channel-error.js'

/**
 * A client of the package `redis`, not connected: of `createClient`, `createSentinel` or `createCluster`. What is used
 * of it; its own types bring the commands of every Redis module into ours.
 */
export interface RedisClient {
  on(event: 'error', listener: (cause: unknown) => void): unknown
  connect(): Promise<unknown>
  destroy(): unknown
}

/**
 * - `redis://user:password@host:port/db` (`rediss://` for TLS), or what `createClient` takes: one Redis.
 * - What `createCluster` (`rootNodes`) or `createSentinel` (`sentinelRootNodes`) takes.
 * - A function that answers a new client, not connected, of one of these. It is called again whenever a connection is
 *   made anew.
 */
export type RedisConnection =
  | string
  | RedisClientOptions
  | Pick<RedisClusterOptions, 'rootNodes' | 'defaults' | 'nodeAddressMap'>
  | Pick<RedisSentinelOptions, 'name' | 'sentinelRootNodes' | 'nodeClientOptions' | 'sentinelClientOptions'>
  | (() => RedisClient)

type Listener = (message: string, channel: string) => void

/** A client, whatever it is a client of. */
export interface Link {
  readonly kind: 'one' | 'sentinel' | 'cluster'
  connect(): Promise<unknown>
  /** @param key decides where it goes in a cluster */
  send(key: string, command: readonly string[]): Promise<unknown>
  /** In a cluster all of one slot. */
  subscribe(channels: readonly string[], listener: Listener): Promise<unknown>
  unsubscribe(channels: readonly string[]): Promise<unknown>
  close(): void
}

interface One extends RedisClient {
  sendCommand(command: readonly string[]): Promise<unknown>
  subscribe(channels: readonly string[], listener: Listener): Promise<unknown>
  unsubscribe(channels: readonly string[]): Promise<unknown>
}

interface Sentinel extends Omit<One, 'sendCommand'> {
  sendCommand(readOnly: boolean, command: readonly string[]): Promise<unknown>
  getSentinelNode(): unknown
}

interface Cluster extends RedisClient {
  sendCommand(key: string, readOnly: boolean, command: readonly string[]): Promise<unknown>
  sSubscribe(channels: readonly string[], listener: Listener): Promise<unknown>
  sUnsubscribe(channels: readonly string[]): Promise<unknown>
  getSlotRandomNode(slot: number): unknown
}

type AnyClient = One | Sentinel | Cluster

const isCluster = (client: AnyClient): client is Cluster => 'getSlotRandomNode' in client
const isSentinel = (client: AnyClient): client is Sentinel => 'getSentinelNode' in client

/**
 * A function that makes links; each is closed once. `onTrouble` hears what a client of one Redis says of its loss.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function linksOf(connection: RedisConnection): (onTrouble: (cause: unknown) => void) => Link {
  if (!connection)
    throw new ChannelError(
      'BAD_OPTIONS',
      "connection is missing: pass 'redis://host:port', or what createClient() of the package redis takes.",
    )
  return (onTrouble) => wrap(open(connection) as AnyClient, onTrouble)
}

function open(connection: RedisConnection): RedisClient {
  if (typeof connection === 'function') return connection()
  const options = typeof connection === 'string' ? { url: connection } : connection
  if ('rootNodes' in options) return createCluster({ ...options, RESP: 2 }) as unknown as RedisClient
  if ('sentinelRootNodes' in options) return createSentinel({ ...options, RESP: 2 }) as unknown as RedisClient
  return createClient({
    ...options,
    RESP: 2,
    // Kept and tried again by us, in order and with a bound.
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, ...options.socket, reconnectStrategy: false },
  }) as unknown as RedisClient
}

function wrap(client: AnyClient, onTrouble: (cause: unknown) => void): Link {
  let closed = false
  // Those of many servers find their way themselves; what they say meanwhile is of one of them.
  const ours = isCluster(client) || isSentinel(client) ? () => undefined : onTrouble
  client.on('error', (cause) => {
    if (!closed) ours(cause)
  })
  return {
    kind: isCluster(client) ? 'cluster' : isSentinel(client) ? 'sentinel' : 'one',
    connect: () => client.connect(),
    send(key, command) {
      if (isCluster(client)) return client.sendCommand(key, false, command)
      return isSentinel(client) ? client.sendCommand(false, command) : client.sendCommand(command)
    },
    subscribe: (channels, listener) =>
      isCluster(client) ? client.sSubscribe(channels, listener) : client.subscribe(channels, listener),
    unsubscribe: (channels) =>
      isCluster(client) ? client.sUnsubscribe(channels) : client.unsubscribe(channels),
    close() {
      if (closed) return
      closed = true
      // It throws, or rejects, when it was never open.
      void Promise.resolve()
        .then(() => client.destroy())
        .catch(() => undefined)
    },
  }
}

/** What kind of client it is: one that is never connected tells. */
export function kindOf(open: ReturnType<typeof linksOf>): Link['kind'] {
  const link = open(() => undefined)
  link.close()
  return link.kind
}
