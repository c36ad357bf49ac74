/** Appends that may be on their way to the log at once: enough to keep a pipelined log busy, little to lose. */
const MAX_IN_FLIGHT = 2_048

const NOW = Promise.resolve()

/** Lets one writer run ahead of a slow log by a bounded number of appends. */
export interface AppendWindow {
  /** Resolves when there is room for the next. Rejects with the first failure, then for good. */
  push(append: () => Promise<unknown>): Promise<void>
  /** Resolves when all have arrived; rejects with the first failure. */
  flush(): Promise<void>
}

export function createAppendWindow(): AppendWindow {
  let inFlight = 0
  let failure: { readonly error: unknown } | undefined
  let waiters: { readonly below: number; readonly wake: () => void }[] = []

  function settle() {
    inFlight--
    if (waiters.length === 0) return
    const ready = waiters.filter((waiter) => failure || inFlight < waiter.below)
    waiters = waiters.filter((waiter) => !ready.includes(waiter))
    for (const waiter of ready) waiter.wake()
  }

  function until(below: number): Promise<void> {
    if (failure) return Promise.reject(failure.error)
    return inFlight < below ? NOW : wait(below)
  }

  async function wait(below: number) {
    await new Promise<void>((wake) => waiters.push({ below, wake }))
    if (failure) throw failure.error
  }

  return {
    push(append) {
      if (failure) return Promise.reject(failure.error)
      inFlight++
      append().then(settle, (error: unknown) => {
        failure = failure ?? { error }
        settle()
      })
      return until(MAX_IN_FLIGHT)
    },
    flush: () => until(1),
  }
}
