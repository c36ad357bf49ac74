import { backoffMs } from './backoff.js'
import { ChannelError } from './channel-error.js'
import { succession } from './cursor.js'
import { alarmAt, isLive } from './state.js'
import type { Effect, Input, Live, Outcome, Policy, Run, State, Step } from './state.js'

type Connected = Extract<State, { name: 'connecting' | 'open' }>

const NOTHING: readonly Effect[] = []
const HANG_UP: readonly Effect[] = [{ type: 'hang-up' }]

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
      if (run.away === 'background' && isReadable(run, input.canRead)) return pause(state, run)
      // Whoever answers can be reached, whatever the platform says.
      if (run.away === 'offline') Object.assign(run, { away: undefined, failures: 0 })
      return move({ name: 'open', generation: state.generation, run, deadline: input.at + policy.idleMs })
    }
    case 'event':
      return state.name === 'open' ? receive(state, input, policy) : stay(state)
    case 'activity':
      return state.name === 'open' ? move({ ...state, deadline: input.at + policy.idleMs }) : stay(state)
    case 'retry':
      if (state.name !== 'open' && state.name !== 'connecting') return stay(state)
      return move({ ...state, run: { ...state.run, retryMs: serverPause(input.delayMs) } })
    case 'ended':
    case 'lost':
    case 'unsent':
      return disconnect(state, input, policy)
    case 'finish':
      return isConnected(state) ? close(state, input.outcome, input.error) : stay(state)
    case 'alarm':
      return ring(state, input, policy)
    case 'away':
      return goAway(state, input)
    case 'back':
      return comeBack(state, input.at, policy)
    case 'stop':
      return isLive(state) ? closeBoth(state, 'stopped', undefined) : stay(state)
    case 'leave':
      return isLive(state) ? close(state, 'stopped', undefined) : stay(state)
  }
}

const isConnected = (state: State): state is Connected => state.name === 'connecting' || state.name === 'open'

/** Can a lost connection be read on? Not without a cursor, once something has been delivered. */
const isReadable = (run: Run, canRead: boolean): boolean => canRead && !run.blind

/** Longest pause a server may ask for, in milliseconds: `retry:` takes any number of digits. */
const MAX_SERVER_PAUSE_MS = 60 * 60 * 1000

const serverPause = (ms: number): number => (ms > 0 ? Math.min(ms, MAX_SERVER_PAUSE_MS) : 0)

const stay = (state: State): Step => ({ state, effects: NOTHING })
const move = (state: State, effects: readonly Effect[] = NOTHING): Step => ({ state, effects })

function open(state: State, input: Extract<Input, { type: 'open' }>, policy: Policy): Step {
  if (isLive(state)) return stay(state)
  const run: Run = {
    cursor: input.cursor,
    blind: false,
    accepted: false,
    failures: 0,
    retryMs: 0,
    totalAt: input.at + policy.totalMs,
    next: input.intent,
    startedAt: undefined,
    away: input.away,
  }
  if (input.away !== 'background') return dial(state.generation, run, input.at, policy)
  return move({ name: 'paused', generation: state.generation, run, deadline: Infinity })
}

function dial(previous: number, run: Run, at: number, policy: Policy): Step {
  const generation = previous + 1
  const intent = run.next
  // From here on a start may have left.
  const dialled: Run = {
    ...run,
    next: 'read',
    startedAt: run.startedAt ?? (intent === 'start' ? at : undefined),
  }
  const deadline = at + policy.firstByteMs
  const doubtful = run.away === 'offline'
  return move({ name: 'connecting', generation, run: dialled, deadline, intent, doubtful }, [
    { type: 'dial', generation, intent, cursor: run.cursor },
  ])
}

function receive(state: Connected, input: Extract<Input, { type: 'event' }>, policy: Policy): Step {
  const { event, at } = input
  const deadline = at + policy.idleMs
  switch (event.id === '' ? 'opaque' : succession(state.run.cursor, event.id)) {
    case 'duplicate':
      return move({ ...state, deadline })
    case 'gap':
      // Before the first event: the platform mixed up the order, which another look repairs, or what came earlier is
      // gone for good.
      if (state.run.cursor === undefined && !(input.canRead && state.run.failures < policy.attempts))
        return close(state, 'error', new ChannelError('HISTORY_EXPIRED'))
      return recover(state, new ChannelError('SEQUENCE_GAP'), input.canRead, at, 0, policy)
    case 'other-epoch':
      return close(state, 'error', new ChannelError('HISTORY_EXPIRED'))
    case 'next':
    case 'opaque': {
      // Failures are forgotten here, not on open: some proxies accept and drop at once.
      const run = { ...state.run, cursor: event.id || state.run.cursor, blind: event.id === '', failures: 0 }
      return move({ ...state, run, deadline }, [{ type: 'deliver', event }])
    }
  }
}

function disconnect(
  state: State,
  input: Extract<Input, { type: 'ended' | 'lost' | 'unsent' }>,
  policy: Policy,
): Step {
  if (!isConnected(state)) return stay(state)
  // A server that gives no cursor has no other way to say "done" than to end its stream in order.
  const done = input.type === 'ended' && state.name === 'open' && !isReadable(state.run, input.canRead)
  if (done) return close(state, 'done', undefined)
  const error = input.error ?? new ChannelError('CONNECTION_LOST')
  const isUnsent = input.type === 'unsent' || (input.type === 'lost' && neverLeft(state, error))
  // What the platform refuses it will refuse again.
  if (isUnsent && error.retryable && isStarting(state))
    return again(state, error, input.at, input.random, policy)
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
  if (!isReadable(state.run, canRead)) return close(state, 'error', asLost(error))
  // An answer with a status to a start is a refusal: nothing runs that could be read on.
  if (isStarting(state) && error.status !== undefined) return close(state, 'error', asRefusal(error))
  if (neverArrived(state.run, error, at)) return again(state, explain(state.run, error), at, 0, policy)
  if (!error.retryable) return close(state, 'error', explain(state.run, error))
  return wait(state, error, at, random, policy)
}

const isStarting = (state: Connected): boolean => state.name === 'connecting' && state.intent === 'start'

/** The platform had said that there is no network, and the request got nowhere: it was right. */
const neverLeft = (state: Connected, error: ChannelError): boolean =>
  state.name === 'connecting' &&
  state.doubtful &&
  state.run.away === 'offline' &&
  error.status === undefined

/** Sends the start once more: it is known that no run has come of it. */
function again(state: Connected, error: ChannelError, at: number, random: number, policy: Policy): Step {
  return wait({ ...state, run: { ...state.run, next: 'start' } }, error, at, random, policy)
}

/**
 * Is it proven that the start has not arrived? The server has no such channel, and has lost none since before the start
 * was dialled. Should it arrive yet, it and the repeated one are one run: they propose the same id.
 */
function neverArrived(run: Run, error: ChannelError, at: number): boolean {
  if (run.accepted || run.startedAt === undefined || error.keptMs === undefined) return false
  const elapsedMs = at - run.startedAt
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

/** "Offline" is put to the test after so long at the least, in milliseconds. */
const TEST_OF_OFFLINE_MS = 1_000

function pause(state: Live, run: Run, deadline = Infinity): Step {
  return move({ name: 'paused', generation: state.generation + 1, run, deadline }, HANG_UP)
}

function ring(state: State, input: Extract<Input, { type: 'alarm' }>, policy: Policy): Step {
  // After a suspension timers fire late and all at once, and a deadline may have moved meanwhile: ask the clock.
  if (!isLive(state) || input.at < alarmAt(state)) return stay(state)
  if (input.at >= state.run.totalAt) return closeBoth(state, 'error', new ChannelError('TOTAL_TIMEOUT'))
  if (state.name === 'waiting' || state.name === 'paused')
    return dial(state.generation, state.run, input.at, policy)
  if (!isConnected(state)) return stay(state)
  const error = new ChannelError(state.name === 'open' ? 'IDLE_TIMEOUT' : 'FIRST_BYTE_TIMEOUT')
  return recover(state, error, input.canRead, input.at, input.random, policy)
}

function goAway(state: State, { reason, canRead, at }: Extract<Input, { type: 'away' }>): Step {
  if (!isLive(state) || state.run.away === reason) return stay(state)
  const run = { ...state.run, away: reason }
  // A start on its way must arrive, and what can't be read again must not be cut: the platform decides about those.
  const keep = isConnected(state) && (isStarting(state) || !isReadable(state.run, canRead))
  if (keep) return move({ ...state, run })
  return pause(state, run, reason === 'offline' ? at + TEST_OF_OFFLINE_MS : Infinity)
}

function comeBack(state: State, at: number, policy: Policy): Step {
  if (!isLive(state) || state.run.away === undefined) return stay(state)
  // Attempts made before say nothing about the network now.
  const run = { ...state.run, away: undefined, failures: 0 }
  if (state.name !== 'paused') return move({ ...state, run })
  return dial(state.generation, run, at, policy)
}

// Every hang-up counts the generation up, so what the connection still says dies at the top of `step`.
function close(state: Live, outcome: Outcome, error: ChannelError | undefined): Step {
  return move({ name: 'closed', generation: state.generation + 1, run: state.run, outcome, error }, HANG_UP)
}

/** Ends the run here and at the producer, if there is one: a start that was never sent has none. */
function closeBoth(state: Live, outcome: Outcome, error: ChannelError | undefined): Step {
  const { state: closed, effects } = close(state, outcome, error)
  const unsent = state.run.next === 'start'
  return { state: closed, effects: unsent ? effects : [...effects, { type: 'tell-producer' }] }
}

/** No channel can be missing before there is one: it is the address that is wrong. */
function asRefusal(error: ChannelError): ChannelError {
  if (error.code !== 'CHANNEL_NOT_FOUND') return error
  return new ChannelError('WRONG_URL', undefined, { status: 404, cause: error })
}

/** Refusals and limits keep their name; everything else that breaks an unreadable stream is a lost connection. */
function asLost(error: ChannelError): ChannelError {
  if (error.status !== undefined || !error.retryable) return error
  return new ChannelError('CONNECTION_LOST', undefined, { cause: error })
}

/** No channel after a start whose answer never came: the start itself did not arrive. */
function explain(run: Run, error: ChannelError): ChannelError {
  if (run.accepted || run.startedAt === undefined || error.code !== 'CHANNEL_NOT_FOUND') return error
  return new ChannelError(
    'CONNECTION_LOST',
    'The connection broke before the request arrived. Call retry().',
    {
      cause: error,
    },
  )
}
