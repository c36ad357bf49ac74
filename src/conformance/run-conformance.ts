import { randomBytes } from 'node:crypto'
import { ask, type Open } from './ask.js'
import { LEVELS, type ConformanceCase, type Level, type Sending, type Step } from './conformance-case.js'
import { gapsCases } from './gaps-cases.js'
import { guardedCases } from './guarded-cases.js'
import { judge } from './judge.js'
import { plainCases } from './plain-cases.js'
import { fillIn, recordingOf, type Recording } from './recordings.js'
import { resumableCases } from './resumable-cases.js'
import { stoppableCases } from './stoppable-cases.js'

export interface ConformanceOptions {
  /** Where the server takes a start, `http://127.0.0.1:8000/api/chat`. Nothing else is talked to. */
  readonly url: string
  /** JSON that makes the server answer. */
  readonly body: string
  /** Sent with every request: who asks. */
  readonly headers?: Readonly<Record<string, string>>
  /** The credentials of another user. */
  readonly otherHeaders?: Readonly<Record<string, string>>
  /** Time for one answer, in milliseconds. Default 60,000. */
  readonly answerMs?: number
  /** Time for all, in milliseconds; what was not tried by then counts as missing. Default 300,000. */
  readonly totalMs?: number
}

/**
 * `held`; `missing`: the server does something else; `untried`: something before it is missing; `skipped`: the runner
 * was given no credentials for it.
 */
export type Verdict = 'held' | 'missing' | 'untried' | 'skipped'

export interface CaseResult {
  readonly case: ConformanceCase
  readonly verdict: Verdict
  /** What was asked and what came instead, one sentence each. */
  readonly found: readonly string[]
}

export interface ConformanceResult {
  /** The highest level of which nothing is missing, nor of those below it. Undefined: none. */
  readonly level: Level | undefined
  readonly results: readonly CaseResult[]
}

const CASES = [...plainCases, ...stoppableCases, ...resumableCases, ...gapsCases, ...guardedCases]

/** Holds a server against the protocol, one request after the other. Never rejects for what the server does. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const { answerMs = 60_000, totalMs = 300_000 } = options
  const deadline = Date.now() + totalMs
  const recordings: Record<string, Recording> = {}
  const held: Record<string, Open> = {}

  async function send(step: Extract<Step, { kind: 'send' }>): Promise<string[]> {
    const { send: sending, until = 'end', record, append, expect } = step
    const timeoutMs = Math.min(answerMs, deadline - Date.now())
    let open: Open
    try {
      open = await ask({ ...questionOf(sending, options), timeoutMs })
    } catch (error) {
      return [`No answer came: ${error instanceof Error ? error.message : String(error)}.`]
    }
    const { status = [200] } = expect
    // Another answer may be a stream without an end.
    const answer = await open.read(status.includes(open.status) ? until : 0)
    if (step.hold && record !== undefined) held[record] = open
    else open.hangUp()
    const found = judge(answer, expect, recordings, until === 'end')
    const name = record ?? append
    if (name !== undefined && answer.status === 200)
      recordings[name] = recordingOf(answer, append === undefined ? undefined : recordings[append])
    return found
  }

  async function take(step: Step): Promise<string[]> {
    if (step.kind === 'send') return send(step)
    if (step.kind === 'look') {
      const { head, events } = recordings[step.at] as Recording
      return judge({ ...head, events }, step.expect, recordings, true)
    }
    const answer = await (held[step.of] as Open).read('end')
    return judge(answer, step.expect, recordings, true)
  }

  async function tryCase(one: ConformanceCase): Promise<CaseResult> {
    const given = one.credentials === 'user' ? options.headers : options.otherHeaders
    if (one.credentials && !given) return { case: one, verdict: 'skipped', found: [] }
    for (const step of one.steps) {
      const lacking = lackingFor(step)
      if (lacking !== undefined) return { case: one, verdict: 'untried', found: [lacking] }
      if (Date.now() >= deadline) return { case: one, verdict: 'untried', found: ['The time is up.'] }
      const filled = fillIn(step, recordings, newId)
      if (filled.kind === 'lacking') return { case: one, verdict: 'untried', found: [filled.why] }
      const found = await take(filled.value)
      if (found.length > 0) return { case: one, verdict: 'missing', found: [titleOf(filled.value), ...found] }
    }
    return { case: one, verdict: 'held', found: [] }
  }

  /** Names that are not in braces. */
  function lackingFor(step: Step): string | undefined {
    const names =
      step.kind === 'look' ? [step.at] : step.kind === 'rest' ? [] : step.append ? [step.append] : []
    if (step.kind === 'rest' && !held[step.of]) return 'The run could not be started.'
    return names.every((name) => recordings[name]) ? undefined : 'An answer that this needs did not come.'
  }

  const results: CaseResult[] = []
  try {
    for (const one of CASES) results.push(await tryCase(one))
  } finally {
    for (const open of Object.values(held)) open.hangUp()
  }
  return { level: reached(results), results }
}

const newId = () => randomBytes(15).toString('base64url')

const LARGE = ' '.repeat(8 * 1024 * 1024)

function questionOf({ method, path = '', headers, body, as = 'user' }: Sending, options: ConformanceOptions) {
  const [base = '', query] = options.url.split('?')
  // As the address has it for a start: a slash at its end may matter.
  const address = path === '' ? base : base.replace(/\/+$/, '') + path
  const url = query === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}${query}`
  const credentials = { user: options.headers, 'other user': options.otherHeaders, nobody: {} }[as]
  const type =
    body === undefined ? {} : { 'content-type': typeof body === 'object' ? body.type : 'application/json' }
  const text = typeof body === 'object' ? body.text : body === 'large' ? options.body + LARGE : options.body
  return {
    method,
    url,
    headers: { accept: method === 'POST' ? 'text/event-stream' : '*/*', ...type, ...headers, ...credentials },
    body: body === undefined ? (method === 'GET' ? undefined : '') : text,
  }
}

function titleOf(step: Step): string {
  if (step.kind !== 'send') return 'In the stream:'
  const { method, path = '', headers = {}, as = 'user' } = step.send
  const cursor = headers['last-event-id']
  const address = path === '' ? '{base}' : path.length > 80 ? `${path.slice(0, 80)}…` : path
  return `${method} ${address}${cursor === undefined ? '' : `, Last-Event-ID: ${cursor}`}${as === 'user' ? '' : ` (${as})`}:`
}

function reached(results: readonly CaseResult[]): Level | undefined {
  const lacks = (level: Level) =>
    results.some(
      ({ case: { level: of, weight }, verdict }) =>
        of === level && weight !== 'advice' && (verdict === 'missing' || verdict === 'untried'),
    )
  const first = LEVELS.findIndex(lacks)
  return first < 0 ? LEVELS[LEVELS.length - 1] : LEVELS[first - 1]
}
