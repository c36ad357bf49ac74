import type { BackoffPolicy } from './backoff.js'
import type { ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'
import type { Head, Known, ServerKind } from './known.js'

/** How a run ended. */
export type Outcome = 'done' | 'stopped' | 'error'

/** Limits of silence in milliseconds; `Infinity` switches one off. */
export interface Patience {
  /** Until an answer's head. */
  readonly firstByteMs: number
  /** Without any byte. */
  readonly idleMs: number
}

/** Limits in milliseconds; `Infinity` switches one off. Those of silence are for servers that send heartbeats: ours. */
export interface Policy extends Patience {
  readonly backoff: BackoffPolicy
  /** Connections that may fail in a row without one event delivered. */
  readonly attempts: number
  readonly totalMs: number
  /** The limits of silence where it is not known that the server is ours: models think for minutes. Default: the same. */
  readonly others?: Patience
}

/** What lasts from connection to connection while a run is read. */
export interface Run {
  readonly known: Known
  /** Whose the server was that answered the run before: how long a start is waited for, and nothing else. */
  readonly expects: ServerKind
  /** Connections lost since the last delivered event. */
  readonly failures: number
  /** The server's wish for the pause before a reconnect (`retry:`), in milliseconds. */
  readonly retryMs: number
  readonly totalAt: number
  /** What is dialled next: the start, until it may have left, or when it is known not to have arrived. */
  readonly next: Intent
  /** What, by the platform's word, keeps us from connecting. */
  readonly away: Away | undefined
  readonly beginning: Beginning
}

/**
 * Where a channel begins for who reads it without a cursor.
 * - `zero`: with its first event, as every run does.
 * - `sought`: another event came first, so often, and another look is taken: a platform may have mixed up the order.
 * - `joined`: it is no run, and the server keeps the newest of it only; its number.
 */
export type Beginning =
  | { readonly name: 'zero' }
  | { readonly name: 'sought'; readonly looks: number }
  | { readonly name: 'joined'; readonly seq: number }

/** `background` is a fact, or frozen. `offline` is a hint that is put to the test: it may be wrong. */
export type Away = 'background' | 'offline'

/** A start may be billed, so a run dials it until it may have left, then only reads. */
type Intent = 'start' | 'read'

export type State =
  | { readonly name: 'idle'; readonly generation: number }
  | {
      readonly name: 'connecting'
      readonly generation: number
      readonly run: Run
      readonly deadline: number
      readonly intent: Intent
      /** The cursor that it was asked to read on from. */
      readonly from: string | undefined
      /** It was dialled though the platform said that there is no network. */
      readonly doubtful: boolean
    }
  | {
      readonly name: 'open'
      readonly generation: number
      readonly run: Run
      readonly deadline: number
      readonly intent: Intent
      readonly from: string | undefined
    }
  | {
      readonly name: 'waiting'
      readonly generation: number
      readonly run: Run
      readonly deadline: number
      readonly error: ChannelError
    }
  /** `deadline`: when the platform's word is put to the test; `Infinity` in the background. */
  | { readonly name: 'paused'; readonly generation: number; readonly run: Run; readonly deadline: number }
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
      readonly known: Known
      readonly expects: ServerKind
      readonly away: Away | undefined
      readonly at: number
    }
  | {
      readonly type: 'opened'
      readonly generation: number
      readonly head: Head
      readonly canRead: boolean
      readonly at: number
    }
  | {
      readonly type: 'event'
      readonly generation: number
      readonly event: ChannelEvent
      readonly canRead: boolean
      readonly at: number
    }
  | { readonly type: 'activity'; readonly generation: number; readonly at: number }
  | { readonly type: 'retry'; readonly generation: number; readonly delayMs: number }
  /**
   * The stream ended in order, or broke. `unsent`: it broke before any of the request left.
   * `canRead`: the source can read on from the cursor.
   */
  | {
      readonly type: 'ended' | 'lost' | 'unsent'
      readonly generation: number
      readonly error?: ChannelError
      readonly canRead: boolean
      readonly at: number
      readonly random: number
    }
  /** The server said that nothing is left to read (204). */
  | { readonly type: 'finished'; readonly generation: number }
  /** The consumer knows how the run ended: by an event, or as it was asked to `conclude`. */
  | {
      readonly type: 'finish'
      readonly generation: number
      readonly outcome: Outcome
      readonly error: ChannelError | undefined
    }
  | { readonly type: 'alarm'; readonly canRead: boolean; readonly at: number; readonly random: number }
  | { readonly type: 'away'; readonly reason: Away; readonly canRead: boolean; readonly at: number }
  | { readonly type: 'back'; readonly at: number }
  | { readonly type: 'stop' }
  /** As stop, but the producer goes on. */
  | { readonly type: 'leave' }

export type Effect =
  | {
      readonly type: 'dial'
      readonly generation: number
      readonly intent: Intent
      readonly cursor: string | undefined
    }
  | { readonly type: 'hang-up' }
  | { readonly type: 'deliver'; readonly event: ChannelEvent }
  /** No more events come: the consumer says how the run ended, as `finish`. */
  | { readonly type: 'conclude' }
  | { readonly type: 'tell-producer' }

export interface Step {
  readonly state: State
  readonly effects: readonly Effect[]
}

export const initialState: State = { name: 'idle', generation: 0 }

/** When the session must send `alarm`, in clock time; `Infinity` for never. */
export function alarmAt(state: State): number {
  switch (state.name) {
    case 'connecting':
    case 'open':
    case 'waiting':
    case 'paused':
      return Math.min(state.deadline, state.run.totalAt)
    case 'idle':
    case 'closed':
      return Infinity
  }
}

/** A state in which a run goes on. */
export type Live = Exclude<State, { name: 'idle' | 'closed' }>

export function isLive(state: State): state is Live {
  return state.name !== 'idle' && state.name !== 'closed'
}

/** A state in which there is a connection. */
export type Connected = Extract<State, { name: 'connecting' | 'open' }>

export const isConnected = (state: State): state is Connected =>
  state.name === 'connecting' || state.name === 'open'

/** A start is on its way, and has not been answered. */
export const isStarting = (state: Connected): boolean =>
  state.name === 'connecting' && state.intent === 'start'
