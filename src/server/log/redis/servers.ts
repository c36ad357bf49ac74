import { createHash } from 'node:crypto'
import { ChannelError } from '../../../core/channel-error.js'
import { createBus, type Bus, type BusOptions } from './bus.js'
import { createConnection, type Connection, type ConnectionOptions } from './connection.js'
import type { Partition } from './partitions.js'
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

/** Each partition is on one server: the one that wins a draw of its own (rendezvous hashing). */
export function createServers(options: ServersOptions): Servers {
  const { opens, partitions, troubles, onError, onMessage, onAgain } = options
  const servers = opens.map((open) => ({
    connection: createConnection({ ...options, open }),
    bus: createBus({
      ...{ open, onMessage, onAgain },
      onRefused: (cause) => onError(troubles.refused(cause)),
    }),
  }))
  const places = partitions.map(({ index }) => servers[placeOf(index, servers.length)] as (typeof servers)[0])
  const serverOf = ({ index }: Partition) => places[index] as (typeof servers)[0]

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

/** Of thousands the one that spreads 48 partitions over 2 to 8 servers most evenly. */
const SALT = 310

/** One more server takes its part of all others, and nothing else moves. */
export function placeOf(partition: number, servers: number): number {
  const draws = Array.from({ length: servers }, (_, server) =>
    createHash('sha1').update(`${SALT}:${partition}/${server}`).digest().readUInt32BE(0),
  )
  return draws.indexOf(Math.max(...draws))
}
