// A stand-in for a uniCloud service space, on this machine. What each part can't show, its own file says.
import type { RequestListener } from 'node:http'
import type { CloudDatabase } from '../../../src/cloud/database-log.js'
import type { ChannelDescriptor } from '../../../src/cloud/wire.js'
import { createPushGateway, type PushGateway } from '../gateway/push-gateway.js'
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
  /** Answers what goes to the service space's `apiEndpoint`. */
  readonly handle: RequestListener
  readonly push: PushGateway
  /** Every call of a function, oldest first. */
  readonly calls: readonly CloudCall[]
  readonly database: CloudDatabase & { readonly size: number }
  close(): Promise<void>
}

/**
 * Functions, database, Redis and push, behind what the published clients call. Listens nowhere: whoever serves it
 * hands requests to `handle` and upgrades to `push.accept`.
 */
export async function createLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const push = createPushGateway()
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
  return {
    handle: createCloudEndpoint(functions, calls),
    push,
    calls,
    database,
    close: () => push.close(),
  }
}
