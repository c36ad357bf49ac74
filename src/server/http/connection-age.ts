/** Chance by which ages differ, so that clients that came together do not go together. */
const JITTER = 0.1

/** Beyond it a timer would fire at once. */
const LONGEST_MS = 2_147_483_647

const agedMs = (maxMs: number) => maxMs * (1 - JITTER + 2 * JITTER * Math.random())

/** So many heartbeats are long: one more or less does not matter. */
const MANY_BEATS = 20

/**
 * When a connection is too old that looks at each heartbeat whether it is, in whole seconds of `performance.now()`: for
 * a long age this does without a timer for each. Undefined: it is not to be looked at so.
 */
export function oldAtSeconds(maxMs: number, beatMs: number): number | undefined {
  const isLong = maxMs < Infinity && maxMs >= MANY_BEATS * beatMs
  return isLong ? Math.round((performance.now() + agedMs(maxMs)) / 1_000) : undefined
}

export interface Aging {
  onTooOld(): void
}

/**
 * Tells a connection when it is as old as one may be, or its credentials expire. Returns its undo.
 * @param expiresAt milliseconds since 1970; undefined for never
 */
export function whenTooOld(maxMs: number, expiresAt: number | undefined, connection: Aging): () => void {
  const aged = agedMs(maxMs)
  const left = expiresAt === undefined ? Infinity : expiresAt - Date.now()
  const delayMs = Math.max(0, Math.min(aged, left))
  if (delayMs > LONGEST_MS) return never
  // Whole seconds where it is long: Node keeps timers of one duration in one list.
  const timer = setTimeout(tell, delayMs > 60_000 ? Math.round(delayMs / 1_000) * 1_000 : delayMs, connection)
  timer.unref()
  return () => clearTimeout(timer)
}

const never = () => undefined

const tell = (connection: Aging) => connection.onTooOld()

/** The pause asked of a client that is to come back, in milliseconds: those of a server that goes must not come at once. */
export const handOverDelay = (retryMs = 0) => Math.round(retryMs + 100 + Math.random() * 900)
