import { eventually } from '../../helpers/eventually.js'
import type { Fault } from './break-during.js'
import type { TestCluster } from './start-test-cluster.js'
import type { PostgresStore, RedisLineStore, RedisPairStore, RedisStore, Store } from './stores.js'

/** Faults by what is done, each for a cluster with that kind of store. */
export type Faults<S extends Store> = Readonly<Record<string, Fault<S>>>

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const DIED = /process .* died/
/** What was acknowledged is missing: that is told in one of these ways. */
const MISSING = /process .* died|HISTORY_EXPIRED|CURSOR_AHEAD|CHANNEL_NOT_FOUND/

async function endOfNode({ nodes: [node] }: TestCluster): Promise<number> {
  node?.process.kill('SIGKILL')
  return Date.now()
}

export const redisFaults = {
  'kill -9 of a node': { strike: endOfNode, told: DIED },
  'Redis killed and started again (AOF)': {
    async strike({ store: { redis } }) {
      await redis.kill()
      await pause(500)
      await redis.start()
      return undefined
    },
  },
  'Redis paused for 5 s': {
    async strike({ store: { redis } }) {
      redis.pause()
      await pause(5_000)
      redis.goOn()
      return undefined
    },
  },
  'balancer moves every client, three times': {
    async strike(cluster) {
      for (let i = 0; i < 3; i++) {
        cluster.moveAll()
        await pause(1_000)
      }
      return undefined
    },
  },
  'both nodes started anew, one after the other': {
    async strike(cluster) {
      for (const [index, node] of [...cluster.nodes].entries()) {
        await node.end(120_000)
        await cluster.replace(index)
      }
      return undefined
    },
  },
  'Redis full for 5 s': {
    async strike({ store: { redis } }) {
      await redis.ask('CONFIG', 'SET', 'maxmemory', '1mb')
      await pause(5_000)
      await redis.ask('CONFIG', 'SET', 'maxmemory', '0')
      return Date.now()
    },
    told: /./,
  },
  'Redis throws a part of its keys away': {
    async strike({ store: { redis } }) {
      const used = Number(/used_memory:(\d+)/.exec(await redis.ask('INFO', 'memory'))?.[1])
      await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
      const struckAt = Date.now()
      await redis.ask('CONFIG', 'SET', 'maxmemory', String(used - 100_000))
      await eventually('some are gone', async () =>
        /evicted_keys:[1-9]/.test(await redis.ask('INFO', 'stats')),
      )
      await redis.ask('CONFIG', 'SET', 'maxmemory', '0')
      await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      return struckAt
    },
    told: MISSING,
  },
  FLUSHALL: {
    async strike({ store: { redis } }) {
      await redis.ask('FLUSHALL')
      return Date.now()
    },
    told: MISSING,
  },
} as const satisfies Faults<RedisStore>

export const redisLineFaults = {
  "one node's lines to Redis fall silent": {
    async strike({ store: { lines } }) {
      lines[0]?.swallow('all')
      return undefined
    },
  },
} as const satisfies Faults<RedisLineStore>

export const redisPairFaults = {
  'failover to a replica without the last second': {
    async strike({ store: { pair } }) {
      await pair.part()
      await pause(1_000)
      await pair.failOver()
      return Date.now()
    },
    told: MISSING,
  },
} as const satisfies Faults<RedisPairStore>

export const postgresFaults = {
  'Postgres killed and started again': {
    async strike({ store: { primary } }) {
      await primary.kill()
      await eventually('it can be started', () =>
        primary.start().then(
          () => true,
          () => false,
        ),
      )
      return undefined
    },
  },
  'failover of Postgres to a synchronous standby': {
    async strike({ store: { primary, standby, front } }) {
      await primary.kill()
      await standby.ask('SELECT pg_promote()')
      front.leadTo(standby.port)
      front.cut()
      return undefined
    },
  },
} as const satisfies Faults<PostgresStore>

export const fileFaults = {
  'kill -9 of the only process, with a file log': {
    async strike(cluster) {
      const diedAt = await endOfNode(cluster)
      await cluster.replace(0)
      return diedAt
    },
    told: DIED,
  },
} as const satisfies Faults<Store>
