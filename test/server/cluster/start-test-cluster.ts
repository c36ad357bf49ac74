import { createBalancer } from '../../../scripts/cluster/balancer.js'
import { startNode, type Node } from '../../../scripts/cluster/child.js'
import { freePort } from '../../../scripts/cluster/free-port.js'
import { listen } from '../../helpers/listen.js'
import type { Store } from './stores.js'

export interface TestCluster<S extends Store = Store> {
  /** Of the API, at the balancer. */
  readonly url: string
  readonly store: S
  readonly nodes: readonly Node[]
  /** Starts a node again that is dead. */
  replace(index: number): Promise<void>
  /** Cuts all clients; each comes back to another node. */
  moveAll(): number
  /** Runs that were ever begun, on whatever node. */
  begun(): number
  close(): Promise<void>
}

/** A node that is told to end lets its runs go on for so long, in milliseconds. */
const DRAIN_MS = 90_000

/** Nodes as processes of their own, where they keep their events, and a balancer in this process. */
export async function startTestCluster<S extends Store>(store: S, leaseMs: number): Promise<TestCluster<S>> {
  const ports = await Promise.all(Array.from({ length: store.nodes }, () => freePort()))
  const ever: Node[] = []
  const start = async (index: number) => {
    const env = { ...store.env(index), LEASE_MS: String(leaseMs), DRAIN_MS: String(DRAIN_MS) }
    const node = await startNode(ports[index] as number, env)
    ever.push(node)
    return node
  }
  const nodes = await Promise.all(ports.map((_, index) => start(index)))
  const { server, moveAll } = createBalancer(ports)
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/api/chat`,
    store,
    nodes,
    async replace(index) {
      nodes[index] = await start(index)
    },
    moveAll,
    begun: () => ever.reduce((sum, node) => sum + node.begun(), 0),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      moveAll()
      await Promise.all(nodes.map((node) => node.end(5_000)))
      await closed
      await store.close()
    },
  }
}
