export interface PulseOptions<T> {
  readonly everyMs: number
  /** To the next beat where there is more to do than one found, in milliseconds. */
  readonly soonMs: number
  /** Says that this node lives, and asks what is to be done. */
  readonly beat: () => Promise<T>
  /** Does it, one answer at a time: what came meanwhile is found again. */
  readonly tend: (answer: T) => Promise<'more' | 'done'>
}

/**
 * Beats of a node, in time, whatever becomes of the one before. A log's server forgives silence where nobody is heard: were
 * a beat to wait for the work that the last one found, on a busy machine the only node that is left would be so seldom
 * heard that the dead ones are forgiven with it, over and over.
 */
export interface Pulse {
  /** No more of them; waits for those that are on their way. */
  stop(): Promise<void>
}

/** On their way or at work. Beyond it the server is away, and more would not bring it back. */
const MAX_AT_ONCE = 4

export function createPulse<T>({ everyMs, soonMs, beat, tend }: PulseOptions<T>): Pulse {
  const beats = new Set<Promise<void>>()
  let state: 'beating' | 'stopped' = 'beating'
  let work: 'none' | 'some' = 'none'
  let timer: NodeJS.Timeout | undefined
  pulse()

  function next(delayMs: number) {
    clearTimeout(timer)
    if (state === 'beating') timer = setTimeout(pulse, delayMs).unref()
  }

  function pulse() {
    next(everyMs)
    if (beats.size >= MAX_AT_ONCE) return
    // A failure is reported by the connection; the next beat comes anyway.
    const beating = once()
      .catch(() => undefined)
      .finally(() => beats.delete(beating))
    beats.add(beating)
  }

  async function once() {
    const answer = await beat()
    if (work === 'some') return
    work = 'some'
    try {
      if ((await tend(answer)) === 'more') next(Math.min(everyMs, soonMs))
    } finally {
      work = 'none'
    }
  }

  return {
    async stop() {
      state = 'stopped'
      clearTimeout(timer)
      await Promise.all(beats)
    },
  }
}
