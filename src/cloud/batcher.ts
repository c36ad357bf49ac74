export interface Batcher<T> {
  add(item: T): void
  /** Sends what is left without any further pause. @throws what `send` threw */
  drained(): Promise<void>
  /** Items not sent yet. */
  readonly waiting: number
}

/**
 * Sends items in order, one batch at a time, the first at once and then at most one each `pauseMs`: a slow
 * receiver gets fewer and larger batches, never a queue of small ones. After a failure nothing more is sent.
 */
export function createBatcher<T>(send: (batch: T[]) => Promise<void>, pauseMs: number): Batcher<T> {
  let queue: T[] = []
  let inFlight = 0
  let loop: Promise<void> | undefined
  let wake: (() => void) | undefined
  let draining = false

  async function run() {
    while (queue.length > 0) {
      const batch = queue
      queue = []
      inFlight = batch.length
      await send(batch)
      inFlight = 0
      if (!draining) await pause()
    }
    loop = undefined
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  function start() {
    if (loop) return
    loop = run()
    // Whoever drains hears of a failure; until then it must not count as unhandled.
    loop.catch(() => undefined)
  }

  return {
    add(item) {
      queue.push(item)
      start()
    },
    async drained() {
      draining = true
      wake?.()
      while (loop) await loop
    },
    get waiting() {
      return queue.length + inFlight
    },
  }
}
