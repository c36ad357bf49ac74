import { fileURLToPath } from 'node:url'
import { bundlePage } from '../helpers/bundle-page.js'
import { createTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js'
import type { ClientRun } from './client-run.js'
import { expected, startFaultServer, type FaultServer } from './fault-server.js'
import { nothingWrong, type Scenario } from './scenario.js'
import type { Runner, Subject } from './subjects.js'

/** What a subject's runs came to. */
export interface Tally {
  readonly subject: string
  runs: number
  /** Starts that never reached the server, and said so: nothing was lost with them. */
  unstarted: number
  /** Events that a run did not deliver. */
  lost: number
  /** Events that a run delivered twice. */
  repeated: number
  /** Starts beyond the first. */
  secondPosts: number
  /** The longest wait for an event, in milliseconds of the sessions' clock. */
  worstRecoveryMs: number
  /** What to repeat a failure with. */
  readonly failures: string[]
}

export interface SuiteOptions {
  /** Cuts of an answer: after every so many bytes. 1: at every byte. */
  readonly stride: number
  /** Runs with random faults. */
  readonly random: number
  readonly seed: number
  /** Where the first cut is, in bytes. */
  readonly offset?: number
}

export async function runFaults(subject: Subject, options: SuiteOptions): Promise<Tally> {
  const script = await bundlePage(fileURLToPath(new URL('page.ts', import.meta.url)))
  const server = await startFaultServer({
    '/': '<!doctype html><script src="/page.js"></script>',
    '/page.js': script,
  })
  const tally: Tally = {
    subject: subject.name,
    runs: 0,
    unstarted: 0,
    lost: 0,
    repeated: 0,
    secondPosts: 0,
    worstRecoveryMs: 0,
    failures: [],
  }
  const lanes: Lane[] = []
  try {
    const first = await openLane(subject, server)
    lanes.push(first)
    const bytes = await first.measure()
    const work = scenarios(subject, options, bytes)
    while (lanes.length < subject.lanes) lanes.push(await openLane(subject, server))
    await Promise.all(
      lanes.map(async (lane) => {
        for (let scenario = work.next(); !scenario.done; scenario = work.next())
          note(tally, scenario.value, await lane.run(scenario.value))
      }),
    )
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()))
    await server.close()
  }
  return tally
}

function* scenarios(subject: Subject, { stride, random, seed, offset = 1 }: SuiteOptions, bytes: number) {
  const passing = Array.from({ length: subject.preflights }, () => ({}))
  for (let afterBytes = offset; subject.faults === 'cuts' && afterBytes < bytes; afterBytes += stride)
    yield { ...nothingWrong, seed: -afterBytes, connections: [...passing, { afterBytes }] } satisfies Scenario
  for (let index = 0; index < random; index++) yield subject.random(seed + index, bytes)
}

interface LaneRun extends ClientRun {
  readonly starts: number
}

interface Lane {
  /** Bytes of an answer that nothing disturbs. */
  measure(): Promise<number>
  run(scenario: Scenario): Promise<LaneRun>
  close(): Promise<void>
}

let ids = 0

async function openLane(subject: Subject, server: FaultServer): Promise<Lane> {
  const proxy: TcpProxy = await createTcpProxy(server.port)
  const origin = `http://127.0.0.1:${proxy.port}`
  const runner: Runner = await subject.open(origin)

  async function run(scenario: Scenario): Promise<LaneRun> {
    const channelId = `fault-suite-run-${String(++ids).padStart(8, '0')}`
    const { readOnly } = subject
    if (readOnly) await server.begin(channelId)
    const before = proxy.connections
    proxy.plan = (connection) => scenario.connections[connection - before] ?? {}
    server.failReads(channelId, scenario.reads)
    server.pace(channelId, scenario.paceMs)
    const client = await runner.run({ base: `${origin}/api/chat`, channelId, readOnly, scenario })
    return { ...client, starts: server.startsOf(channelId) }
  }

  return {
    async measure() {
      // The first asks what only a first one has to (CORS).
      await run(nothingWrong)
      const before = proxy.bytes
      await run(nothingWrong)
      return proxy.bytes - before
    },
    run,
    async close() {
      await runner.close()
      await proxy.close()
    },
  }
}

function note(tally: Tally, scenario: Scenario, run: LaneRun) {
  tally.runs++
  tally.worstRecoveryMs = Math.max(tally.worstRecoveryMs, run.longestWaitMs)
  tally.secondPosts += Math.max(0, run.starts - 1)
  if (
    run.outcome === 'error' &&
    run.code === 'CONNECTION_LOST' &&
    run.delivered.length === 0 &&
    run.starts === 0
  ) {
    tally.unstarted++
    return
  }
  const seen = new Set(run.delivered)
  const lost = expected.filter((data) => !seen.has(data)).length
  const repeated = run.delivered.length - seen.size
  tally.lost += lost
  tally.repeated += repeated
  const inOrder = run.delivered.every((data, index) => data === expected[index])
  if (lost > 0 || repeated > 0 || !inOrder || run.outcome !== 'done' || run.starts > 1)
    tally.failures.push(
      JSON.stringify({
        subject: tally.subject,
        ...run,
        delivered: run.delivered.length,
        lost,
        repeated,
        scenario,
      }),
    )
}

/** The tallies as lines of text. */
export function toTable(tallies: readonly Tally[]): string {
  const head = [
    'transport',
    'runs',
    'unstarted',
    'lost',
    'repeated',
    'second POSTs',
    'failed',
    'worst recovery',
  ]
  const rows = tallies.map((tally) => [
    tally.subject,
    ...[
      tally.runs,
      tally.unstarted,
      tally.lost,
      tally.repeated,
      tally.secondPosts,
      tally.failures.length,
    ].map(String),
    `${(tally.worstRecoveryMs / 1000).toFixed(1)} s`,
  ])
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return [head, ...rows].map(line).join('\n')
}
