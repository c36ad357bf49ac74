import { eventually } from '../../helpers/eventually.js'
import { runAnswers, type Answer } from './run-answers.js'
import type { TestCluster } from './start-test-cluster.js'

/** What is done to a cluster while answers run. Resolves with the moment a producer died, if one did. */
export type Fault = (cluster: TestCluster) => Promise<number | undefined>

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export const faults: Readonly<Record<string, Fault>> = {
  'kill -9 of a node': async ({ nodes }) => {
    nodes[0]?.process.kill('SIGKILL')
    return Date.now()
  },
  'Redis killed and started again (AOF)': async ({ redis }) => {
    await redis.kill()
    await pause(500)
    await redis.start()
    return undefined
  },
  'Redis paused for 5 s': async ({ redis }) => {
    redis.pause()
    await pause(5_000)
    redis.goOn()
    return undefined
  },
  'balancer moves every client, three times': async (cluster) => {
    for (let i = 0; i < 3; i++) {
      cluster.moveAll()
      await pause(1_000)
    }
    return undefined
  },
}

export interface FaultReport {
  readonly runs: number
  readonly done: number
  /** Ended as PRODUCER_LOST, with the beginning of their text kept. */
  readonly reported: number
  /** From the death of the producer to the last report, in milliseconds; 0 when none died. */
  readonly slowestReportMs: number
  readonly lost: number
  readonly repeated: number
  readonly doubled: number
  /** Ended otherwise: with what, each once. */
  readonly failures: readonly string[]
  readonly connections: number
}

/** Breaks the cluster in the middle of `runs` answers and tells how its clients fared. */
export async function breakDuring(cluster: TestCluster, fault: Fault, runs: number): Promise<FaultReport> {
  const before = await cluster.channels()
  const answers = runAnswers(cluster.url, runs)
  await eventually('all answers run', () => answers.counts.every((count) => count > 30), 60_000)
  const diedAt = await fault(cluster)
  const all = await answers.all
  const created = (await cluster.channels()) - before
  const reported = all.filter(isReported)
  const whole = all.filter((answer) => answer.outcome === 'done' && answer.text === 'whole')
  const others = all.filter((answer) => !isReported(answer) && !whole.includes(answer))
  const ends = reported.map((answer) => answer.endedAt - (diedAt ?? answer.endedAt))
  const sum = (of: (answer: Answer) => number) => all.reduce((total, answer) => total + of(answer), 0)
  return {
    runs,
    done: whole.length,
    reported: reported.length,
    slowestReportMs: Math.max(0, ...ends),
    lost: sum((answer) => answer.missing) + others.length,
    repeated: sum((answer) => answer.repeated),
    doubled: sum((answer) => answer.starts - 1) + created - runs,
    failures: [...new Set(others.map(({ outcome, error, text }) => `${outcome} ${error}, text ${text}`))],
    connections: sum((answer) => answer.connections),
  }
}

const isReported = ({ outcome, error, text }: Answer) =>
  outcome === 'error' && /process .* died/.test(error ?? '') && text === 'beginning'
