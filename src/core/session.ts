import { toChannelError, type ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'
import type { Clock, TimerHandle } from './clock.js'
import type { Lifecycle } from './lifecycle.js'
import type { HangUp, Observer, Source } from './source.js'
import { alarmAt, initialState, isLive } from './state.js'
import type { Away, Effect, Input, Outcome, Policy, State } from './state.js'
import { step } from './step.js'

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
  /** After each change of state. */
  readonly onState: (state: State) => void
  /** The producer could not be told to stop. */
  readonly onStopFailed: (error: ChannelError) => void
}

/** Keeps one channel alive across connections. */
export interface Session<Input> {
  readonly state: State
  /** Of the current or last run; empty before the first. A server may answer with another id than proposed. */
  readonly channelId: string
  /** Starts a run. Ignored while one is live. */
  start(channelId: string, input: Input): void
  /** Reads a run that exists, after `cursor` or from its start. Ignored while one is live. */
  read(channelId: string, cursor: string | undefined): void
  /** Ends the run here and tells the producer. Idempotent; tells again when telling had failed. */
  stop(): void
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
  let channelId = ''
  let runs = 0
  let stopFailed = false
  let foreground = true
  let payload: { readonly input: Payload } | undefined
  let hangUp: HangUp | undefined
  let unsubscribe: (() => void) | undefined
  let timer: { readonly handle: TimerHandle; readonly at: number } | undefined

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
        if (ending)
          queue.unshift({ type: 'finish', generation: state.generation, error: undefined, ...ending })
        return
      }
      case 'tell-producer':
        tellProducer()
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

  function tellProducer() {
    const run = runs
    const fail = (thrown: unknown) => {
      // Telling takes many seconds when the network is bad; a run begun meanwhile has no part in it.
      if (run !== runs) return
      stopFailed = true
      options.onStopFailed(toChannelError(thrown, 'STOP_FAILED'))
    }
    stopFailed = false
    try {
      source.stop?.(channelId).catch(fail)
    } catch (thrown) {
      fail(thrown)
    }
  }

  function dial({ generation, intent, cursor }: Extract<Effect, { type: 'dial' }>) {
    const { now, random } = clock
    const canRead = () => source.canRead(channelId, cursorOf(state))
    const observer: Observer = {
      opened(head) {
        if (generation === state.generation && head.channelId) channelId = head.channelId
        send({ type: 'opened', generation, canRead: canRead(), at: now() })
      },
      event: (event) => send({ type: 'event', generation, event, canRead: canRead(), at: now() }),
      activity: () => send({ type: 'activity', generation, at: now() }),
      retry: (delayMs) => send({ type: 'retry', generation, delayMs }),
      finished: () => send({ type: 'finish', generation, outcome: 'done', error: undefined }),
      ended: () => send({ type: 'ended', generation, canRead: canRead(), at: now(), random: random() }),
      lost: (error) =>
        send({ type: 'lost', generation, error, canRead: canRead(), at: now(), random: random() }),
      unsent: (error) =>
        send({ type: 'unsent', generation, error, canRead: canRead(), at: now(), random: random() }),
    }
    const start = intent === 'start' ? payload : undefined
    try {
      hangUp = source.connect(
        start ? { kind: 'start', channelId, input: start.input } : { kind: 'read', channelId, cursor },
        observer,
      )
    } catch (thrown) {
      observer.lost(toChannelError(thrown, 'CONNECTION_LOST'))
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
      canRead: source.canRead(channelId, cursorOf(state)),
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
    send({ type: 'away', reason, canRead: source.canRead(channelId, cursorOf(state)), at: clock.now() })
  }

  /** Hidden counts only where the policy says so, and before offline: it is a fact. */
  function awayNow(): Away | undefined {
    if (background === 'resume' && !foreground) return 'background'
    return lifecycle.isOnline() ? undefined : 'offline'
  }

  function open(intent: 'start' | 'read', id: string, cursor: string | undefined) {
    if (isLive(state)) return
    channelId = id
    runs++
    stopFailed = false
    foreground = lifecycle.isForeground()
    send({ type: 'open', intent, cursor, away: awayNow(), at: clock.now() })
  }

  return {
    get state() {
      return state
    },
    get channelId() {
      return channelId
    },
    start(id, input) {
      if (!isLive(state)) payload = { input }
      open('start', id, undefined)
    },
    read: (id, cursor) => open('read', id, cursor),
    stop() {
      if (stopFailed) tellProducer()
      send({ type: 'stop' })
    },
    leave: () => send({ type: 'leave' }),
  }
}

function cursorOf(state: State): string | undefined {
  return state.name === 'idle' ? undefined : state.run.cursor
}
