/** `suspended`: the app is in the background and its JavaScript stands still. */
export type ProcessState = 'foreground' | 'background' | 'suspended' | 'ended'

/** Beyond it, timers of Node and of browsers fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * When the logic layer's code may run. Everything that calls into it from outside (timers, answers from the
 * network) passes through here, so that nothing happens while suspended and all of it late, after the resume.
 */
export class AppProcess {
  #state: ProcessState = 'foreground'
  #late: (() => void)[] = []
  #suspendTimer: ReturnType<typeof setTimeout> | undefined
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  readonly #onSuspend = new Set<() => void>()
  readonly #reportError: (error: unknown) => void

  constructor(reportError: (error: unknown) => void) {
    this.#reportError = reportError
  }

  get state(): ProcessState {
    return this.#state
  }

  /** Calls `work` in a task of its own, as everything from the native side arrives; late if suspended by then. */
  deliver(work: () => void): void {
    this.after(0, work)
  }

  /** Calls `work` after `delayMs`; late if suspended by then. Returns the undo. */
  after(delayMs: number, work: () => void): () => void {
    if (this.#state === 'ended') return () => {}
    let cancelled = false
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.run(() => {
          if (!cancelled) work()
        })
      },
      Math.min(delayMs, LONGEST_TIMER_MS),
    )
    this.#timers.add(timer)
    return () => {
      // Clearing the timer is not enough once its work waits for the resume.
      cancelled = true
      clearTimeout(timer)
      this.#timers.delete(timer)
    }
  }

  /** Calls `work` at once, or after the resume when suspended. */
  run(work: () => void): void {
    if (this.#state === 'ended') return
    if (this.#state === 'suspended') return void this.#late.push(work)
    try {
      work()
    } catch (error) {
      this.#reportError(error)
    }
  }

  /** Called at the moment of suspension, before anything else is held back; returns its undo. */
  onSuspend(listener: () => void): () => void {
    this.#onSuspend.add(listener)
    return () => void this.#onSuspend.delete(listener)
  }

  /** Goes to the background and, if `suspendAfterMs` is given, to sleep that much later. */
  hide(suspendAfterMs: number | undefined): void {
    if (this.#state !== 'foreground') return
    this.#state = 'background'
    if (suspendAfterMs === undefined) return
    if (suspendAfterMs === 0) this.#suspend()
    else this.#suspendTimer = setTimeout(() => this.#suspend(), suspendAfterMs)
  }

  /** Back to the foreground. What was held back runs in order, in a later task: the show hooks come first. */
  show(): void {
    if (this.#state === 'ended') return
    clearTimeout(this.#suspendTimer)
    this.#state = 'foreground'
    const late = this.#late
    this.#late = []
    for (const work of late) this.deliver(work)
  }

  end(): void {
    this.#state = 'ended'
    this.#late = []
    clearTimeout(this.#suspendTimer)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #suspend(): void {
    this.#state = 'suspended'
    for (const listener of [...this.#onSuspend]) listener()
  }
}
