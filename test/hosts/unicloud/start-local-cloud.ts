import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CloudDatabase } from '../../../src/cloud/database-log.js'
import type { ChannelDescriptor } from '../../../src/cloud/wire.js'
import { Gate } from '../push/gate.js'
import { type PushGateway, startPushGateway } from '../push/push-gateway.js'
import { bundleCloud } from './bundle-cloud.js'
import { type CloudCall, createCloudEndpoint } from './cloud-endpoint.js'
import { loadCloudFunctions } from './cloud-functions.js'
import { createMemoryDatabase } from './memory-database.js'
import { createMemoryRedis } from './memory-redis.js'
import { createVendorChannel } from './vendor-channel.js'

export interface LocalCloudOptions {
  /** Folders of cloud functions, as `uniCloud-aliyun/cloudfunctions`. Later ones win. */
  readonly functions: readonly string[]
}

export interface LocalCloud {
  /** `apiEndpoint` of the service space. */
  readonly endpoint: string
  /** Answers what goes to the endpoint, for a server that has it on a path of its own. */
  readonly handle: RequestListener
  /** Breaks calls of cloud functions as networks do. */
  readonly gate: Gate
  readonly push: PushGateway
  /** Every call of a function, oldest first. */
  readonly calls: readonly CloudCall[]
  readonly database: CloudDatabase & { readonly size: number }
  close(): Promise<void>
}

/** uniCloud on this machine: functions, database, Redis and push, behind what the published clients call. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const push = await startPushGateway()
  const database = createMemoryDatabase()
  const redis = createMemoryRedis()
  const calls: CloudCall[] = []
  const uniCloud = {
    database: () => database,
    redis: () => redis,
    deserializeSSEChannel: (descriptor: ChannelDescriptor) =>
      createVendorChannel(descriptor, (cid, message) => push.push(cid, message)),
  }
  const functions = loadCloudFunctions(options.functions, uniCloud, await bundleCloud())
  const handle = createCloudEndpoint(functions, calls)
  const server = createServer(handle)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const gate = await Gate.open((server.address() as AddressInfo).port)
  return {
    endpoint: `http://127.0.0.1:${gate.port}`,
    handle,
    gate,
    push,
    calls,
    database,
    async close() {
      await gate.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      await push.close()
    },
  }
}
