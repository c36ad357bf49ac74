import { ChannelError, toChannelError } from './channel-error.js'
import type { Clock, TimerHandle } from './clock.js'
import type { Lifecycle } from './lifecycle.js'

export interface StopTellerOptions {
  /** One delivery, however often it tries by itself. Absent: nobody can be told. */
  readonly stop: ((channelId: string) => Promise<void>) | undefined
  readonly clock: Clock
  readonly lifecycle: Lifecycle
  /** A delivery that was asked for has failed. It goes on by itself, unless the server refuses. */
  readonly onFailed: (channelId: string, error: ChannelError) => void
  /** It was delivered after all. */
  readonly onTold: (channelId: string) => void
}

/** Tells producers to stop, each of its own run, until they have heard it. */
export interface StopTeller {
  /** Idempotent while it is on its way; at once where it waits for the network. */
  tell(channelId: string): void
  /** Whether this stop is still to be told. */
  isOwed(channelId: string): boolean
}

/** Pauses between two deliveries, in milliseconds; the last one goes on. The network's return is faster. */
const PAUSES_MS = [5_000, 10_000, 20_000, 40_000, 60_000] as const

/** After so long, in milliseconds, a run has ended by itself or never will. */
const GIVE_UP_MS = 60 * 60 * 1000

interface Owed {
  readonly since: number
  readonly failures: number
  /** When it is told again; undefined while it is being told. */
  readonly at: number | undefined
}

/** While nothing is owed it holds no timer and no listener. */
export function createStopTeller(options: StopTellerOptions): StopTeller {
  const { stop, clock, lifecycle } = options
  const owed = new Map<string, Owed>()
  let timer: TimerHandle | undefined
  let unsubscribe: (() => void) | undefined

  function deliver(channelId: string, debt: Owed, wasAsked: boolean) {
    if (!stop) return
    owed.set(channelId, { ...debt, at: undefined })
    const fail = (thrown: unknown) => {
      const error = toChannelError(thrown, 'STOP_FAILED')
      const pauseMs = PAUSES_MS[Math.min(debt.failures, PAUSES_MS.length - 1)] ?? 0
      const at = clock.now() + pauseMs
      if (isRefused(error) || at - debt.since > GIVE_UP_MS) owed.delete(channelId)
      else owed.set(channelId, { since: debt.since, failures: debt.failures + 1, at })
      watch()
      if (wasAsked) options.onFailed(channelId, error)
    }
    try {
      stop(channelId).then(() => {
        owed.delete(channelId)
        watch()
        options.onTold(channelId)
      }, fail)
    } catch (thrown) {
      fail(thrown)
    }
  }

  function deliverDue(now: number) {
    for (const [channelId, debt] of [...owed])
      if (debt.at !== undefined && debt.at <= now) deliver(channelId, debt, false)
    watch()
  }

  function watch() {
    if (timer !== undefined) clock.clearTimeout(timer)
    timer = undefined
    const times = [...owed.values()].map(({ at }) => at).filter((at): at is number => at !== undefined)
    if (times.length === 0) {
      unsubscribe?.()
      unsubscribe = undefined
      return
    }
    unsubscribe ??= lifecycle.subscribe((change) => {
      if (change === 'foreground' || change === 'online' || change === 'another-network') deliverDue(Infinity)
    })
    timer = clock.setTimeout(
      () => {
        timer = undefined
        deliverDue(clock.now())
      },
      Math.max(0, Math.min(...times) - clock.now()),
    )
    letProcessEnd(timer)
  }

  return {
    tell(channelId) {
      const debt = owed.get(channelId) ?? { since: clock.now(), failures: 0, at: 0 }
      if (debt.at !== undefined) deliver(channelId, debt, true)
    },
    isOwed: (channelId) => owed.has(channelId),
  }
}

/** The server has heard it and says no, for good: another try can't help. A login may yet be renewed. */
function isRefused({ cause }: ChannelError): boolean {
  return cause instanceof ChannelError && !cause.retryable && cause.code !== 'UNAUTHORIZED'
}

/** Node waits for its timers; a script that has nothing else to do need not wait for this one. */
function letProcessEnd(timer: TimerHandle) {
  ;(timer as { unref?: () => void } | undefined)?.unref?.()
}
