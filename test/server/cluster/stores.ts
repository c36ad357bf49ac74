import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresServer, type PostgresServer } from '../../helpers/postgres-server.js'
import { createRedisLine, type RedisLine } from '../../helpers/redis-line.js'
import { createRedisPair, type RedisPair } from '../../helpers/redis-pair.js'
import { createRedisServer, type RedisServer } from '../../helpers/redis-server.js'

/** Where the nodes of a cluster keep their events. */
export interface Store {
  readonly nodes: number
  /** Which log a node opens, and where: for scripts/cluster/node.ts. */
  env(node: number): { readonly LOG: string; readonly WHERE: string }
  close(): Promise<void>
}

/** One Redis. */
export interface RedisStore extends Store {
  readonly redis: RedisServer
}

/**
 * Each node has a line of its own to it, through the process of the test: not for faults that are about time, as that
 * process reads for all clients, too, and on a busy machine the nodes would wait for it.
 */
export interface RedisLineStore extends RedisStore {
  readonly lines: readonly RedisLine[]
}

export async function redisStore(): Promise<RedisStore> {
  const redis = await createRedisServer()
  return { nodes: 2, redis, env: () => ({ LOG: 'redis', WHERE: redis.url }), close: redis.close }
}

export async function redisLineStore(): Promise<RedisLineStore> {
  const redis = await createRedisServer()
  const lines = await Promise.all([createRedisLine(redis.port), createRedisLine(redis.port)])
  return {
    nodes: 2,
    redis,
    lines,
    env: (node) => ({ LOG: 'redis', WHERE: lines[node]?.url ?? '' }),
    async close() {
      await Promise.all(lines.map((line) => line.close()))
      await redis.close()
    },
  }
}

export interface RedisPairStore extends Store {
  readonly pair: RedisPair
}

export async function redisPairStore(): Promise<RedisPairStore> {
  const pair = await createRedisPair()
  return { nodes: 2, pair, env: () => ({ LOG: 'redis', WHERE: pair.url }), close: pair.close }
}

/** One Postgres, and one that has all that it acknowledged; the address leads to the first. */
export interface PostgresStore extends Store {
  readonly primary: PostgresServer
  readonly standby: PostgresServer
  readonly front: RedisLine
}

export async function postgresStore(): Promise<PostgresStore> {
  const primary = await createPostgresServer({ by: 'port' })
  const standby = await createPostgresServer({ by: 'port', standbyOf: primary })
  const front = await createRedisLine(primary.port)
  const where = { host: '127.0.0.1', port: front.port, user: 'test', database: 'postgres', max: 8 }
  return {
    nodes: 2,
    primary,
    standby,
    front,
    env: () => ({ LOG: 'postgres', WHERE: JSON.stringify(where) }),
    async close() {
      await front.close()
      await Promise.all([primary.close(), standby.close()])
    },
  }
}

/** Files of the one node. */
export async function fileStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'cluster-files-'))
  return {
    nodes: 1,
    env: () => ({ LOG: 'file', WHERE: folder }),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
