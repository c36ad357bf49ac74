import { createClient } from 'redis'
import { createBalancer } from '../../../scripts/cluster/balancer.js'
import { startNode, type Child } from '../../../scripts/cluster/child.js'
import { freePort } from '../../../scripts/cluster/free-port.js'
import { listen } from '../../helpers/listen.js'
import { createRedisServer, type RedisServer } from '../../helpers/redis-server.js'

export interface TestCluster {
  /** Of the API, at the balancer. */
  readonly url: string
  readonly redis: RedisServer
  readonly nodes: readonly Child[]
  /** Starts a node again that was killed. */
  replace(index: number): Promise<void>
  /** Cuts all clients; each comes back to another node. */
  moveAll(): number
  /** Channels that were ever created. */
  channels(): Promise<number>
  close(): Promise<void>
}

/** Redis, two nodes as processes of their own, and a balancer in this process. */
export async function startTestCluster(leaseMs: number): Promise<TestCluster> {
  const redis = await createRedisServer()
  const ports = [await freePort(), await freePort()]
  const env = { REDIS_URL: redis.url, LEASE_MS: String(leaseMs) }
  const nodes = await Promise.all(ports.map((port) => startNode(port, env)))
  const { server, moveAll } = createBalancer(ports)
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/api/chat`,
    redis,
    nodes,
    async replace(index) {
      nodes[index] = await startNode(ports[index] as number, env)
    },
    moveAll,
    async channels() {
      const client = createClient({ url: redis.url })
      await client.connect()
      const keys = await client.keys('{uni-sse}:m:*')
      client.destroy()
      return keys.length
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      moveAll()
      await Promise.all(nodes.map((node) => node.end(5_000)))
      await closed
      await redis.close()
    },
  }
}
