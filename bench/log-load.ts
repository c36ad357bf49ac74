import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createHub } from '../src/server/hub/create-hub.js'
import { json } from '../src/server/hub/stream-format.js'
import type { EventLog } from '../src/server/log/event-log.js'
import { percentile } from './percentile.js'

export const TOKEN = 'a token of text '

/** How long after the last event the others may come, in milliseconds. */
const LATE_MS = 30_000

/** Until every stream has begun: then what it costs to go on is measured. */
const WARM_MS = 2_000
/** To ask the server what it has used starts a process, which delays this one: no token of that time is counted. */
const ASKED_MS = 500

export interface LogUnderLoad {
  /** The log of another node. */
  readonly newLog: () => EventLog
  /** What the server behind it has used of CPU so far, in microseconds. */
  readonly serverCpuUs: () => Promise<number>
}

export interface SteadyFigures {
  /** Holes that a reader saw. */
  readonly gaps: number
  /** Age of a token when a reader of another node has it, in milliseconds. */
  readonly p50: number
  readonly p99: number
  /** By how much the loop of events of the nodes' process is late. */
  readonly loopP99: number
  /** CPU of both nodes, of one core. */
  readonly nodesCpu: number
  /** CPU an event, in microseconds: of both nodes, and of the server behind the log. */
  readonly nodesUs: number
  readonly serverUs: number
}

/** Tokens a second from a producer that is never out of tokens to one listener on another node. */
export async function oneListener(newLog: () => EventLog, tokens: number): Promise<number> {
  const [a, b] = [newLog(), newLog()]
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

/** Many runs at a steady rate: the age of each token when a reader of another node has it, and holes. */
export async function steadyStreams(
  { newLog, serverCpuUs }: LogUnderLoad,
  streams: number,
  tokensPerSecond: number,
  seconds: number,
): Promise<SteadyFigures> {
  const [a, b] = [newLog(), newLog()]
  const [writing, reading] = [createHub({ log: a, format: json }), createHub({ log: b, format: json })]
  const writers: ((value: unknown) => Promise<void>)[] = []
  const ends: (() => void)[] = []
  const ages: number[] = []
  let warmUntil = Infinity
  let gaps = 0
  let seen = 0
  const perStream = Math.floor((tokensPerSecond / streams) * (seconds + WARM_MS / 1_000))
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
          seen += events.length
          for (const event of events) {
            if (event.type === 'message' && performance.now() > warmUntil + ASKED_MS)
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
  // What a start of all at once leaves behind is not of this.
  globalThis.gc?.()
  const loop = monitorEventLoopDelay({ resolution: 1 })
  const begun = performance.now()
  warmUntil = begun + WARM_MS
  let warm:
    { readonly server: Promise<number>; readonly cpu: NodeJS.CpuUsage; readonly written: number } | undefined
  const total = perStream * streams
  for (let written = 0; written < total;) {
    if (!warm && performance.now() >= warmUntil) {
      warm = { server: serverCpuUs(), cpu: process.cpuUsage(), written }
      loop.enable()
    }
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * tokensPerSecond))
    for (; written < due; written++) void writers[written % streams]?.({ at: performance.now(), text: TOKEN })
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  // What is still on its way costs, too. A run that failed brings less.
  for (const last = performance.now(); seen < total && performance.now() - last < LATE_MS;)
    await new Promise((resolve) => setTimeout(resolve, 5))
  loop.disable()
  const used = process.cpuUsage(warm?.cpu)
  const took = performance.now() - warmUntil
  const server = (await serverCpuUs()) - ((await warm?.server) ?? 0)
  const counted = total - (warm?.written ?? 0)
  for (const end of ends) end()
  await Promise.all(done)
  await Promise.all([a.close(), b.close()])
  const nodes = used.user + used.system
  return {
    gaps,
    p50: percentile(ages, 0.5),
    p99: percentile(ages, 0.99),
    loopP99: loop.percentile(99) / 1e6,
    nodesCpu: nodes / 1000 / took,
    nodesUs: nodes / counted,
    serverUs: server / counted,
  }
}

/** Many channels, each given the next message when it has the last: messages a second that readers of another node get. */
export async function manyChannels(
  newLog: () => EventLog,
  channels: number,
  seconds: number,
): Promise<number> {
  const [a, b] = [newLog(), newLog()]
  const [writing, reading] = [createHub({ log: a, format: json }), createHub({ log: b, format: json })]
  let state: 'running' | 'over' = 'running'
  const isRunning = () => state === 'running'
  let seen = 0
  const ids = await Promise.all(
    Array.from({ length: channels }, async () => {
      const { channelId } = await writing.create()
      const opening = await reading.open(channelId)
      if (opening.kind !== 'ready') throw new Error(opening.kind)
      opening.subscribe({
        batch({ events }) {
          seen += events.length
          return true
        },
        end: () => undefined,
      })
      return channelId
    }),
  )
  const sending = ids.map(async (channelId) => {
    while (isRunning()) await writing.send({ channelId, data: TOKEN })
  })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const [before, begun] = [seen, performance.now()]
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  const perSecond = ((seen - before) / (performance.now() - begun)) * 1_000
  state = 'over'
  await Promise.all(sending)
  await Promise.all([a.close(), b.close()])
  return perSecond
}
