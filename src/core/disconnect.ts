import { backoffMs } from './backoff.js'
import { ChannelError } from './channel-error.js'
import { close, HANG_UP, move, pause, stay } from './close.js'
import { isReadable, type Known } from './known.js'
import { isConnected, isStarting } from './state.js'
import type { Connected, Input, Policy, State, Step } from './state.js'

/** Longest pause a server may ask for, in milliseconds: `retry:` takes any number of digits. */
const MAX_SERVER_PAUSE_MS = 60 * 60 * 1000

export const serverPause = (ms: number): number => (ms > 0 ? Math.min(ms, MAX_SERVER_PAUSE_MS) : 0)

/** "Offline" is put to the test after so long at the least, in milliseconds. */
export const TEST_OF_OFFLINE_MS = 1_000

/** A connection has ended, in order or not, or was never made. */
export function disconnect(
  state: State,
  input: Extract<Input, { type: 'ended' | 'lost' | 'unsent' }>,
  policy: Policy,
): Step {
  if (!isConnected(state)) return stay(state)
  const { canRead, at, random } = input
  // Where nothing can be read on, the consumer knows its format: whether the end was proven, or there is none to prove.
  const isLast = input.type === 'ended' && state.name === 'open' && !isReadable(state.run.known, canRead)
  if (isLast) return { state, effects: [{ type: 'conclude' }] }
  const error = input.error ?? new ChannelError('CONNECTION_LOST')
  const isUnsent = input.type === 'unsent' || (input.type === 'lost' && neverLeft(state, error))
  if (isStarting(state) && isUnsent) return again(state, error, at, random, policy)
  return recover(state, error, canRead, at, random, policy)
}

/** 204: there is nothing to read. An end it proves only to who stands at the end: at a cursor of ours. */
export function finished(state: State): Step {
  if (!isConnected(state)) return stay(state)
  const { known } = state.run
  if (known.cursor !== undefined && known.server !== 'foreign')
    // Of what was read before, elsewhere, the consumer knows nothing.
    return known.delivered ? { state, effects: [{ type: 'conclude' }] } : close(state, 'done', undefined)
  if (state.intent === 'read' && isUnheard(known)) return close(state, 'error', unheard())
  return close(state, 'error', new ChannelError('NO_ACTIVE_STREAM', undefined, { status: 204 }))
}

/** A connection is gone: read on from the cursor if that is possible and allowed, else end with the error. */
export function recover(
  state: Connected,
  error: ChannelError,
  canRead: boolean,
  at: number,
  random: number,
  policy: Policy,
): Step {
  const { known } = state.run
  if (isStarting(state) && error.status !== undefined) return refuse(state, error)
  if (neverArrived(known, error, at)) return again(state, unheard(error), at, 0, policy)
  if (!isReadable(known, canRead)) return close(state, 'error', asLost(known, error))
  if (error.code === 'CHANNEL_NOT_FOUND' && isUnheard(known)) return close(state, 'error', unheard(error))
  if (!error.retryable) return close(state, 'error', error)
  return wait(state, error, at, random, policy)
}

/** An answer with a status to a start is a refusal: nothing runs. Unless it is a gateway's, who may not know. */
function refuse(state: Connected, error: ChannelError): Step {
  const isSaid = error.status !== undefined && error.status < 500
  const run = isSaid ? { ...state.run, next: 'start' as const } : state.run
  return close({ ...state, run }, 'error', asRefusal(error))
}

/**
 * The platform had said that there is no network, and the request got nowhere: it was right, most likely. If it was
 * not, a server of ours runs one start of an id; of any other the start is not sent again, as it may be billed twice.
 */
function neverLeft(state: Connected, error: ChannelError): boolean {
  if (state.name !== 'connecting' || state.run.expects !== 'ours') return false
  return state.doubtful && state.run.away === 'offline' && error.status === undefined
}

/** Sends the start once more: it is known that no run has come of it. */
function again(state: Connected, error: ChannelError, at: number, random: number, policy: Policy): Step {
  const next = { ...state, run: { ...state.run, next: 'start' as const } }
  return error.retryable ? wait(next, error, at, random, policy) : close(next, 'error', error)
}

/**
 * Is it proven that the start has not arrived? The server has no such channel, and has lost none since before the start
 * was dialled. Should it arrive yet, it and the repeated one are one run: they propose the same id.
 */
function neverArrived(known: Known, error: ChannelError, at: number): boolean {
  if (!isUnheard(known) || known.startedAt === undefined || error.keptMs === undefined) return false
  const elapsedMs = at - known.startedAt
  return elapsedMs >= 0 && elapsedMs < error.keptMs
}

function wait(state: Connected, error: ChannelError, at: number, random: number, policy: Policy): Step {
  const failures = state.run.failures + 1
  const run = { ...state.run, failures }
  if (run.away === 'background') return pause(state, run)
  // Attempts made without a network say nothing about the server.
  if (run.away === undefined && failures > policy.attempts) return close(state, 'error', error)
  const floorMs = Math.max(run.retryMs, serverPause(error.retryAfterMs ?? 0))
  const deadline = at + backoffMs(failures, policy.backoff, random, floorMs)
  if (run.away === 'offline') return pause(state, run, Math.max(deadline, at + TEST_OF_OFFLINE_MS))
  return move({ name: 'waiting', generation: state.generation + 1, run, deadline, error }, HANG_UP)
}

/** A start has left, and nothing has answered it. */
const isUnheard = ({ accepted, startedAt }: Known): boolean => !accepted && startedAt !== undefined

/** Says what is known of such a start, and not more. */
function unheard(cause?: ChannelError): ChannelError {
  const message =
    'No answer began. The server may have got the request all the same and may still be at work on it, so that asking ' +
    'again may be billed twice. retry() asks again, under the same id.'
  return new ChannelError('CONNECTION_LOST', message, cause && { cause })
}

/** No channel can be missing before there is one: it is the address that is wrong. */
function asRefusal(error: ChannelError): ChannelError {
  if (error.code !== 'CHANNEL_NOT_FOUND') return error
  return new ChannelError('WRONG_URL', undefined, { status: 404, cause: error })
}

/** Refusals and limits keep their name; everything else that breaks an unreadable stream is a lost connection. */
function asLost(known: Known, error: ChannelError): ChannelError {
  if (error.status !== undefined || !error.retryable) return error
  if (isUnheard(known)) return unheard(error)
  return new ChannelError('CONNECTION_LOST', undefined, { cause: error })
}
