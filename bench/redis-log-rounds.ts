// The process of bench/redis-log.ts: takes the watcher of bench/machine-watch.ts.
import { createClient } from 'redis'
import { createResumableStreamContext } from 'resumable-stream'
import { postgresLog } from '../src/server/log/postgres/postgres-log.js'
import { redisLog } from '../src/server/log/redis/redis-log.js'
import { createPostgresServer } from '../test/helpers/postgres-server.js'
import { createRedisCluster } from '../test/helpers/redis-cluster.js'
import { createRedisServer, type RedisServer } from '../test/helpers/redis-server.js'
import type { BenchResult, Row } from './bench.js'
import { rounded } from './bench.js'
import {
  manyChannels,
  oneListener,
  steadyStreams,
  TOKEN,
  type LogUnderLoad,
  type SteadyFigures,
} from './log-load.js'
import { watchMachine, type MachineFigures } from './machine-watch.js'

const COALESCE_MS = 4
/** So many that chance spreads them over 48 partitions evenly enough. */
const CHANNELS = 4_800

/** One listener, through resumable-stream: tokens a second. */
async function resumable(redis: RedisServer, tokens: number): Promise<number> {
  const clients = [0, 1].map(() => createClient({ url: redis.url }).on('error', () => undefined))
  await Promise.all(clients.map((client) => client.connect()))
  const [publisher, subscriber] = clients
  if (!publisher || !subscriber) throw new Error('unreachable')
  const context = createResumableStreamContext({
    waitUntil: null,
    publisher: publisher as never,
    subscriber: subscriber as never,
  })
  let left = tokens
  let go: () => void = () => undefined
  const listened = new Promise<void>((resolve) => (go = resolve))
  const source = new ReadableStream<string>({
    async pull(controller) {
      await listened
      if (left-- > 0) controller.enqueue(TOKEN)
      else controller.close()
    },
  })
  const id = `bench-${Math.random()}`
  const made = await context.createNewResumableStream(id, () => source)
  const listening = await context.resumeExistingStream(id)
  if (!made || !listening) throw new Error('no stream')
  const begun = performance.now()
  go()
  void made.pipeTo(new WritableStream()).catch(() => undefined)
  let characters = 0
  // Not to its end: it may notice that only by its watchdog.
  const reader = listening.getReader()
  while (characters < tokens * TOKEN.length) characters += (await reader.read()).value?.length ?? Infinity
  const seconds = (performance.now() - begun) / 1000
  if (characters === Infinity) throw new Error('resumable-stream lost tokens')
  // It still writes that the stream is done.
  await new Promise((resolve) => setTimeout(resolve, 500))
  for (const client of clients) client.destroy()
  return characters / TOKEN.length / seconds
}

/** What Redis says of itself. */
async function redisCpuUs(redis: RedisServer): Promise<number> {
  const info = await redis.ask('INFO', 'cpu')
  const seconds = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1])
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6
}

function rowsOf(subject: string, figures: SteadyFigures, machine: MachineFigures): readonly Row[] {
  const { p50, p99, loopP99, gaps, nodesCpu, nodesUs, serverUs } = figures
  return [
    { subject, metric: 'age p50', value: p50, unit: 'ms' },
    { subject, metric: 'age p99', value: p99, unit: 'ms' },
    { subject, metric: 'gaps', value: gaps, unit: '' },
    { subject, metric: 'CPU of both nodes', value: nodesCpu * 100, unit: '%' },
    { subject, metric: 'CPU of both nodes an event', value: nodesUs, unit: 'µs' },
    { subject, metric: 'CPU of Redis an event', value: serverUs, unit: 'µs' },
    { subject, metric: 'loop of the nodes late p99', value: loopP99, unit: 'ms' },
    { subject, metric: 'machine: a timer late p99', value: machine.lateP99, unit: 'ms' },
    { subject, metric: 'machine: PING p50', value: machine.pingP50, unit: 'ms' },
    { subject, metric: 'machine: PING p99', value: machine.pingP99, unit: 'ms' },
  ]
}

async function commandsOf(redis: RedisServer): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.ask('INFO', 'stats'))?.[1])
}

/** What three masters of a cluster take together beside one, and how evenly they share the commands of a steady load. */
async function masters() {
  const alone = await createRedisServer('everysec')
  const cluster = await createRedisCluster()
  const servers = cluster.masters
  // As many partitions as on a cluster.
  const one = () => redisLog({ connection: alone.url, partitions: 48 })
  const three = () => redisLog({ connection: { rootNodes: [...cluster.rootNodes] } })
  const commands = () => Promise.all(servers.map(commandsOf))
  const serverCpuUs = async () => (await Promise.all(servers.map(redisCpuUs))).reduce((sum, us) => sum + us)
  try {
    const perSecond = {
      one: await manyChannels(one, CHANNELS, 5),
      three: await manyChannels(three, CHANNELS, 5),
    }
    const before = await commands()
    const steady = await steadyStreams({ newLog: three, serverCpuUs }, CHANNELS, CHANNELS, 10)
    const counts = (await commands()).map((count, index) => count - (before[index] ?? 0))
    return { perSecond, steady, spread: (Math.max(...counts) / Math.min(...counts) - 1) * 100 }
  } finally {
    await Promise.all([alone.close(), cluster.close()])
  }
}

async function redisLogRounds(): Promise<BenchResult> {
  const redis = await createRedisServer('everysec')
  const postgres = await createPostgresServer()
  const machine = await watchMachine(process.argv[2] ?? '', redis.port)
  const retention = { maxEvents: Infinity, maxBytes: Infinity }
  const endless = {
    redis: () => redisLog({ connection: redis.url, retention }),
    postgres: () => postgresLog({ connection: postgres.connection, retention }),
  }
  const load: LogUnderLoad = {
    newLog: () => redisLog({ connection: redis.url, coalesceMs: COALESCE_MS }),
    serverCpuUs: () => redisCpuUs(redis),
  }
  const measure = async (streams: number, subject: string) => {
    await machine.figures()
    const figures = await steadyStreams(load, streams, 10_000, 10)
    return { figures, rows: rowsOf(subject, figures, await machine.figures()) }
  }
  try {
    await oneListener(endless.redis, 20_000)
    await resumable(redis, 2_000)
    await oneListener(endless.postgres, 20_000)
    const mine = await oneListener(endless.redis, 400_000)
    const theirs = await resumable(redis, 20_000)
    const inPostgres = await oneListener(endless.postgres, 200_000)
    const usual = await measure(200, 'redisLog, 200 × 50/s')
    const few = await measure(100, 'redisLog, 100 × 100/s')
    const many = await measure(10_000, 'redisLog, 10,000 × 1/s')
    const { perSecond, steady, spread } = await masters()
    const cpu = ({ figures }: typeof few) => figures.nodesUs + figures.serverUs
    const subject = `redisLog, ${CHANNELS.toLocaleString('en')} channels`
    return {
      rows: [
        { subject: 'redisLog', metric: 'one listener', value: mine, unit: 'tokens/s' },
        { subject: 'resumable-stream', metric: 'one listener', value: theirs, unit: 'tokens/s' },
        { subject: 'postgresLog', metric: 'one listener', value: inPostgres, unit: 'tokens/s' },
        ...usual.rows,
        ...few.rows,
        ...many.rows,
        { subject, metric: 'one master', value: perSecond.one, unit: 'events/s' },
        { subject, metric: 'three masters', value: perSecond.three, unit: 'events/s' },
        { subject: `${subject} × 1/s`, metric: 'age p99, three masters', value: steady.p99, unit: 'ms' },
        { subject: `${subject} × 1/s`, metric: 'busiest of three over idlest', value: spread, unit: '%' },
      ],
      ratios: {
        tokens_vs_resumable_stream: rounded(mine / theirs),
        gaps: [usual, few, many].reduce((sum, { figures }) => sum + figures.gaps, steady.gaps),
        p99_over_window_ms: rounded(usual.figures.p99 - COALESCE_MS),
        postgres_vs_redis: rounded(inPostgres / mine),
        cpu_per_event_10k_vs_100: rounded(cpu(many) / cpu(few)),
        masters_3_vs_1: rounded(perSecond.three / perSecond.one),
      },
    }
  } finally {
    machine.close()
    await redis.close()
    await postgres.close()
  }
}

process.on('disconnect', () => process.exit())
process.send?.(await redisLogRounds(), () => process.exit())
