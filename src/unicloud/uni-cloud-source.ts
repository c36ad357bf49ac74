import { seqIdOf, type LogEntry } from '../cloud/wire.js'
import { cloudErrorTexts } from '../core/cloud-error-texts.js'
import { learnTexts } from '../core/explain.js'
import { ChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import { formatCursor, parseCursor } from '../core/cursor.js'
import type { HangUp, Observer, Source } from '../core/source.js'
import { systemClock } from '../platform/system-clock.js'
import { explainSilence, isClaimed, isRefusal, readRefusal } from './cloud-refusal.js'
import { createClientFollower } from './client-follower.js'
import { pushClient } from './push-client.js'
import { createReceiver, type ReadLog, type Receiver } from './receiver.js'
import { readerOf, receiverPolicy } from './receiver-defaults.js'
import type { ReceiverPolicy } from './receiver-state.js'
import { uniCloudClient } from './uni-cloud-client.js'
import { uniPushLine } from './uni-push-line.js'

/** What a start calls: a cloud function, or a method of a cloud object. */
export type UniCloudTarget =
  | { readonly function: string; readonly object?: never }
  | { readonly object: string; readonly method: string; readonly function?: never }

/** What `uniCloudSource()` takes: the cloud function that answers, and the one that reads. */
export type UniCloudSourceOptions = UniCloudTarget & {
  /** Name of the reader function, or a function that asks it. Default `sse-channel-reader`. */
  readonly reader?: string | ReadLog
  /** Without a push for this long the log is asked, in milliseconds. Default 10,000. */
  readonly silenceMs?: number
}

/** How long a start waits for a push id before it goes on without push, in milliseconds. */
const PUSH_WAIT_MS = 3_000
/** The log of a call that settled is read until it ended, this often and with this pause. */
const LAST_LOOKS = 4
const LOOK_PAUSE_MS = 1_000

/**
 * uniCloud as the source of a channel: calls the function once, receives by push and from the log, and reads on
 * from the log after every interruption. The input of `start()` is the function's event, with `channel` added.
 * The function must write with `deserializeSSEChannel(event.channel, { log })` of `uni-sse-channel/cloud`.
 * @throws {ChannelError} BAD_OPTIONS
 * @example useSSEChannel({ source: uniCloudSource({ function: 'massive-task' }) })
 */
export function uniCloudSource(options: UniCloudSourceOptions): Source {
  learnTexts(cloudErrorTexts)
  const readLog = readerOf(options.reader)
  if (!readLog)
    throw new ChannelError('BAD_OPTIONS', 'uniCloudSource reads from a log: `reader` can not be none.')
  const policy = receiverPolicy(options)

  return {
    connect(intent, observer) {
      const next = intent.kind === 'read' ? positionOf(intent.cursor) : 0
      const line = openLine({ channelId: intent.channelId, next, readLog, policy, observer })
      if (intent.kind === 'start') void start(options, intent, line, observer)
      else void readOn(line, observer)
      return line.hangUp
    },

    canRead: (channelId) => channelId !== '',

    async stop(channelId) {
      try {
        await readLog({ action: 'stop', channelId })
      } catch (thrown) {
        throw new ChannelError('STOP_FAILED', undefined, { cause: thrown })
      }
    },
  }
}

interface Line {
  readonly receiver: Receiver
  readonly hangUp: HangUp
  readonly isOpen: () => boolean
  /** Ends the connection with what `report` tells, unless it is over. */
  finish(report: () => void): void
  follow(pushClientId: string): void
}

interface LineOptions {
  readonly channelId: string
  readonly next: number
  readonly readLog: ReadLog
  readonly policy: ReceiverPolicy
  readonly observer: Observer
}

function openLine({ channelId, next, readLog, policy, observer }: LineOptions): Line {
  let open = true
  let follower = createClientFollower(channelId, '', readLog)
  const receiver = createReceiver({
    channelId,
    next,
    line: uniPushLine,
    clock: systemClock,
    policy,
    readLog,
    deliver: (entry) => toEvents(entry).forEach((event) => open && observer.event(event)),
    fail: (error) => finish(() => observer.lost(error)),
    alive: () => open && observer.activity(),
    woke: () => follower.check(),
  })

  function hangUp() {
    open = false
    receiver.close()
  }

  function finish(report: () => void) {
    if (!open) return
    hangUp()
    report()
  }

  return {
    receiver,
    hangUp,
    isOpen: () => open && receiver.state.name === 'open',
    finish,
    follow(pushClientId) {
      follower = createClientFollower(channelId, pushClientId, readLog)
    },
  }
}

async function start(
  target: UniCloudTarget,
  intent: { readonly channelId: string; readonly input: unknown },
  line: Line,
  observer: Observer,
): Promise<void> {
  const { channelId, input } = intent
  // Without a push id the run goes on all the same: what push can't bring, the log does.
  const client = await pushClient(systemClock, PUSH_WAIT_MS).catch(() => ({ appId: '', pushClientId: '' }))
  if (!line.isOpen()) return
  line.follow(client.pushClientId)
  observer.opened({ channelId })
  const data = { ...Object(input ?? {}), channel: { ...client, seqId: seqIdOf(channelId) } } as object
  try {
    await call(target, data)
    await lookUntilEnd(line)
    // The function returned without end(): its messages are all there are, if the log could be asked.
    line.finish(() => {
      const { readError } = line.receiver
      if (readError) observer.lost(readError)
      else observer.finished()
    })
  } catch (thrown) {
    // A browser repeated the call, and this is the answer to the second one. The first is running: its messages and
    // its end come by push and from the log.
    if (isClaimed(thrown)) return line.receiver.look()
    await lookUntilEnd(line)
    line.finish(() => observer.lost(explain(target, thrown)))
  }
}

function call(target: UniCloudTarget, data: object): Promise<unknown> {
  if (target.function !== undefined) return uniCloudClient().callFunction({ name: target.function, data })
  const method = uniCloudClient().importObject(target.object, { customUI: true })[target.method]
  return method
    ? method(data)
    : Promise.reject(new ChannelError('BAD_OPTIONS', `No method ${target.method}.`))
}

async function readOn(line: Line, observer: Observer): Promise<void> {
  observer.opened({ channelId: undefined })
  await lookUntilEnd(line, () => isKnown(line.receiver))
  if (!line.isOpen() || isKnown(line.receiver)) return
  line.finish(() => observer.lost(line.receiver.readError ?? new ChannelError('CHANNEL_NOT_FOUND')))
}

/** Looks a few times, because what was written last may reach the log's readers late. */
async function lookUntilEnd({ receiver, isOpen }: Line, enough: () => boolean = () => false): Promise<void> {
  for (let count = 1; isOpen(); count++) {
    await receiver.look()
    if (count === LAST_LOOKS || enough()) return
    await new Promise((resume) => systemClock.setTimeout(() => resume(undefined), LOOK_PAUSE_MS))
  }
}

/** Has the log, or a push, ever told of this channel? */
function isKnown({ state }: Receiver): boolean {
  return state.name !== 'open' || state.beatAt > 0 || state.inbox.known > 0
}

/** The cloud's answer is final; without one the function may be running, and the log is read on. */
function explain(target: UniCloudTarget, thrown: unknown): ChannelError {
  if (!isRefusal(thrown)) return explainSilence(thrown)
  const { code = 'PRODUCER_ERROR', text } = readRefusal(thrown)
  const name = target.function ?? `${target.object}.${target.method}`
  return new ChannelError(code, `The cloud function ${name} failed: ${text}`, {
    cause: thrown,
    retryable: false,
  })
}

/** Positions make cursors: a channel's log is created once, so that its epoch is always the same. */
const EPOCH = '0'

/** The last entry is read again, and dropped as a duplicate: it may be the end, whose message was delivered before. */
function positionOf(cursor: string | undefined): number {
  return cursor === undefined ? 0 : (parseCursor(cursor)?.seq ?? 0)
}

/** An entry as the events of a channel: an end that carries a message is that message, then the end. */
function toEvents({ seq, kind, message }: LogEntry): ChannelEvent[] {
  const said = { id: formatCursor(EPOCH, seq), type: 'message', data: JSON.stringify(message ?? null) }
  if (kind === 'message') return [said]
  const outcome = kind === 'stopped' ? 'stopped' : 'done'
  const end = { id: '', type: 'end', data: JSON.stringify({ outcome }) }
  return message === null || message === undefined ? [end] : [said, end]
}
