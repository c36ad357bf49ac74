import { toChannelError, type ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'
import type { Clock, TimerHandle } from './clock.js'
import type { Known, ServerKind } from './known.js'
import type { Lifecycle } from './lifecycle.js'
import type { HangUp, Observer, Source } from './source.js'
import { alarmAt, initialState, isLive } from './state.js'
import type { Away, Effect, Input, Outcome, Policy, State } from './state.js'
import { step } from './step.js'
import { createStopTeller } from './stop-teller.js'

/**
 * What going to the background does to a run.
 * - `resume`: hang up, and read on from the cursor when back (default).
 * - `keep`: leave the connection alone; the platform may still cut it.
 * - `stop`: stop the run, the producer too.
 *
 * Being offline is none of these: whatever the policy, hidden or not, the run waits for the network and reads on.
 */
export type Background = 'resume' | 'keep' | 'stop'

/** The end of a run, as the consumer read it in an event. */
export interface Ending {
  readonly outcome: Outcome
  readonly error?: ChannelError | undefined
}

export interface SessionOptions<Input> {
  readonly source: Source<Input>
  readonly lifecycle: Lifecycle
  readonly clock: Clock
  readonly policy: Policy
  readonly background: Background
  /** Takes every event once, in order; returns an ending when the event is the run's last. Must not throw. */
  readonly receive: (event: ChannelEvent) => Ending | undefined
  /**
   * No event was the run's last, and no more come: how has it ended? Asked once, of a server that can't be read on or
   * says that all was read. Default: `done`. Must not throw.
   */
  readonly closed?: () => Ending
  /** After each change of state. */
  readonly onState: (state: State) => void
  /** The producer of the newest run could not be told to stop; it is tried again, see `onStopTold`. */
  readonly onStopFailed: (error: ChannelError) => void
  /** It has heard it. Told of the newest run only. */
  readonly onStopTold?: () => void
}

/** Keeps one channel alive across connections. */
export interface Session<Input> {
  readonly state: State
  /** Of the current or last run; empty before the first. A server may answer with another id than proposed. */
  readonly channelId: string
  /** Starts a run, under the id of what is known of it. Ignored while one is live. */
  start(known: Known, input: Input): void
  /** Reads a run that exists, after its cursor or from its start. Ignored while one is live. */
  read(known: Known): void
  /** Ends the run here and tells the producer, until it is heard. Idempotent; tells at once what is still to be told. */
  stop(): void
  /** Tells the producer of another run to stop, until it is heard. */
  stopRun(channelId: string): void
  /** Hangs up without telling the producer: the run goes on at the server. Idempotent. */
  leave(): void
}

/**
 * Drives the state machine: carries out its effects on a source, feeds it clock and lifecycle.
 * While no run is live it holds no timer, listener or connection.
 */
export function createSession<Payload>(options: SessionOptions<Payload>): Session<Payload> {
  const { source, lifecycle, clock, policy, background } = options
  const queue: Input[] = []
  let state = initialState
  let draining = false
  let foreground = true
  /** Whose server has answered last. */
  let met: ServerKind = 'unknown'
  let payload: { readonly input: Payload } | undefined
  let hangUp: HangUp | undefined
  let unsubscribe: (() => void) | undefined
  let timer: { readonly handle: TimerHandle; readonly at: number } | undefined

  const idOf = (of: State) => (of.name === 'idle' ? '' : of.run.known.channelId)
  const isNewest = (id: string) => id === idOf(state)
  const canRead = () => source.canRead(idOf(state), cursorOf(state))

  const teller = createStopTeller({
    stop: source.stop && ((id) => source.stop?.(id) ?? Promise.resolve()),
    clock,
    lifecycle,
    // Telling takes many seconds when the network is bad; a run begun meanwhile has no part in it.
    onFailed: (id, error) => isNewest(id) && options.onStopFailed(error),
    onTold: (id) => isNewest(id) && options.onStopTold?.(),
  })

  // Inputs queue, so that a callback which calls stop() never nests inside the step that called it.
  function send(input: Input) {
    queue.push(input)
    if (draining) return
    draining = true
    try {
      for (let next = queue.shift(); next; next = queue.shift()) apply(next)
    } finally {
      draining = false
    }
  }

  function apply(input: Input) {
    const before = state
    const { state: after, effects } = step(before, input, policy)
    state = after
    for (const effect of effects) perform(effect)
    if (after === before) return
    if (after.name === 'open') met = after.run.known.server
    setAlarm()
    if (isLive(before) !== isLive(after)) watchLifecycle()
    options.onState(after)
  }

  function perform(effect: Effect) {
    switch (effect.type) {
      case 'dial':
        return dial(effect)
      case 'hang-up':
        return endConnection()
      case 'deliver': {
        const ending = options.receive(effect.event)
        // Before whatever is queued: a source that tells all at once must not get past the run's last event.
        if (ending) finish(ending)
        return
      }
      case 'conclude':
        return finish(options.closed?.() ?? { outcome: 'done' })
      case 'tell-producer':
        teller.tell(idOf(state))
    }
  }

  function endConnection() {
    const end = hangUp
    hangUp = undefined
    try {
      end?.()
    } catch {
      // A platform's task that is gone already. What it still says dies by its generation.
    }
  }

  function finish({ outcome, error }: Ending) {
    queue.unshift({ type: 'finish', generation: state.generation, outcome, error })
  }

  function dial({ generation, intent, cursor }: Extract<Effect, { type: 'dial' }>) {
    const { now, random } = clock
    const at = () => ({ generation, canRead: canRead(), at: now() })
    const observer: Observer = {
      opened: (head) => send({ type: 'opened', head, ...at() }),
      event: (event) => send({ type: 'event', event, ...at() }),
      activity: () => send({ type: 'activity', generation, at: now() }),
      retry: (delayMs) => send({ type: 'retry', generation, delayMs }),
      finished: () => send({ type: 'finished', generation }),
      ended: () => send({ type: 'ended', random: random(), ...at() }),
      lost: (error) => send({ type: 'lost', error, random: random(), ...at() }),
      unsent: (error) => send({ type: 'unsent', error, random: random(), ...at() }),
    }
    const start = intent === 'start' ? payload : undefined
    const channelId = idOf(state)
    try {
      hangUp = source.connect(
        start ? { kind: 'start', channelId, input: start.input } : { kind: 'read', channelId, cursor },
        observer,
      )
    } catch (thrown) {
      const error = toChannelError(thrown, 'CONNECTION_LOST')
      // What an option kept from being made has not left.
      if (error.retryable) observer.lost(error)
      else observer.unsent(error)
    }
  }

  function setAlarm() {
    const at = alarmAt(state)
    // The idle deadline moves with every event. A timer that is early asks again: cheaper than one timer an event.
    if (timer && timer.at <= at && at !== Infinity) return
    if (timer) clock.clearTimeout(timer.handle)
    timer = undefined
    if (at === Infinity) return
    // Longer delays overflow to 1 ms in every runtime.
    const delayMs = Math.min(Math.max(0, at - clock.now()), 0x7fffffff)
    timer = { at, handle: clock.setTimeout(ring, delayMs) }
  }

  function ring() {
    timer = undefined
    send({
      type: 'alarm',
      canRead: canRead(),
      at: clock.now(),
      random: clock.random(),
    })
    setAlarm()
  }

  function watchLifecycle() {
    unsubscribe?.()
    unsubscribe = undefined
    if (!isLive(state)) return
    unsubscribe = lifecycle.subscribe((change) => {
      if (change === 'background' || change === 'foreground') foreground = change === 'foreground'
      if (change === 'background' && background === 'stop') return send({ type: 'stop' })
      const reason = awayNow()
      // What was connected over the old network is dead without knowing it.
      if (change === 'another-network' && !reason) leaveFor('offline')
      if (reason) leaveFor(reason)
      else send({ type: 'back', at: clock.now() })
    })
  }

  function leaveFor(reason: Away) {
    send({ type: 'away', reason, canRead: canRead(), at: clock.now() })
  }

  /** Hidden counts only where the policy says so, and before offline: it is a fact. */
  function awayNow(): Away | undefined {
    if (background === 'resume' && !foreground) return 'background'
    return lifecycle.isOnline() ? undefined : 'offline'
  }

  function open(intent: 'start' | 'read', known: Known) {
    if (isLive(state)) return
    foreground = lifecycle.isForeground()
    send({ type: 'open', intent, known, expects: met, away: awayNow(), at: clock.now() })
  }

  return {
    get state() {
      return state
    },
    get channelId() {
      return idOf(state)
    },
    start(known, input) {
      if (!isLive(state)) payload = { input }
      open('start', known)
    },
    read: (known) => open('read', known),
    stop() {
      const id = idOf(state)
      if (teller.isOwed(id)) teller.tell(id)
      send({ type: 'stop' })
    },
    stopRun: teller.tell,
    leave: () => send({ type: 'leave' }),
  }
}

function cursorOf(state: State): string | undefined {
  return state.name === 'idle' ? undefined : state.run.known.cursor
}
