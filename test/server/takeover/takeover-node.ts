// A process with a hub of its own whose runs can be gone on with. The environment names LOG and WHERE it is, EFFECTS (a
// file to which each step is written that begins) and LEASE_MS. Tells its parent its port.
import { appendFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createHandler,
  createHub,
  fileLog,
  resumable,
  type EventLog,
  type Producer,
  type StartRequest,
} from '../../../src/server/index.js'
import { postgresLog } from '../../../src/server/log/postgres/postgres-log.js'
import { redisLog } from '../../../src/server/log/redis/redis-log.js'

const { LOG = 'redis', WHERE = '', EFFECTS = '', LEASE_MS = '4500', ABLE = 'yes' } = process.env

interface Job {
  readonly steps: number
  readonly stepMs: number
  /** `no`: it ends with its process. Default yes. */
  readonly resumable?: 'no'
}
interface Chunk {
  readonly type: string
  readonly [field: string]: unknown
}

const steps = resumable<Job, Chunk>('steps', async function* ({ input, written, signal }) {
  if (written.length === 0) yield { type: 'start' }
  const done = written.filter(({ type }) => type === 'data-step').length
  for (let step = done; step < input.steps; step++) {
    await appendFile(EFFECTS, `${process.pid} ${step}\n`)
    await sleep(input.stepMs, undefined, { signal })
    yield { type: 'data-step', data: { step, by: process.pid } }
  }
  yield { type: 'finish' }
})

async function openLog(): Promise<EventLog> {
  if (LOG === 'file') return fileLog({ directory: WHERE, takeoverMs: 20_000 })
  if (LOG === 'postgres') {
    const [connection, prefix] = JSON.parse(WHERE) as [Record<string, unknown>, string]
    return postgresLog({ connection, prefix, leaseMs: Number(LEASE_MS), takeoverMs: 20_000 })
  }
  if (LOG !== 'redis') throw new Error(`There is no log "${LOG}".`)
  return redisLog({ connection: WHERE, leaseMs: Number(LEASE_MS), takeoverMs: 20_000 })
}

const log = await openLog()
const hub = createHub({ log, resumable: ABLE === 'yes' ? [steps] : [] })
function start({ body }: StartRequest): Producer {
  const job = body as Job
  const producer = steps(job)
  return job.resumable === 'no' ? (context) => producer(context) : producer
}

const handler = createHandler(hub, { basePath: '/api/chat', start })
const server = createServer(handler).listen(0, '127.0.0.1', () =>
  process.send?.((server.address() as AddressInfo).port),
)

async function leave() {
  await hub.shutdown()
  await handler.close()
  await log.close()
  process.exit(0)
}
process.on('SIGTERM', () => void leave())
process.on('disconnect', () => process.exit(0))
