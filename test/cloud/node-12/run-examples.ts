import { createRequire } from 'node:module'
import { createMemoryDatabase } from '../../../scripts/local-cloud/cloud/memory-database.js'
import { createMemoryRedis } from '../../../scripts/local-cloud/cloud/memory-redis.js'
import { createVendorChannel } from '../../../scripts/local-cloud/cloud/vendor-channel.js'
import type * as Library from '../../../src/cloud/index.js'

// Bundled by node-12.test.ts and run by the oldest Node that a cloud function may run on, in a project with the
// published package and the example functions. Prints what happened as JSON.
interface Examples {
  readonly task: { main(event: object): Promise<unknown> }
  readonly object: { executeTask(event: object): Promise<unknown> }
  readonly reader: { main: Library.Reader }
}

export interface Report {
  readonly node: string
  readonly task: unknown
  readonly logged: readonly Library.LogEntry[]
  readonly object: unknown
  /** Messages pushed to the vendor's own client. */
  readonly plain: readonly unknown[]
  readonly stop: unknown
  readonly afterStop: string | undefined
  readonly hint: unknown
  readonly refused: unknown
}

const project = process.argv[2] ?? ''
const load = createRequire(`${project}/index.js`)
const redis = createMemoryRedis()
const database = createMemoryDatabase()
const pushes: { readonly seqId: string; readonly message: unknown }[] = []

Object.assign(globalThis, {
  uniCloud: {
    database: () => database,
    redis: () => redis,
    deserializeSSEChannel: (descriptor: Library.ChannelDescriptor) =>
      createVendorChannel(descriptor, (_cid, message) => {
        pushes.push((JSON.parse(message) as { payload: { seqId: string; message: unknown } }).payload)
      }),
  },
})

const { deserializeSSEChannel, redisLog } = load('uni-sse-channel/cloud') as typeof Library
const examples: Examples = {
  task: load('./cloudfunctions/massive-task') as Examples['task'],
  object: load('./cloudfunctions/massive-task-obj/index.obj.js') as Examples['object'],
  reader: load('./cloudfunctions/sse-channel-reader') as Examples['reader'],
}

const descriptor = (seqId: string) => ({ appId: '__UNI__1', pushClientId: 'cid', seqId })
const read = async (channelId: string) =>
  (await examples.reader.main({ action: 'read', channelId, from: 0 })).entries
const pushedTo = (seqId: string) =>
  pushes.filter((each) => each.seqId === seqId).map(({ message }) => message)
const codeOf = (thrown: unknown) => Object(thrown as object) as { code?: unknown }

async function main(): Promise<Report> {
  const task = await examples.task.main({ channel: descriptor('wire1~task'), steps: 2, stepMs: 1 })

  // As text, which uni-app x sends.
  const channel = JSON.stringify(descriptor('1700000000000-123456'))
  const object = await examples.object.executeTask({ channel, steps: 2, stepMs: 1 })

  const endless = examples.task.main({ channel: descriptor('wire1~endless'), steps: 10_000, stepMs: 10 })
  await examples.reader.main({ action: 'stop', channelId: 'endless' })
  const stop = await endless.catch((thrown: unknown) => codeOf(thrown).code)

  const large = deserializeSSEChannel(descriptor('wire1~large'), { log: redisLog(redis) })
  await large.write('x'.repeat(2_000))
  await large.end()

  const refused = await examples.reader.main({} as never).catch((thrown: unknown) => codeOf(thrown).code)
  return {
    ...{ node: process.version, task, object, stop, refused },
    logged: await read('task'),
    plain: pushedTo('1700000000000-123456'),
    afterStop: (await read('endless')).slice(-1)[0]?.kind,
    hint: pushedTo('wire1~large')[0],
  }
}

main().then(
  (report) => console.log(JSON.stringify(report)),
  (thrown: unknown) => {
    console.error(thrown)
    process.exitCode = 1
  },
)
