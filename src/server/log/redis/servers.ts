import { ChannelError } from '../../../core/channel-error.js'
import { createBus, type Bus, type BusOptions } from './bus.js'
import { createConnection, type Connection, type ConnectionOptions } from './connection.js'
import type { Partition } from './partitions.js'
import { placesOf } from './places.js'
import { kindOf, linksOf, type Link, type RedisConnection } from './redis-client.js'

type Open = ConnectionOptions['open']

export interface ServersOptions
  extends Omit<ConnectionOptions, 'open'>, Pick<BusOptions, 'onMessage' | 'onAgain'> {
  readonly opens: readonly Open[]
  readonly partitions: readonly Partition[]
}

/** One Redis (or what is one to its client: Sentinel, a cluster), or several that know nothing of each other. */
export interface Servers {
  /** Of the server that a partition is on. */
  connectionOf(partition: Partition): Connection
  busOf(partition: Partition): Bus
  /** Nothing is heard any more. */
  hangUp(): void
  close(): void
}

/** Each partition is on one server. */
export function createServers(options: ServersOptions): Servers {
  const { opens, partitions, troubles, silenceMs, onError, onMessage, onAgain } = options
  const servers = opens.map((open) => ({
    connection: createConnection({ ...options, open }),
    bus: createBus({
      ...{ open, silenceMs, onMessage, onAgain },
      onRefused: (cause) => onError(troubles.refused(cause)),
    }),
  }))
  const places = placesOf(partitions.length, servers.length)
  const serverOf = ({ index }: Partition) => servers[places[index] ?? 0] as (typeof servers)[0]

  return {
    connectionOf: (partition) => serverOf(partition).connection,
    busOf: (partition) => serverOf(partition).bus,
    hangUp: () => servers.forEach(({ bus }) => bus.close()),
    close: () => servers.forEach(({ connection }) => connection.close()),
  }
}

/**
 * @returns for each server what makes links to it
 * @throws {ChannelError} BAD_OPTIONS
 */
export function serversOf(connection: RedisConnection | readonly RedisConnection[]): readonly Open[] {
  const list = isList(connection) ? connection : [connection]
  if (list.length === 0) throw new ChannelError('BAD_OPTIONS', 'connection is an empty list: name a Redis.')
  return list.map(linksOf)
}

/** @throws {ChannelError} BAD_OPTIONS: they are of several kinds */
export function kindOfAll(opens: readonly Open[]): Link['kind'] {
  const [kind = 'one', ...others] = opens.map(kindOf)
  if (others.some((other) => (other === 'cluster') !== (kind === 'cluster')))
    throw new ChannelError('BAD_OPTIONS', 'connection lists clusters and others: let it be one or the other.')
  return kind
}

const isList = (
  connection: RedisConnection | readonly RedisConnection[],
): connection is readonly RedisConnection[] => Array.isArray(connection)
