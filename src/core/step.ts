import { ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'
import { close, closeBoth, move, pause, stay } from './close.js'
import { parseCursor } from './cursor.js'
import { disconnect, finished, recover, serverPause, TEST_OF_OFFLINE_MS } from './disconnect.js'
import { factsOf } from './error-codes.js'
import { afterHead, isReadable, rule } from './known.js'
import { alarmAt, isConnected, isLive, isStarting } from './state.js'
import type { Connected, Input, Patience, Policy, Run, State, Step } from './state.js'

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
    case 'opened':
      return state.name === 'connecting' ? accept(state, input, policy) : stay(state)
    case 'event':
      return state.name === 'open' ? receive(state, input, policy) : stay(state)
    case 'activity':
      return state.name === 'open' ? move(heard(state, state.run, input.at, policy)) : stay(state)
    case 'retry':
      if (!isConnected(state)) return stay(state)
      return move({ ...state, run: { ...state.run, retryMs: serverPause(input.delayMs) } })
    case 'ended':
    case 'lost':
    case 'unsent':
      return disconnect(state, input, policy)
    case 'finished':
      return finished(state)
    case 'finish':
      return isConnected(state) ? conclude(state, input) : stay(state)
    case 'alarm':
      return ring(state, input, policy)
    case 'away':
      return goAway(state, input)
    case 'back':
      return comeBack(state, input.at, policy)
    case 'stop':
      return isLive(state) ? closeBoth(state, 'stopped', undefined) : stay(state)
    case 'leave':
      return isLive(state) ? close(state, 'stopped', undefined, 'alive') : stay(state)
  }
}

function open(state: State, input: Extract<Input, { type: 'open' }>, policy: Policy): Step {
  if (isLive(state)) return stay(state)
  const run: Run = {
    known: { ...input.known, fate: 'alive' },
    expects: input.expects,
    failures: 0,
    retryMs: 0,
    totalAt: input.at + policy.totalMs,
    next: input.intent,
    away: input.away,
    beginning: { name: 'zero' },
  }
  if (input.away !== 'background') return dial(state.generation, run, input.at, policy)
  return move({ name: 'paused', generation: state.generation, run, deadline: Infinity })
}

function dial(previous: number, run: Run, at: number, policy: Policy): Step {
  const generation = previous + 1
  const intent = run.next
  const { cursor, startedAt } = run.known
  // From here on a start may have left.
  const known = intent === 'start' ? { ...run.known, startedAt: startedAt ?? at } : run.known
  const dialled: Run = { ...run, known, next: 'read' }
  const deadline = at + firstByteMs(run, policy)
  const doubtful = run.away === 'offline'
  return move({ name: 'connecting', generation, run: dialled, deadline, intent, from: cursor, doubtful }, [
    { type: 'dial', generation, intent, cursor },
  ])
}

/** Who may be a model's own API is waited for with patience; but a read that is given up costs nothing. */
function firstByteMs({ known, expects, next }: Run, policy: Policy): number {
  const { server } = known
  if (server === 'foreign') return patience(server, policy).firstByteMs
  const isOurs = server === 'ours' || expects === 'ours' || next === 'read'
  return isOurs ? policy.firstByteMs : patience(server, policy).firstByteMs
}

/** Silence means something only where heartbeats would break it. */
const patience = (server: Run['known']['server'], policy: Policy): Patience =>
  server === 'ours' ? policy : (policy.others ?? policy)

/** The same connection, which has shown that it lives. */
function heard(state: Connected, run: Run, at: number, policy: Policy): State {
  const deadline = at + patience(run.known.server, policy).idleMs
  const { generation, intent, from } = state
  return { name: 'open', generation, intent, from, run, deadline }
}

function accept(state: Connected, input: Extract<Input, { type: 'opened' }>, policy: Policy): Step {
  let run: Run = { ...state.run, known: afterHead(state.run.known, input.head) }
  if (run.away === 'background' && isReadable(run.known, input.canRead)) return pause(state, run)
  // Whoever answers can be reached, whatever the platform says.
  if (run.away === 'offline') run = { ...run, away: undefined, failures: 0 }
  return move(heard(state, run, input.at, policy))
}

function receive(state: Connected, input: Extract<Input, { type: 'event' }>, policy: Policy): Step {
  const { event, canRead, at } = input
  const { known, verdict } = rule(state.run.known, event, state.from !== undefined)
  // Failures are forgotten here, not on open: some proxies accept and drop at once.
  if (verdict === 'deliver') {
    const run = { ...state.run, known, failures: 0 }
    return move(heard(state, run, at, policy), [{ type: 'deliver', event }])
  }
  const run = { ...state.run, known }
  switch (verdict) {
    case 'seen':
      // What came before the place where it was joined has not been seen.
      if (run.beginning.name === 'joined' && numberOf(event) < run.beginning.seq)
        return close(state, 'error', new ChannelError('HISTORY_EXPIRED'))
      return move(heard(state, run, at, policy))
    case 'missing':
      if (known.cursor === undefined) return seekBeginning({ ...state, run }, input, policy)
      return recover({ ...state, run }, new ChannelError('SEQUENCE_GAP'), canRead, at, 0, policy)
    case 'other-run':
      return close(state, 'error', new ChannelError('HISTORY_EXPIRED'))
  }
}

const numberOf = ({ id }: ChannelEvent): number => parseCursor(id)?.seq ?? 0

/** How often the beginning is looked for before it counts as gone: a platform that mixes up the order may do so again. */
const LOOKS = 3

/**
 * The first event is not number 0. The platform mixed up the order, which another look repairs, or what came earlier is
 * gone. Of a run that is an error, which the server says: what was started here is looked for as long as connections
 * may fail. Any other channel gives what it keeps.
 */
function seekBeginning(
  state: Connected,
  { event, canRead, at }: Extract<Input, { type: 'event' }>,
  policy: Policy,
): Step {
  const { run } = state
  const { beginning, known } = run
  const looks = beginning.name === 'sought' ? beginning.looks + 1 : 1
  const mayLook = canRead && run.failures < policy.attempts
  if (known.startedAt === undefined && (looks >= LOOKS || !mayLook)) {
    const joined: Run = {
      ...run,
      known: { ...known, cursor: event.id, delivered: true },
      failures: 0,
      beginning: { name: 'joined', seq: numberOf(event) },
    }
    return move(heard(state, joined, at, policy), [{ type: 'deliver', event }])
  }
  if (!mayLook) return close(state, 'error', new ChannelError('HISTORY_EXPIRED'))
  const seeking: Connected = { ...state, run: { ...run, beginning: { name: 'sought', looks } } }
  return recover(seeking, new ChannelError('SEQUENCE_GAP'), canRead, at, 0, policy)
}

/** The run's end is proven, but for an event that could not be read: the run behind it may go on. */
function conclude(state: Connected, { outcome, error }: Extract<Input, { type: 'finish' }>): Step {
  const isUnread = error !== undefined && factsOf(error.code).run === 'lost'
  return close(state, outcome, error, isUnread ? 'lost' : 'over')
}

function ring(state: State, input: Extract<Input, { type: 'alarm' }>, policy: Policy): Step {
  // After a suspension timers fire late and all at once, and a deadline may have moved meanwhile: ask the clock.
  if (!isLive(state) || input.at < alarmAt(state)) return stay(state)
  if (input.at >= state.run.totalAt) return closeBoth(state, 'error', new ChannelError('TOTAL_TIMEOUT'))
  if (!isConnected(state)) return dial(state.generation, state.run, input.at, policy)
  const error = new ChannelError(state.name === 'open' ? 'IDLE_TIMEOUT' : 'FIRST_BYTE_TIMEOUT')
  return recover(state, error, input.canRead, input.at, input.random, policy)
}

function goAway(state: State, { reason, canRead, at }: Extract<Input, { type: 'away' }>): Step {
  if (!isLive(state) || state.run.away === reason) return stay(state)
  const run = { ...state.run, away: reason }
  // A start on its way must arrive, and what can't be read again must not be cut: the platform decides about those.
  const keep = isConnected(state) && (isStarting(state) || !isReadable(run.known, canRead))
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
