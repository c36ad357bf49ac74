import { nodeClock } from '../../src/server/log/memory/node-clock.js'
import type { Clock } from '../../src/core/clock.js'

/** For a log that was opened an hour ago: the first time it asks, it is. */
export function oldLogClock(): Clock {
  let asked = 0
  return { ...nodeClock, now: () => Date.now() - (asked++ === 0 ? 3_600_000 : 0) }
}
