import { createClient } from 'redis'
import { createResumableStreamContext } from 'resumable-stream'
import { json } from '../src/server/hub/stream-format.js'
import { createHub } from '../src/server/hub/create-hub.js'
import { redisLog } from '../src/server/log/redis/redis-log.js'
import { createRedisServer, type RedisServer } from '../test/helpers/redis-server.js'
import type { BenchResult } from './bench.js'
import { rounded } from './bench.js'

const TOKEN = 'a token of text '
const COALESCE_MS = 4

/** Tokens a second from a producer that is never out of tokens to one listener on another node. */
async function ours(redis: RedisServer, tokens: number): Promise<number> {
  const [a, b] = [0, 0].map(() =>
    redisLog({ connection: redis.url, retention: { maxEvents: Infinity, maxBytes: Infinity } }),
  )
  if (!a || !b) throw new Error('unreachable')
  const [writing, reading] = [createHub({ log: a, format: json }), createHub({ log: b, format: json })]
  const run = await writing.run(undefined, async ({ write }) => {
    for (let i = 0; i < tokens; i++) await write(TOKEN)
  })
  const begun = performance.now()
  let seen = 0
  const opening = await reading.open(run.channelId)
  if (opening.kind !== 'ready') throw new Error(opening.kind)
  await new Promise<void>((resolve) => {
    const subscription = opening.subscribe({
      batch(batch) {
        seen += batch.events.length
        return true
      },
      end: () => resolve(subscription?.close()),
    })
  })
  const seconds = (performance.now() - begun) / 1000
  if (seen !== tokens + 1) throw new Error(`${seen} of ${tokens} arrived`)
  await Promise.all([a.close(), b.close()])
  return tokens / seconds
}

/** The same through resumable-stream. */
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

/** Many runs at a steady rate: the age of each token when a reader of another node has it, and holes. */
async function steady(redis: RedisServer, streams: number, tokensPerSecond: number, seconds: number) {
  const options = { connection: redis.url, coalesceMs: COALESCE_MS }
  const [a, b] = [redisLog(options), redisLog(options)]
  const [writing, reading] = [createHub({ log: a, format: json }), createHub({ log: b, format: json })]
  const writers: ((value: unknown) => Promise<void>)[] = []
  const ends: (() => void)[] = []
  const ages: number[] = []
  let warmUntil = Infinity
  let gaps = 0
  const perStream = Math.floor((tokensPerSecond / streams) * seconds)
  const done = Array.from({ length: streams }, async () => {
    const { channelId } = await writing.run(undefined, async ({ write }) => {
      writers.push(write)
      await new Promise<void>((resolve) => ends.push(resolve))
    })
    let next = 0
    const opening = await reading.open(channelId)
    if (opening.kind !== 'ready') throw new Error(opening.kind)
    await new Promise<void>((resolve) => {
      opening.subscribe({
        batch({ seq, events }) {
          if (seq !== next) gaps++
          next = seq + events.length
          for (const event of events) {
            if (event.type === 'message' && performance.now() > warmUntil)
              ages.push(performance.now() - (JSON.parse(event.data) as { at: number }).at)
          }
          return true
        },
        end: () => resolve(),
      })
    })
    if (next !== perStream + 1) gaps++
  })
  while (writers.length < streams) await new Promise((resolve) => setTimeout(resolve, 10))
  await new Promise((resolve) => setTimeout(resolve, 500))
  const cpu = process.cpuUsage()
  const begun = performance.now()
  warmUntil = begun + 1_000
  const total = perStream * streams
  for (let written = 0; written < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * tokensPerSecond))
    for (; written < due; written++) void writers[written % streams]?.({ at: performance.now(), text: TOKEN })
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const used = process.cpuUsage(cpu)
  const took = performance.now() - begun
  for (const end of ends) end()
  await Promise.all(done)
  await Promise.all([a.close(), b.close()])
  ages.sort((x, y) => x - y)
  const at = (part: number) => ages[Math.min(ages.length - 1, Math.floor(ages.length * part))] ?? Infinity
  return { gaps, p50: at(0.5), p99: at(0.99), cpu: (used.user + used.system) / 1000 / took }
}

export default async function redisLogBench(): Promise<BenchResult> {
  const redis = await createRedisServer('everysec')
  try {
    await ours(redis, 20_000)
    await resumable(redis, 2_000)
    const mine = await ours(redis, 400_000)
    const theirs = await resumable(redis, 20_000)
    const { gaps, p50, p99, cpu } = await steady(redis, 200, 10_000, 10)
    return {
      rows: [
        { subject: 'redisLog', metric: 'one listener', value: mine, unit: 'tokens/s' },
        { subject: 'resumable-stream', metric: 'one listener', value: theirs, unit: 'tokens/s' },
        { subject: 'redisLog, 200 × 50/s', metric: 'age p50', value: p50, unit: 'ms' },
        { subject: 'redisLog, 200 × 50/s', metric: 'age p99', value: p99, unit: 'ms' },
        { subject: 'redisLog, 200 × 50/s', metric: 'gaps', value: gaps, unit: '' },
        { subject: 'redisLog, 200 × 50/s', metric: 'CPU of both nodes', value: cpu * 100, unit: '%' },
      ],
      ratios: {
        tokens_vs_resumable_stream: rounded(mine / theirs),
        gaps,
        p99_over_window_ms: rounded(p99 - COALESCE_MS),
      },
    }
  } finally {
    await redis.close()
  }
}
