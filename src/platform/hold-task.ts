import type { ChannelError } from '../core/channel-error.js'
import { platformThrow } from './platform-error.js'
import { isThenable, quietly } from './quietly.js'

/** A call that gives a task: a request, a socket, a stream. */
export interface TaskCall<Task> {
  /** For errors: `uni.request`. */
  readonly name: string
  /** The method that ends a task. Whatever lacks it is no task. */
  readonly endsBy: 'abort' | 'close'
  /** How it is ended, where that takes arguments. */
  readonly end?: (task: Task) => unknown
  call(): unknown
  /**
   * The task is here: at once, or when the app's interceptors are done. Undefined where there is none: an interceptor
   * or a wrapper kept it, so the callbacks must do. Not told after `end()`.
   */
  given(task: Task | undefined): void
  /** The call threw, or its promise was rejected. Whether it was made is not known. Not told after `end()`. */
  failed(error: ChannelError): void
}

export interface HeldTask<Task> {
  /** Makes the call, once; not after `end()`. What the platform tells at once may use and end the task already. */
  begin(): void
  /** Does it with the task, if there is one by now. */
  use(action: (task: Task) => unknown): void
  /** Ends the task: now, or as soon as it comes. Idempotent. */
  end(): void
  /**
   * It still speaks after its end, which may have come before there was anything to end. Does nothing before the end,
   * and the second time.
   */
  endAgain(): void
}

/**
 * The one way to a platform's task. What the call gives may be the task, a promise of it, or nothing; it may throw, and
 * so may every method of the task. None of that gets through.
 */
export function holdTask<Task extends object>(options: TaskCall<Task>): HeldTask<Task> {
  const { name, endsBy, call, given, failed } = options
  let state: 'awaited' | 'here' | 'ended' | 'ended again' = 'awaited'
  let held: Task | undefined

  const isTask = (value: unknown): value is Task =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[endsBy] === 'function'

  const end = options.end ?? ((task) => (task as Record<typeof endsBy, () => unknown>)[endsBy]())
  const finish = (task: Task) => quietly(() => end(task))

  function take(value: unknown) {
    const task = isTask(value) ? value : undefined
    held = task
    if (isEnded()) return void (task && finish(task))
    state = 'here'
    given(task)
  }

  function fail(thrown: unknown) {
    if (!isEnded()) failed(platformThrow(name, thrown))
  }

  function begin() {
    if (isEnded()) return
    let value: unknown
    try {
      value = call()
    } catch (thrown) {
      return fail(thrown)
    }
    // Some wrappers give a promise of the answer that is the task, too.
    if (isTask(value) || !isThenable(value)) {
      if (isThenable(value)) value.then(undefined, () => undefined)
      return take(value)
    }
    value.then(take, fail)
  }

  const isEnded = () => state === 'ended' || state === 'ended again'

  return {
    begin,
    use(action) {
      const task = held
      if (task) quietly(() => action(task))
    },
    end() {
      if (isEnded()) return
      state = 'ended'
      if (held) finish(held)
    },
    endAgain() {
      if (state !== 'ended' || !held) return
      state = 'ended again'
      finish(held)
    },
  }
}
