import { setTimeout as delay } from 'node:timers/promises'
import { withTimeout } from './with-timeout.js'

export interface WaitOptions {
  /** Default 5000. */
  timeoutMs?: number
  /** Named in the error. */
  what?: string
}

const POLL_MS = 20

/**
 * Polls until `condition` is truthy and returns what it gave.
 * @throws {Error} on timeout: what was awaited, the last error of the condition, and `report()`
 */
export async function waitForCondition<Result>(
  condition: () => Result | Promise<Result>,
  { timeoutMs = 5_000, what = condition.toString(), report }: WaitOptions & { report: () => Promise<string> },
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
  throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}${why}\n${await report()}`)
}
