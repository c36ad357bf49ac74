import { ChannelError } from '../core/channel-error.js'
import type { LogEntry, ReaderAnswer } from '../cloud/wire.js'
import { accept, createInbox, hasHole, type Inbox } from './inbox.js'

/** Limits in milliseconds. */
export interface ReceiverPolicy {
  /** How long a missing entry may still come by push. */
  readonly gapMs: number
  /** Without a push for this long, the log is asked. */
  readonly silenceMs: number
  /** Between two reads while push is known to bring nothing. */
  readonly pollMs: number
  /** An answer that takes longer counts as none. */
  readonly readTimeoutMs: number
  /** `none`: pushes are all there is. */
  readonly reader: 'log' | 'none'
}

/** Why the log is read: nothing came, or somebody has reason to think that there is more. */
type Why = 'silence' | 'look'

interface Open {
  readonly name: 'open'
  readonly inbox: Inbox
  /** Since when an entry is missing. */
  readonly holeAt: number | undefined
  /** When anything new last came, or a read ended. */
  readonly heardAt: number
  /** A push came since the last read ended. */
  readonly pushed: boolean
  /** Push brings nothing: the log does. */
  readonly polling: boolean
  /** Reads in a row for which silence was the reason, and which brought nothing. */
  readonly empty: number
  /** Reads in a row that failed. */
  readonly failed: number
  /** Reads in a row that the cloud refused. */
  readonly refused: number
  readonly beatAt: number
  readonly read:
    | { readonly name: 'idle' }
    /** `again`: something happened meanwhile that this read may have missed. */
    | { readonly name: 'busy'; readonly deadline: number; readonly again: boolean; readonly why: Why }
}

export type ReceiverState =
  | Open
  /** The end was delivered. */
  | { readonly name: 'ended' }
  | { readonly name: 'failed' }

export type ReceiverInput =
  | {
      readonly type: 'push'
      readonly entries: readonly LogEntry[]
      readonly known: number
      readonly at: number
    }
  | { readonly type: 'page'; readonly answer: ReaderAnswer; readonly at: number }
  /** `refused`: the cloud answered, with an error; else it could not be reached. */
  | { readonly type: 'read-failed'; readonly refused: boolean; readonly at: number }
  /** The app came to the foreground, or the network back, or the call settled: what was missed is in the log. */
  | { readonly type: 'look'; readonly at: number }
  | { readonly type: 'alarm'; readonly at: number }

export type ReceiverEffect =
  | { readonly type: 'deliver'; readonly entry: LogEntry }
  | { readonly type: 'read'; readonly from: number }
  /** Is the push socket alive? */
  | { readonly type: 'probe' }
  /** The log had what push did not bring `since` then: the socket of that time is dead. */
  | { readonly type: 'recover'; readonly since: number }
  | { readonly type: 'fail'; readonly error: ChannelError }

export interface ReceiverStep {
  readonly state: ReceiverState
  readonly effects: readonly ReceiverEffect[]
}

/** Reads that the cloud may refuse in a row: a reader function that does not exist never answers. */
const REFUSALS = 3
/** A channel whose function shows no life is asked this seldom in the end. */
const RESTING_MS = 60_000

export function openReceiver(next: number, at: number): ReceiverState {
  return {
    name: 'open',
    inbox: createInbox(next),
    holeAt: undefined,
    heardAt: at,
    pushed: false,
    polling: false,
    empty: 0,
    failed: 0,
    refused: 0,
    beatAt: 0,
    read: { name: 'idle' },
  }
}

/** When `alarm` is due, in clock time; `Infinity` for never. */
export function receiverAlarmAt(state: ReceiverState, policy: ReceiverPolicy): number {
  if (state.name !== 'open') return Infinity
  if (state.read.name === 'busy') return state.read.deadline
  const silentAt = state.heardAt + silenceMs(state, policy)
  return state.holeAt === undefined ? silentAt : Math.min(silentAt, state.holeAt + holeMs(state, policy))
}

/**
 * What to do about entries that come by push, and those that don't. Pure: time is an argument, illegal pairs
 * change nothing.
 */
export function stepReceiver(
  state: ReceiverState,
  input: ReceiverInput,
  policy: ReceiverPolicy,
): ReceiverStep {
  if (state.name !== 'open') return { state, effects: [] }
  switch (input.type) {
    case 'push':
      return take({ ...state, pushed: true, polling: false }, input.entries, input.known, input.at)
    case 'page':
      return turn(state, input.answer, input.at, policy)
    case 'read-failed': {
      if (state.read.name === 'idle') return { state, effects: [] }
      const refused = input.refused ? state.refused + 1 : 0
      const failed = state.failed + 1
      const idle: Open = { ...state, refused, failed, heardAt: input.at, read: { name: 'idle' } }
      return checkHole(holeAgain(idle, input.at), policy)
    }
    case 'look':
      return withEffects(read(state, input.at, policy, 'look'), [{ type: 'probe' }])
    case 'alarm':
      return ring(state, input.at, policy)
  }
}

function ring(state: Open, at: number, policy: ReceiverPolicy): ReceiverStep {
  // Timers fire late after a suspension, and what they waited for may have come: ask the clock.
  if (at < receiverAlarmAt(state, policy)) return { state, effects: [] }
  if (state.read.name === 'busy')
    return stepReceiver(state, { type: 'read-failed', refused: false, at }, policy)
  if (policy.reader === 'none') {
    if (state.holeAt !== undefined) return fail('PUSH_LOST')
    return { state: { ...state, heardAt: at, empty: state.empty + 1 }, effects: [{ type: 'probe' }] }
  }
  return state.holeAt === undefined && !state.polling
    ? withEffects(read(state, at, policy, 'silence'), [{ type: 'probe' }])
    : read(state, at, policy, 'silence')
}

/** One read at a time; whoever wants another gets it after this one. */
function read(state: Open, at: number, policy: ReceiverPolicy, why: Why): ReceiverStep {
  if (policy.reader === 'none') return { state, effects: [] }
  if (state.read.name === 'busy')
    return { state: { ...state, read: { ...state.read, again: true } }, effects: [] }
  const busy: Open = {
    ...state,
    pushed: false,
    read: { name: 'busy', deadline: at + policy.readTimeoutMs, again: false, why },
  }
  return { state: busy, effects: [{ type: 'read', from: state.inbox.next }] }
}

function take(state: Open, entries: readonly LogEntry[], known: number, at: number): ReceiverStep {
  const { inbox, deliver } = accept(state.inbox, entries, known)
  const effects: ReceiverEffect[] = []
  for (const entry of deliver) {
    effects.push({ type: 'deliver', entry })
    if (entry.kind !== 'message') return { state: { name: 'ended' }, effects }
  }
  const fresh = deliver.length > 0
  return {
    state: {
      ...state,
      inbox,
      // A hole that moved on is another hole, with its own time to be filled.
      holeAt: hasHole(inbox) ? (fresh ? at : (state.holeAt ?? at)) : undefined,
      heardAt: at,
      ...(fresh && { empty: 0, refused: 0 }),
    },
    effects,
  }
}

function turn(
  state: Open,
  { entries, more, beatAt }: ReaderAnswer,
  at: number,
  policy: ReceiverPolicy,
): ReceiverStep {
  const first = entries[0]
  // The log has only what comes after: the beginning expired.
  if (first && first.seq > state.inbox.next) return fail('HISTORY_EXPIRED')
  const again = more || (state.read.name === 'busy' && state.read.again)
  const { state: after, effects } = take(state, entries, 0, at)
  const brought = effects.length > 0
  const alive = brought || beatAt > state.beatAt
  // What fills a hole was lost alone, and what a push is about to bring may come by the log first. But without any
  // push since the read began, and none missing in between, push brings nothing any more.
  const missed = brought && !state.pushed && !more && state.holeAt === undefined
  // First of all, since the end closes the channel and the next one needs the socket.
  const recover: ReceiverEffect[] =
    missed && !state.polling ? [{ type: 'recover', since: state.heardAt }] : []
  if (after.name !== 'open') return { state: after, effects: [...recover, ...effects] }
  const idle: Open = {
    ...after,
    beatAt: Math.max(beatAt, state.beatAt),
    refused: 0,
    failed: 0,
    // Being looked at often says nothing about the function.
    empty: alive ? 0 : state.empty + (state.read.name === 'busy' && state.read.why === 'silence' ? 1 : 0),
    polling: missed || state.polling,
    read: { name: 'idle' },
  }
  const next = again ? read(idle, at, policy, 'look') : checkHole(holeAgain(idle, at), policy)
  return { state: next.state, effects: [...recover, ...effects, ...next.effects] }
}

/** A read that did not fill the hole gives it its time anew. */
function holeAgain(state: Open, at: number): Open {
  return state.holeAt === undefined ? state : { ...state, holeAt: at }
}

function checkHole(state: Open, policy: ReceiverPolicy): ReceiverStep {
  const readerMissing = state.refused >= REFUSALS && policy.reader === 'log'
  if (readerMissing && state.holeAt !== undefined) return fail('PUSH_LOST')
  return { state, effects: [] }
}

function fail(code: 'PUSH_LOST' | 'HISTORY_EXPIRED'): ReceiverStep {
  return { state: { name: 'failed' }, effects: [{ type: 'fail', error: new ChannelError(code) }] }
}

/** The longer nothing comes, the less often the log is asked; a function that shows life is asked steadily. */
function silenceMs(state: Open, policy: ReceiverPolicy): number {
  const resting = Math.min(RESTING_MS, policy.silenceMs * 2 ** Math.max(0, state.empty - 3))
  if (policy.reader === 'none') return resting
  if (state.failed > 0) return retryMs(state, policy)
  return state.polling ? Math.min(policy.pollMs * 1.5 ** state.empty, resting) : resting
}

function holeMs(state: Open, policy: ReceiverPolicy): number {
  return state.failed > 0
    ? retryMs(state, policy)
    : Math.min(policy.gapMs * 2 ** state.empty, policy.silenceMs)
}

/** A reader that the cloud refuses will not be there in a moment; a network may. */
function retryMs({ failed, refused }: Open, { pollMs, silenceMs }: ReceiverPolicy): number {
  return Math.min(pollMs * 2 ** (failed - 1), refused > 0 ? RESTING_MS : silenceMs)
}

function withEffects(step: ReceiverStep, effects: readonly ReceiverEffect[]): ReceiverStep {
  return { state: step.state, effects: [...step.effects, ...effects] }
}
