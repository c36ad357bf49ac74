import { eventually } from '../../helpers/eventually.js'
import { runAnswers, type Answer } from './run-answers.js'
import type { TestCluster } from './start-test-cluster.js'
import type { Store } from './stores.js'

/** What is done to a cluster while answers run. */
export interface Fault<S extends Store> {
  /** Resolves with the moment a producer died, if one did. */
  strike(cluster: TestCluster<S>): Promise<number | undefined>
  /** What those are told whose answer can't go on: matches the error or its code. Absent: every answer goes on. */
  readonly told?: RegExp
}

export interface FaultReport {
  readonly runs: number
  readonly done: number
  /** Were told that it can't go on, with the beginning of their text kept. */
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
export async function breakDuring<S extends Store>(
  cluster: TestCluster<S>,
  fault: Fault<S>,
  runs: number,
): Promise<FaultReport> {
  const before = cluster.begun()
  const isReported = ({ outcome, error, text }: Answer) =>
    outcome === 'error' && fault.told?.test(error ?? '') === true && text === 'beginning'
  const answers = runAnswers(cluster.url, runs)
  await eventually('all answers run', () => answers.counts.every((count) => count > 30), 60_000)
  const diedAt = await fault.strike(cluster)
  const all = await answers.all
  const begun = cluster.begun() - before
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
    doubled: sum((answer) => answer.starts - 1) + begun - runs,
    failures: [...new Set(others.map(({ outcome, error, text }) => `${outcome} ${error}, text ${text}`))],
    connections: sum((answer) => answer.connections),
  }
}
