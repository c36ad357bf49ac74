import type { ChannelError } from './channel-error.js'
import { factsOf, type Aftermath } from './error-codes.js'
import type { Known } from './known.js'
import type { Effect, Live, Outcome, Run, State, Step } from './state.js'

const NOTHING: readonly Effect[] = []
export const HANG_UP: readonly Effect[] = [{ type: 'hang-up' }]

export const stay = (state: State): Step => ({ state, effects: NOTHING })
export const move = (state: State, effects: readonly Effect[] = NOTHING): Step => ({ state, effects })

// Every hang-up counts the generation up, so what the connection still says dies at the top of `step`.
export function pause(state: Live, run: Run, deadline = Infinity): Step {
  return move({ name: 'paused', generation: state.generation + 1, run, deadline }, HANG_UP)
}

/** @param fate what has become of the run at the server. Default: what the error says */
export function close(
  state: Live,
  outcome: Outcome,
  error: ChannelError | undefined,
  fate: Aftermath = error ? factsOf(error.code).run : 'over',
): Step {
  const run = { ...state.run, known: asLeft(state.run, fate) }
  return move({ name: 'closed', generation: state.generation + 1, run, outcome, error }, HANG_UP)
}

/** A start that is still to be dialled has not arrived, whatever became of an earlier one. */
function asLeft({ known, next }: Run, fate: Aftermath): Known {
  return next === 'start' ? { ...known, fate, startedAt: undefined } : { ...known, fate }
}

/** Ends the run here and at the producer, if there is one that can be told. */
export function closeBoth(state: Live, outcome: Outcome, error: ChannelError | undefined): Step {
  const { state: closed, effects } = close(state, outcome, error, 'over')
  const { known, next } = state.run
  const hasNobody = next === 'start' || known.server === 'foreign'
  return { state: closed, effects: hasNobody ? effects : [...effects, { type: 'tell-producer' }] }
}
