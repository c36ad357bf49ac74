import type { Clock } from '../../../core/clock.js'

/** The process's clock. Its timers do not keep the process alive: what needs one has a socket that does. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs).unref(),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  random: () => Math.random(),
}
