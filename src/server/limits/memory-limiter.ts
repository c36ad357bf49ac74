import type { Clock } from '../../core/clock.js'
import { nodeClock } from '../log/memory/node-clock.js'
import type { RateLimiter } from './rate-limiter.js'

interface Level {
  tokens: number
  at: number
  /** When it is full again and need not be remembered. */
  fullAt: number
}

/** A full bucket is like none, so those are forgotten when there are so many. */
const SWEEP_SIZE = 10_000

/** Buckets in the memory of this process. */
export function memoryLimiter(clock: Clock = nodeClock): RateLimiter {
  const levels = new Map<string, Level>()
  let sweepSize = SWEEP_SIZE

  function sweep(now: number) {
    for (const [key, level] of levels) if (level.fullAt <= now) levels.delete(key)
    // All of them in use: looking again at each call would be quadratic.
    sweepSize = Math.max(SWEEP_SIZE, levels.size * 2)
  }

  return {
    async take(key, { capacity, perSecond }) {
      const now = clock.now()
      if (levels.size >= sweepSize) sweep(now)
      const level = levels.get(key) ?? { tokens: capacity, at: now, fullAt: now }
      levels.set(key, level)
      level.tokens = Math.min(capacity, level.tokens + (Math.max(0, now - level.at) / 1000) * perSecond)
      level.at = now
      const waitMs = level.tokens >= 1 ? 0 : Math.ceil(((1 - level.tokens) / perSecond) * 1000)
      if (waitMs === 0) level.tokens--
      level.fullAt = now + ((capacity - level.tokens) / perSecond) * 1000
      return waitMs
    },
    close: () => levels.clear(),
  }
}
