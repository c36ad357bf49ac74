import type { Clock } from '../core/clock.js'
import { createSteadyTime } from './steady-time.js'

const withoutPerformance = createSteadyTime(() => Date.now())

const hasPerformance = () => typeof performance === 'object' && typeof performance.now === 'function'

let origin: number | undefined

/** When `performance.now()` was 0, in milliseconds since the epoch. Not every realm tells. */
const originOfTime = (): number => performance.timeOrigin || (origin ??= Date.now() - performance.now())

/**
 * The realm's own timers, and a time that nobody can set: a phone's clock is put right, or wrong, at any moment.
 * All is looked up at each call so that a test's fake timers count.
 */
export const systemClock: Clock = {
  now: () => (hasPerformance() ? originOfTime() + performance.now() : withoutPerformance.now()),
  setTimeout(run, delayMs) {
    if (hasPerformance()) return setTimeout(run, delayMs)
    // Mini-programs: what is known of time is when a timer fires.
    const due = withoutPerformance.expect(delayMs)
    const handle: Handle = {
      due,
      timer: setTimeout(() => {
        withoutPerformance.reached(due)
        run()
      }, delayMs),
    }
    return handle
  },
  clearTimeout(handle) {
    const given = handle as Handle | ReturnType<typeof setTimeout> | undefined
    if (!isHandle(given)) return clearTimeout(given)
    withoutPerformance.forget(given.due)
    clearTimeout(given.timer)
  },
  random: () => Math.random(),
}

interface Handle {
  readonly due: { readonly at: number }
  readonly timer: ReturnType<typeof setTimeout>
}

const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' && value !== null && 'due' in value && 'timer' in value
