export interface BackoffPolicy {
  /** First step, in milliseconds. */
  readonly baseMs: number
  /** Longest step, in milliseconds. */
  readonly capMs: number
}

/**
 * Delay before retry `attempt` (1-based), in milliseconds.
 * Full jitter over min(capMs, baseMs · 2^(attempt-1)), on top of `floorMs` (`Retry-After`, `retry:`).
 * @param random uniform in [0, 1)
 * @throws {RangeError} attempt < 1
 * @see docs/protocol.md#reconnecting
 */
export function backoffMs(attempt: number, policy: BackoffPolicy, random: number, floorMs = 0): number {
  if (!(attempt >= 1)) throw new RangeError(`attempt starts at 1, got ${attempt}`)
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1))
  return floorMs + Math.floor(random * ceiling)
}
