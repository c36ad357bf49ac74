/** When a timer is due, in steady time. */
export interface Due {
  readonly at: number
}

/** Time in milliseconds, begun as the clock's at the first look, made of a clock that may be set, and of timers, which nobody can set. */
export interface SteadyTime {
  now(): number
  /** A timer of so many milliseconds begins. */
  expect(delayMs: number): Due
  /** It has fired: so much time has passed. */
  reached(due: Due): void
  /** It was cleared. */
  forget(due: Due): void
}

/**
 * Between two looks a wall clock tells how much time has passed, if it is plausible: not less than nothing, and not
 * beyond the next timer, which would have fired. Else as much as can have passed counts, so that who waits for a silence
 * waits rather too long: a living connection must not be cut.
 */
export function createSteadyTime(wall: () => number): SteadyTime {
  const pending = new Set<Due>()
  let seen: number | undefined
  let passed = 0

  function now(): number {
    const wallNow = wall()
    if (seen === undefined) passed = wallNow
    const elapsed = wallNow - (seen ?? wallNow)
    seen = wallNow
    if (elapsed === 0) return passed
    let next = Infinity
    for (const { at } of pending) next = Math.min(next, at)
    const latest = Math.max(passed, next)
    if (elapsed > 0) passed = Math.min(passed + elapsed, latest)
    else if (latest < Infinity) passed = latest
    return passed
  }

  return {
    now,
    expect(delayMs) {
      const due = { at: now() + delayMs }
      pending.add(due)
      return due
    },
    reached(due) {
      pending.delete(due)
      passed = Math.max(now(), due.at)
    },
    forget: (due) => void pending.delete(due),
  }
}
