import { ChannelError } from '../core/channel-error.js'
import type { Clock } from '../core/clock.js'
import { knownOf, type Known } from '../core/known.js'
import type { Lifecycle } from '../core/lifecycle.js'
import { createSession, type Background } from '../core/session.js'
import type { Source } from '../core/source.js'
import { isLive, type Outcome, type Policy, type State } from '../core/state.js'
import type { Decoder } from '../decoders/decoder.js'
import type { Origin } from '../messages/message-of.js'
import { createChannelId } from '../transports/create-channel-id.js'
import { createChannelView } from './channel-view.js'
import type { Channel, ChannelStatus, ResumeTarget } from './channel.js'
import { isDomEvent } from './is-dom-event.js'
import { nextAsk } from './next-ask.js'
import { createReading } from './reading.js'
import { untracked } from './untracked.js'

export interface ChannelOptions {
  readonly key: string
  readonly source: Source
  readonly decoder: Decoder
  readonly policy: Policy
  readonly background: Background
  readonly lifecycle: Lifecycle
  readonly clock: Clock
}

/** A channel: what may be asked next is decided here, from plain state. */
export function createChannel(options: ChannelOptions): Channel {
  const { source, clock } = options
  const reading = createReading(options.decoder)
  const { refs, show: showAll, showConnection } = createChannelView(reading)

  // What is done is decided from these alone: a watcher may look and act between the change of one ref and the next.
  let now: { readonly status: ChannelStatus; readonly error: ChannelError | undefined } = NOTHING
  let known: Known | undefined
  let input: { readonly value: unknown } | undefined
  let origin: Origin | undefined
  let began: number | undefined
  let settle: ((outcome: Outcome) => void) | undefined
  let opening = false
  let flushing = false

  const session = createSession<unknown>({
    ...options,
    receive(event) {
      const ending = reading.take(event)
      scheduleFlush()
      return ending
    },
    closed: reading.closed,
    onState: follow,
    onStopFailed: (failure) => known && showError(failure),
    onStopTold: forgetStop,
  })

  // Many events come in one piece of the network: the refs change once for all of them.
  function scheduleFlush() {
    if (flushing) return
    flushing = true
    void Promise.resolve().then(() => {
      if (!flushing) return
      if (now.status === 'submitted' && isLive(session.state)) now = { ...now, status: 'streaming' }
      show()
    })
  }

  function standing() {
    const { name } = session.state
    return {
      status: now.status,
      error: now.error,
      connection: name === 'idle' ? ('closed' as const) : name,
      channelId: known?.channelId ?? '',
      cursor: known?.cursor,
      startedAt: began,
      isGoing: settle !== undefined,
    }
  }

  function show() {
    flushing = false
    showAll(standing())
  }

  function showError(error: ChannelError | undefined) {
    now = { ...now, error }
    show()
  }

  function forgetStop() {
    if (now.error?.code === 'STOP_FAILED') showError(undefined)
  }

  function follow(state: State) {
    // Cleared meanwhile.
    if (!known || state.name === 'idle') return
    known = state.run.known
    if (state.name === 'closed') end(state.outcome, state.error)
    else if (!opening) showConnection(standing())
  }

  function end(outcome: Outcome, failure: ChannelError | undefined) {
    reading.end(outcome)
    now = { status: outcome, error: failure }
    const resolve = settle
    settle = undefined
    if (!opening) show()
    resolve?.(outcome)
  }

  function begin(open: () => void): Promise<Outcome> {
    now = { status: 'submitted', error: undefined }
    return new Promise((resolve) => {
      settle = resolve
      opening = true
      try {
        open()
      } finally {
        opening = false
      }
      show()
    })
  }

  /** @param isHeld what is in view stays there until as much has come again */
  function forget(isHeld: boolean) {
    reading.begin(origin, isHeld)
    began = clock.now()
  }

  function refuseWhileLive() {
    // A start made inside a callback of the session is live before its state says so.
    if (isGoing()) throw new ChannelError('RUN_ACTIVE')
  }

  const isGoing = () => settle !== undefined || isLive(session.state)

  function run(next: Known, value: unknown): Promise<Outcome> {
    known = next
    input = { value }
    return begin(() => session.start(next, value))
  }

  async function resume(given?: ResumeTarget): Promise<Outcome> {
    refuseWhileLive()
    // `@click="resume"` hands over the event.
    const target = typeof given?.channelId === 'string' ? given : undefined
    const isHere = known !== undefined && (!target || target.channelId === known.channelId)
    const former = isHere ? known : target && knownOf(target.channelId)
    if (!former) throw new ChannelError('NOTHING_TO_RESUME')
    // The input of another channel must not be what a retry sends.
    if (!isHere) input = undefined
    const cursor = target ? target.cursor : former.cursor
    let next: Known = { ...former, cursor }
    // Read from its start, a channel tells again what is here already.
    if (target || cursor === undefined) {
      next = { ...next, blind: false, delivered: false }
      if (target) origin = target.origin
      forget(isHere && !target?.cursor)
    }
    known = next
    return begin(() => session.read(next))
  }

  async function retry(): Promise<Outcome> {
    refuseWhileLive()
    if (!known) throw new ChannelError('NOTHING_TO_RESUME')
    const canRead = source.canRead(known.channelId, known.cursor)
    const next = nextAsk(known, now.error?.code, input !== undefined, canRead)
    if (next === 'read') return resume()
    if (!input) throw new ChannelError('NOTHING_TO_RESUME')
    forget(true)
    if (next === 'same') return run(known, input.value)
    // It may still be going, and nobody can read it any more.
    if (known.fate !== 'over' && known.server !== 'foreign') session.stopRun(known.channelId)
    return run(knownOf(createChannelId()), input.value)
  }

  return {
    ...refs,
    key: options.key,
    get isLive() {
      return isGoing()
    },

    start: async (value, plan) =>
      untracked(() => {
        refuseWhileLive()
        origin = plan?.origin
        forget(false)
        return run(knownOf(plan?.channelId ?? createChannelId()), isDomEvent(value) ? undefined : value)
      }),

    stop: () =>
      untracked(() => {
        // Told again, it may be heard now.
        forgetStop()
        session.stop()
      }),

    retry: async () => untracked(retry),
    resume: async (target) => untracked(() => resume(target)),

    clear: () =>
      untracked(() => {
        const resolve = settle
        settle = undefined
        known = undefined
        input = undefined
        now = NOTHING
        session.stop()
        origin = undefined
        forget(false)
        began = undefined
        show()
        resolve?.('stopped')
      }),

    tap: reading.tap,
  }
}

const NOTHING = { status: 'idle', error: undefined } as const
