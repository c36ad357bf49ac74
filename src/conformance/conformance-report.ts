import { LEVELS, type Level } from './conformance-case.js'
import type { CaseResult, ConformanceResult } from './run-conformance.js'

const TITLES: Readonly<Record<Level, string>> = {
  plain: 'plain stream: an answer streams, and says that it is complete',
  stoppable: 'stoppable: a stop reaches the producer',
  resumable: 'resumable: a lost connection loses, repeats and re-bills nothing',
  gaps: 'gaps told: what can not be read any more is never a silent hole',
  guarded: 'guarded: bad input and other users do no harm',
}

/** The result for people: level by level, and for all that is missing what came instead and what to do. */
export function conformanceReport({ level, results }: ConformanceResult): string {
  const parts = LEVELS.map((one) =>
    levelReport(
      one,
      results.filter((result) => result.case.level === one),
    ),
  )
  const reached = level === undefined ? 'none' : level
  return [...parts, `Level reached: ${reached}`].join('\n\n') + '\n'
}

function levelReport(level: Level, results: readonly CaseResult[]): string {
  const duties = results.filter((result) => result.case.weight !== 'advice' && result.verdict !== 'skipped')
  const held = duties.filter((result) => result.verdict === 'held').length
  const mark = held === duties.length ? '✓' : '✗'
  const lines = results.filter((result) => result.verdict !== 'held').flatMap(caseReport)
  return [`${mark} ${TITLES[level]} (${held} of ${duties.length})`, ...lines].join('\n')
}

function caseReport({ case: one, verdict, found }: CaseResult): string[] {
  const name = `    ${one.weight === 'advice' ? 'advice' : verdict} · ${one.name}`
  if (verdict === 'skipped') {
    const options = one.credentials === 'user' ? '--header' : '--header and --other-header'
    return [name, `        Not tried: it needs ${options}. ${one.promise}`]
  }
  return [
    name,
    `        Wanted: ${one.promise}`,
    `        Found:  ${found.join(' ')}`,
    ...(verdict === 'untried' ? [] : [`        Cure:   ${one.cure}`]),
  ]
}
