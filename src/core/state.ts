import { backoffMs, type BackoffPolicy } from './backoff.js'
import { ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'
import { succession } from './cursor.js'

/** How a run ended. */
export type Outcome = 'done' | 'stopped' | 'error'

/** Limits in milliseconds; `Infinity` switches one off. */
export interface Policy {
  readonly backoff: BackoffPolicy
  /** Connections that may fail in a row without one event delivered. */
  readonly attempts: number
  readonly firstByteMs: number
  readonly idleMs: number
  readonly totalMs: number
}

/** What lasts from connection to connection. */
export interface Run {
  /** Id of the last event delivered; undefined before the first. */
  readonly cursor: string | undefined
  /** The server has accepted this run at least once. */
  readonly accepted: boolean
  /** Connections lost since the last delivered event. */
  readonly failures: number
  /** The server's wish for the pause before a reconnect (`retry:`), in milliseconds. */
  readonly retryMs: number
  readonly totalAt: number
  /** `false` while the platform has us in the background, frozen or offline. */
  readonly awake: boolean
}

/** A start may be billed, so each run dials it once; every later connection reads. */
type Intent = 'start' | 'read'

export type State =
  | { readonly name: 'idle'; readonly generation: number }
  | {
      readonly name: 'connecting'
      readonly generation: number
      readonly run: Run
      readonly deadline: number
      readonly intent: Intent
    }
  | { readonly name: 'open'; readonly generation: number; readonly run: Run; readonly deadline: number }
  | {
      readonly name: 'waiting'
      readonly generation: number
      readonly run: Run
      readonly deadline: number
      readonly error: ChannelError
    }
  /** `fresh`: nothing was sent yet, so waking up dials the start itself. */
  | { readonly name: 'paused'; readonly generation: number; readonly run: Run; readonly fresh: boolean }
  | {
      readonly name: 'closed'
      readonly generation: number
      readonly run: Run
      readonly outcome: Outcome
      readonly error: ChannelError | undefined
    }

/** Inputs of a connection carry its generation: those of a dead connection die in `step`, in one place. */
export type Input =
  | {
      readonly type: 'open'
      readonly intent: Intent
      readonly cursor: string | undefined
      readonly awake: boolean
      readonly at: number
    }
  | { readonly type: 'opened'; readonly generation: number; readonly canRead: boolean; readonly at: number }
  | { readonly type: 'event'; readonly generation: number; readonly event: ChannelEvent; readonly at: number }
  | { readonly type: 'activity'; readonly generation: number; readonly at: number }
  | { readonly type: 'retry'; readonly generation: number; readonly delayMs: number }
  /** The stream ended in order, or broke. `canRead`: the source can read on from the cursor. */
  | {
      readonly type: 'ended' | 'lost'
      readonly generation: number
      readonly error?: ChannelError
      readonly canRead: boolean
      readonly at: number
      readonly random: number
    }
  /** The consumer recognised the run's end in an event, or the server said that nothing is left to read. */
  | {
      readonly type: 'finish'
      readonly generation: number
      readonly outcome: Outcome
      readonly error: ChannelError | undefined
    }
  | { readonly type: 'alarm'; readonly canRead: boolean; readonly at: number; readonly random: number }
  | { readonly type: 'asleep'; readonly canRead: boolean }
  | { readonly type: 'awake'; readonly at: number }
  | { readonly type: 'stop' }

export type Effect =
  | {
      readonly type: 'dial'
      readonly generation: number
      readonly intent: Intent
      readonly cursor: string | undefined
    }
  | { readonly type: 'hang-up' }
  | { readonly type: 'deliver'; readonly event: ChannelEvent }
  | { readonly type: 'tell-producer' }

export interface Step {
  readonly state: State
  readonly effects: readonly Effect[]
}

const NOTHING: readonly Effect[] = []
const HANG_UP: readonly Effect[] = [{ type: 'hang-up' }]

export const initialState: State = { name: 'idle', generation: 0 }

/** When the session must send `alarm`, in clock time; `Infinity` for never. */
export function alarmAt(state: State): number {
  switch (state.name) {
    case 'connecting':
    case 'open':
    case 'waiting':
      return Math.min(state.deadline, state.run.totalAt)
    case 'paused':
      return state.run.totalAt
    case 'idle':
    case 'closed':
      return Infinity
  }
}

/**
 * The session's state machine: one state and one input give the next state and what to do.
 * Pure: time and chance are arguments. Illegal pairs change nothing.
 * @see docs/protocol.md#the-client
 */
export function step(state: State, input: Input, policy: Policy): Step {
  if ('generation' in input && input.generation !== state.generation) return stay(state)
  switch (input.type) {
    case 'open':
      return open(state, input, policy)
    case 'opened': {
      if (state.name !== 'connecting') return stay(state)
      const run = { ...state.run, accepted: true }
      if (!run.awake && input.canRead) return pause(state, run)
      return move({ name: 'open', generation: state.generation, run, deadline: input.at + policy.idleMs })
    }
    case 'event':
      return state.name === 'open' ? receive(state, input, policy) : stay(state)
    case 'activity':
      return state.name === 'open' ? move({ ...state, deadline: input.at + policy.idleMs }) : stay(state)
    case 'retry':
      if (state.name !== 'open' && state.name !== 'connecting') return stay(state)
      return move({ ...state, run: { ...state.run, retryMs: input.delayMs } })
    case 'ended':
    case 'lost':
      return disconnect(state, input, policy)
    case 'finish':
      return isLive(state) ? close(state, input.outcome, input.error) : stay(state)
    case 'alarm':
      return ring(state, input, policy)
    case 'asleep':
      return sleep(state, input.canRead)
    case 'awake':
      return wake(state, input.at, policy)
    case 'stop': {
      if (!isLive(state)) return stay(state)
      const { state: closed, effects } = close(state, 'stopped', undefined)
      const untold = state.name === 'paused' && state.fresh
      return { state: closed, effects: untold ? effects : [...effects, { type: 'tell-producer' }] }
    }
  }
}

type Live = Exclude<State, { name: 'idle' | 'closed' }>
type Connected = Extract<State, { name: 'connecting' | 'open' }>

export function isLive(state: State): state is Live {
  return state.name !== 'idle' && state.name !== 'closed'
}

const isConnected = (state: State): state is Connected => state.name === 'connecting' || state.name === 'open'

const stay = (state: State): Step => ({ state, effects: NOTHING })
const move = (state: State, effects: readonly Effect[] = NOTHING): Step => ({ state, effects })

function open(state: State, input: Extract<Input, { type: 'open' }>, policy: Policy): Step {
  if (isLive(state)) return stay(state)
  const run: Run = {
    cursor: input.cursor,
    accepted: false,
    failures: 0,
    retryMs: 0,
    totalAt: input.at + policy.totalMs,
    awake: input.awake,
  }
  if (input.awake) return dial(state.generation, run, input.intent, input.at, policy)
  return move({ name: 'paused', generation: state.generation, run, fresh: input.intent === 'start' })
}

function dial(generation: number, run: Run, intent: 'start' | 'read', at: number, policy: Policy): Step {
  const next = generation + 1
  return move({ name: 'connecting', generation: next, run, deadline: at + policy.firstByteMs, intent }, [
    { type: 'dial', generation: next, intent, cursor: run.cursor },
  ])
}

function receive(state: Connected, input: Extract<Input, { type: 'event' }>, policy: Policy): Step {
  const { event, at } = input
  const deadline = at + policy.idleMs
  switch (event.id === '' ? 'opaque' : succession(state.run.cursor, event.id)) {
    case 'duplicate':
      return move({ ...state, deadline })
    case 'gap':
      // Before the first event there is nothing to read on from: what came earlier is gone for good.
      if (state.run.cursor === undefined) return close(state, 'error', new ChannelError('HISTORY_EXPIRED'))
      return wait(state, new ChannelError('SEQUENCE_GAP'), at, 0, policy)
    case 'other-epoch':
      return close(state, 'error', new ChannelError('HISTORY_EXPIRED'))
    case 'next':
    case 'opaque': {
      // Failures are forgotten here, not on open: some proxies accept and drop at once.
      const run = { ...state.run, cursor: event.id || state.run.cursor, failures: 0 }
      return move({ ...state, run, deadline }, [{ type: 'deliver', event }])
    }
  }
}

function disconnect(state: State, input: Extract<Input, { type: 'ended' | 'lost' }>, policy: Policy): Step {
  if (!isConnected(state)) return stay(state)
  // A server that gives no cursor has no other way to say "done" than to end its stream in order.
  if (input.type === 'ended' && !input.canRead) return close(state, 'done', undefined)
  const error = input.error ?? new ChannelError('CONNECTION_LOST')
  return recover(state, error, input.canRead, input.at, input.random, policy)
}

/** A connection is gone: read on from the cursor if that is possible and allowed, else end with the error. */
function recover(
  state: Connected,
  error: ChannelError,
  canRead: boolean,
  at: number,
  random: number,
  policy: Policy,
): Step {
  if (!canRead) return close(state, 'error', asLost(error))
  // An answer with a status to a start is a refusal: nothing runs that could be read on.
  const refused = state.name === 'connecting' && state.intent === 'start' && error.status !== undefined
  if (refused) return close(state, 'error', error)
  if (!error.retryable) return close(state, 'error', explain(state.run, error))
  return wait(state, error, at, random, policy)
}

function wait(state: Connected, error: ChannelError, at: number, random: number, policy: Policy): Step {
  const failures = state.run.failures + 1
  const run = { ...state.run, failures }
  if (!run.awake) return pause(state, run)
  if (failures > policy.attempts) return close(state, 'error', error)
  const floorMs = Math.max(run.retryMs, error.retryAfterMs ?? 0)
  const deadline = at + backoffMs(failures, policy.backoff, random, floorMs)
  return move({ name: 'waiting', generation: state.generation, run, deadline, error }, HANG_UP)
}

function pause(state: Live, run: Run): Step {
  return move({ name: 'paused', generation: state.generation, run, fresh: false }, HANG_UP)
}

function ring(state: State, input: Extract<Input, { type: 'alarm' }>, policy: Policy): Step {
  // After a suspension timers fire late and all at once, and a deadline may have moved meanwhile: ask the clock.
  if (!isLive(state) || input.at < alarmAt(state)) return stay(state)
  if (input.at >= state.run.totalAt) {
    const { state: closed, effects } = close(state, 'error', new ChannelError('TOTAL_TIMEOUT'))
    return { state: closed, effects: [...effects, { type: 'tell-producer' }] }
  }
  if (state.name === 'waiting') return dial(state.generation, state.run, 'read', input.at, policy)
  if (!isConnected(state)) return stay(state)
  const error = new ChannelError(state.name === 'open' ? 'IDLE_TIMEOUT' : 'FIRST_BYTE_TIMEOUT')
  return recover(state, error, input.canRead, input.at, input.random, policy)
}

function sleep(state: State, canRead: boolean): Step {
  if (!isLive(state) || !state.run.awake) return stay(state)
  const run = { ...state.run, awake: false }
  // A start on its way must arrive, and what can't be read again must not be cut: the platform decides about those.
  const keep = (state.name === 'connecting' && state.intent === 'start') || (isConnected(state) && !canRead)
  return keep ? move({ ...state, run }) : pause(state, run)
}

function wake(state: State, at: number, policy: Policy): Step {
  if (!isLive(state) || state.run.awake) return stay(state)
  // Attempts made before the background say nothing about the network after it.
  const run = { ...state.run, awake: true, failures: 0 }
  if (state.name !== 'paused') return move({ ...state, run })
  return dial(state.generation, run, state.fresh ? 'start' : 'read', at, policy)
}

function close(state: Live, outcome: Outcome, error: ChannelError | undefined): Step {
  return move({ name: 'closed', generation: state.generation, run: state.run, outcome, error }, HANG_UP)
}

/** Refusals and limits keep their name; everything else that breaks an unreadable stream is a lost connection. */
function asLost(error: ChannelError): ChannelError {
  if (error.status !== undefined || !error.retryable) return error
  return new ChannelError('CONNECTION_LOST', undefined, { cause: error })
}

/** No channel after a start whose answer never came: the start itself did not arrive. */
function explain(run: Run, error: ChannelError): ChannelError {
  if (run.accepted || error.code !== 'CHANNEL_NOT_FOUND') return error
  return new ChannelError(
    'CONNECTION_LOST',
    'The connection broke before the request arrived. Call retry().',
    {
      cause: error,
    },
  )
}
