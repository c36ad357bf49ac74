import type { ChannelCalls } from './channel-calls.js'
import type { Connection } from './connection.js'
import { readyScript } from './lua/node-scripts.js'
import { nodeNews, type Partition } from './partitions.js'

export interface ReadyOptions {
  readonly partitions: readonly Partition[]
  readonly calls: ChannelCalls
  readonly publish: 'PUBLISH' | 'SPUBLISH'
  readonly connectionOf: (partition: Partition) => Connection
}

/**
 * Resolves as soon as one partition can be written. The servers of others may be away or failing over: to send clients
 * to other nodes helps none of them.
 * @throws {ChannelError} SERVER_ERROR, SERVER_BUSY: none can
 */
export async function anyReady({ partitions, calls, publish, connectionOf }: ReadyOptions): Promise<void> {
  const tries = partitions.map(async (partition) => {
    const connection = connectionOf(partition)
    const args = { publish, node_news: nodeNews(partition) }
    const [answer] = await calls.ask(partition, readyScript, { keys: partition.keys, args })
    if (answer === 'full') throw connection.isFull()
    connection.hasRoom()
  })
  const failures: unknown[] = []
  await new Promise<void>((resolve, reject) => {
    for (const one of tries)
      one.then(resolve, (cause: unknown) => {
        failures.push(cause)
        if (failures.length === tries.length) reject(failures[0] as Error)
      })
  })
}
