import { eventually } from './eventually.js'
import { createRedisServer, type RedisServer } from './redis-server.js'
import { freePort } from '../../scripts/cluster/free-port.js'

export interface RedisCluster {
  readonly masters: readonly RedisServer[]
  readonly rootNodes: readonly { readonly url: string }[]
  close(): Promise<void>
}

const SLOTS = 16_384

/** Three masters that share the slots, each with a replica where asked. */
export async function createRedisCluster(replicas: 'none' | 'one each' = 'none'): Promise<RedisCluster> {
  const servers: RedisServer[] = []

  async function join(): Promise<RedisServer> {
    const bus = await freePort()
    const server = await createRedisServer('everysec', {
      'cluster-enabled': 'yes',
      'cluster-port': String(bus),
      'cluster-node-timeout': '3000',
      'repl-diskless-sync-delay': '0',
    })
    const [first] = servers
    if (first) await first.ask('CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(bus))
    servers.push(server)
    return server
  }

  const masters = [await join(), await join(), await join()]
  for (const [index, master] of masters.entries()) {
    const [from, to] = [index, index + 1].map((i) => Math.round((i * SLOTS) / masters.length))
    await master.ask('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? SLOTS) - 1))
  }
  for (const master of masters) {
    await eventually('the cluster is up', async () =>
      /cluster_state:ok[^]*cluster_size:3/.test(await master.ask('CLUSTER', 'INFO')),
    )
  }
  for (const master of replicas === 'none' ? [] : masters) {
    const id = await master.ask('CLUSTER', 'MYID')
    const replica = await join()
    await eventually('it is one of its replicas', async () =>
      (await replica.ask('CLUSTER', 'REPLICATE', id)).includes('OK'),
    )
    await eventually('it is up', async () =>
      (await replica.ask('INFO', 'replication')).includes('master_link_status:up'),
    )
  }
  return {
    masters,
    rootNodes: masters.map(({ url }) => ({ url })),
    async close() {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}
