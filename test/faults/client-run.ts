// The client's side of one run, in Node or in a page: a whole session over a platform that misbehaves.
import type { Clock } from '../../src/core/clock.js'
import type { Transport, TransportObserver } from '../../src/transports/transport.js'
import { FakeLifecycle } from '../helpers/fake-lifecycle.js'
import { runSession } from '../transports/run-session.js'
import { FaultClock, SPEED } from './fault-clock.js'
import type { Scenario } from './scenario.js'
import { seeded, type Chance } from './seeded.js'

export interface ClientRun {
  readonly outcome: string
  readonly code: string | undefined
  /** The data of every event delivered, in order. */
  readonly delivered: readonly string[]
  /** The longest wait for an event, in milliseconds of the session's clock; jumps and sleep do not count. */
  readonly longestWaitMs: number
}

/** A transport that tells events twice or in the wrong order, and does not stop when it is hung up. */
function misbehaving(transport: Transport, scenario: Scenario, chance: Chance): Transport {
  return {
    ...transport,
    stream(request, target) {
      let held: (() => void) | undefined
      let hungUp = false
      const later = (tell: () => void) => {
        if (!hungUp) return tell()
        if (scenario.late) setTimeout(tell, chance.between(0, 20))
      }
      const release = () => {
        held?.()
        held = undefined
      }
      const observer: TransportObserver = {
        ...target,
        event: (event) =>
          later(() => {
            const tell = () => target.event(event)
            if (chance.is(scenario.swap) && !held) {
              held = tell
              return
            }
            tell()
            if (chance.is(scenario.duplicate)) tell()
            release()
          }),
        finished: () => later(() => (release(), target.finished())),
        ended: () => later(() => (release(), target.ended())),
        lost: (error) => later(() => (release(), target.lost(error))),
      }
      const hangUp = transport.stream(request, observer)
      return () => {
        if (hungUp) return
        hungUp = true
        if (!scenario.late) return hangUp()
        // What a platform still has in its queues comes after the hang-up.
        setTimeout(hangUp, chance.between(0, 10))
      }
    },
  }
}

export interface ClientRunOptions {
  readonly base: string
  readonly channelId: string
  /** Reads a run that was started otherwise, for transports that know no POST. */
  readonly readOnly: boolean
  readonly scenario: Scenario
  /**
   * Of the session, by its clock, in milliseconds. Default 15,000: a second and a half of what the client's process has,
   * so that a busy machine is not taken for a dead connection.
   */
  readonly firstByteMs?: number
  /** Called for every event delivered, with how many there have been. */
  readonly onEvent?: (count: number) => void
}

export async function runClient(
  makeTransport: (clock: Clock) => Transport,
  { base, channelId, readOnly, scenario, firstByteMs = 15_000, onEvent }: ClientRunOptions,
): Promise<ClientRun> {
  const chance = seeded(scenario.seed + 1)
  const clock = new FaultClock(chance)
  const lifecycle = new FakeLifecycle()
  const sleeps = [...scenario.sleeps]
  let longestWaitMs = 0
  let lastAt = Date.now()
  let count = 0

  const arrived = () => {
    longestWaitMs = Math.max(longestWaitMs, (Date.now() - lastAt) * SPEED)
    lastAt = Date.now()
    count++
    onEvent?.(count)
    const sleep = sleeps.findIndex(({ after }) => after < count)
    if (sleep < 0) return
    const [{ forMs, jumpMs }] = sleeps.splice(sleep, 1) as [Scenario['sleeps'][number]]
    setTimeout(() => {
      lifecycle.tell('background')
      setTimeout(() => {
        clock.jump(jumpMs)
        lastAt = Date.now()
        lifecycle.tell('foreground')
      }, forMs)
    })
  }

  const run = runSession({
    base,
    transport: misbehaving(makeTransport(clock), scenario, chance),
    channelId,
    ...(readOnly && { read: true as const }),
    clock,
    lifecycle,
    onEvent: arrived,
    policy: { attempts: 60, backoff: { baseMs: 20, capMs: 200 }, firstByteMs, idleMs: 2_000 },
  })
  const { outcome, error } = await run.over
  return { outcome, code: error?.code, delivered: run.delivered, longestWaitMs }
}
