import type { Clock } from '../../src/core/clock.js'
import type { Chance } from './seeded.js'

/** The session's clock runs so much faster than the wall's, so that pauses of seconds take milliseconds. */
export const SPEED = 10
const TICK_MS = 5
/** What passes between two ticks at the most, however long a busy machine keeps this process or page waiting. */
const MOST_MS = 15

let passedMs = 0
let tickedAt = 0

/** Milliseconds that this process or page has had: its stalls are not the silence of a connection. */
function ownNow(): number {
  const now = Date.now()
  if (tickedAt === 0) {
    const timer: unknown = setInterval(ownNow, TICK_MS)
    // In Node it must not keep the process.
    ;(timer as { unref?(): void }).unref?.()
    tickedAt = now
  }
  passedMs += Math.min(Math.max(now - tickedAt, 0), MOST_MS)
  tickedAt = now
  return passedMs
}

interface Timer {
  handle: ReturnType<typeof setTimeout>
}

/** The clock of one client: fast, and able to jump, as that of a phone that slept. */
export class FaultClock implements Clock {
  #jumped = 0
  readonly #begun = Date.now() - ownNow() * SPEED
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  now = () => this.#begun + ownNow() * SPEED + this.#jumped
  clearTimeout = (timer: unknown) => clearTimeout((timer as Timer | undefined)?.handle)
  random = () => this.#chance.next()

  setTimeout = (run: () => void, delayMs: number): Timer => {
    const due = ownNow() + delayMs / SPEED
    const wait = (): ReturnType<typeof setTimeout> =>
      setTimeout(
        () => {
          if (ownNow() >= due) run()
          else timer.handle = wait()
        },
        Math.min(Math.ceil(due - ownNow()), LONGEST_MS),
      )
    const timer: Timer = { handle: wait() }
    return timer
  }

  jump(ms: number) {
    this.#jumped += ms
  }
}

/** Of a timer of the platform. */
const LONGEST_MS = 2 ** 31 - 1
