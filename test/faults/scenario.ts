import type { ConnectionPlan } from '../helpers/tcp-proxy.js'
import { seeded } from './seeded.js'

/** The platform puts the app to sleep. */
export interface Sleep {
  /** Events delivered before it. */
  readonly after: number
  /** Real milliseconds. */
  readonly forMs: number
  /** How far the clock has jumped when it wakes, in milliseconds. */
  readonly jumpMs: number
}

/** An App's page, the one that streams, goes while it does. */
export interface PageDeath {
  /** Events delivered before it. */
  readonly after: number
  /**
   * - `close`: with all other pages; a new one takes their place.
   * - `reload`: the system has killed its process.
   * - `stall`: its process stands still until the run is over.
   */
  readonly kind: 'close' | 'reload' | 'stall'
}

/** What goes wrong in one run; plain data, so that it can be printed and sent to a browser. */
export interface Scenario {
  readonly seed: number
  /** Of the first connections; the others pass. */
  readonly connections: readonly ConnectionPlan[]
  /** Statuses that the first reads are answered with; null lets one through. */
  readonly reads: readonly (number | null)[]
  /** Probabilities, for each event. */
  readonly duplicate: number
  readonly swap: number
  /** A hung-up connection goes on talking. */
  readonly late: boolean
  readonly sleeps: readonly Sleep[]
  /** For subjects that stream in pages. */
  readonly pages: readonly PageDeath[]
  /** Pause of the producer after each event, in milliseconds. */
  readonly paceMs: number
}

export const nothingWrong: Scenario = {
  seed: 0,
  connections: [],
  reads: [],
  duplicate: 0,
  swap: 0,
  late: false,
  sleeps: [],
  pages: [],
  paceMs: 0,
}

/** @param bytes what an answer takes on the wire */
export function randomScenario(seed: number, bytes: number): Scenario {
  const chance = seeded(seed)
  const connection = (index: number): ConnectionPlan => {
    const slow = chance.is(0.15) ? { delayMs: chance.between(1, 120) } : {}
    const dribble = chance.is(0.2) ? { bytesPerWrite: chance.between(1, 40) } : {}
    const kind = chance.next()
    // The start itself is refused seldom: then there is nothing to lose.
    if (kind < (index === 0 ? 0.01 : 0.1)) return { mode: 'refuse' }
    if (kind < 0.2) return { ...slow, ...dribble }
    return {
      ...slow,
      ...dribble,
      afterBytes: chance.between(1, bytes),
      fate: chance.pick(['reset', 'reset', 'end', 'silence'] as const),
    }
  }
  return {
    ...nothingWrong,
    seed,
    connections: Array.from({ length: chance.between(1, 6) }, (_, index) => connection(index)),
    reads: Array.from({ length: chance.is(0.3) ? chance.between(1, 3) : 0 }, () =>
      chance.pick([500, 503, null]),
    ),
    duplicate: chance.is(0.3) ? 0.2 : 0,
    swap: chance.is(0.2) ? 0.05 : 0,
    late: chance.is(0.3),
    sleeps: Array.from({ length: chance.is(0.3) ? chance.between(1, 2) : 0 }, () => ({
      after: chance.between(0, 12),
      forMs: chance.between(0, 30),
      jumpMs: chance.pick([0, 60_000, 3_600_000]),
    })),
  }
}

/** The page that streams goes once or twice in the middle of an answer; sometimes the network does too. */
export function dyingPages(seed: number, bytes: number): Scenario {
  const chance = seeded(seed)
  const death = (): PageDeath => ({
    after: chance.between(1, 12),
    kind: chance.pick(['close', 'reload', 'stall'] as const),
  })
  return {
    ...nothingWrong,
    seed,
    connections: chance.is(0.3) ? [{ afterBytes: chance.between(1, bytes) }] : [],
    pages: chance.is(0.2) ? [death(), death()] : [death()],
    paceMs: chance.between(4, 12),
  }
}
