import { setTimeout as delay } from 'node:timers/promises'
import { withTimeout } from './with-timeout.js'

export interface WaitOptions {
  /** Default 30,000: what is not awaited in vain costs nothing, however busy the machine is. */
  timeoutMs?: number
  /** Named in the error. */
  what?: string
}

const POLL_MS = 20
const REPORT_TIMEOUT_MS = 10_000

/**
 * Polls until `condition` is truthy and returns what it gave.
 * @throws {Error} on timeout: what was awaited, the last error of the condition, and `report()`
 */
export async function waitForCondition<Result>(
  condition: () => Result | Promise<Result>,
  {
    timeoutMs = 30_000,
    what = condition.toString(),
    report,
  }: WaitOptions & { report: () => Promise<string> },
): Promise<Result> {
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  do {
    try {
      const left = Math.max(1, deadline - performance.now())
      const result = await withTimeout(Promise.resolve(condition()), left, 'no answer')
      if (result) return result
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await delay(POLL_MS)
  } while (performance.now() < deadline)
  const why = lastError === undefined ? '' : `\nlast error: ${String(lastError)}`
  // What is broken may not answer either, and must not hide what was awaited.
  const state = await withTimeout(report(), REPORT_TIMEOUT_MS, 'no report').catch(String)
  throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}${why}\n${state}`)
}
