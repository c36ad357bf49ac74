import { shallowRef, type ShallowRef } from 'vue'
import { inPieces } from '../core/built-for.js'
import { ChannelError, toChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import type { Clock } from '../core/clock.js'
import { knownOf, type Known } from '../core/known.js'
import type { Lifecycle } from '../core/lifecycle.js'
import { createSession, type Background, type Ending } from '../core/session.js'
import type { Source } from '../core/source.js'
import { isLive, type Outcome, type Policy, type State } from '../core/state.js'
import { utf8Length } from '../core/utf8.js'
import type { Closing, Decode, Decoded, Decoder } from '../decoders/decoder.js'
import type { Origin } from '../messages/message-of.js'
import { createAnswer, type Answer, type AnswerMessage } from '../messages/create-answer.js'
import type { UIMessageChunk } from '../messages/chunk.js'
import type { LooseText } from '../messages/fold-text.js'
import type { Part } from '../messages/part.js'
import { createChannelId } from '../transports/channel-id.js'
import { laterAnswer } from './later-answer.js'
import { holdView, isAsMuch, type HeldView } from './held-view.js'
import { isDomEvent } from './is-dom-event.js'
import { lazyView } from './lazy-view.js'
import { nextAsk } from './next-ask.js'
import { untracked } from './untracked.js'

/** `submitted`: sent, nothing has come yet. */
export type ChannelStatus = 'idle' | 'submitted' | 'streaming' | Outcome

/** Whether a connection is there: `waiting` for the next try, `paused` while the app is in the background. */
export type Connection = 'closed' | 'connecting' | 'open' | 'waiting' | 'paused'

/** Where to read: a channel that runs, or ran. Without a cursor from its start. */
export interface ResumeTarget {
  readonly channelId: string
  readonly cursor?: string
  /** The message that this answer goes on with. */
  readonly origin?: Origin | undefined
}

/** What a start may say besides its input. */
export interface StartPlan {
  /** To be proposed to the server. Default: a new one. The same again is the same run, at a server of ours. */
  readonly channelId?: string | undefined
  /** The message that this answer goes on with: the server has seen it, and tells what is new. */
  readonly origin?: Origin | undefined
}

export interface ChannelOptions {
  readonly key: string
  readonly source: Source
  readonly decoder: Decoder
  readonly policy: Policy
  readonly background: Background
  readonly lifecycle: Lifecycle
  readonly clock: Clock
}

type Readable<T> = Readonly<ShallowRef<T>>

/** One channel as pages see it: what arrived, how it stands, and what can be done. */
export interface Channel<Message = unknown> {
  readonly key: string
  /** Whether a run goes on. Plain: an effect that reads it does not depend on it. */
  readonly isLive: boolean
  /** Every event of this run, data parsed; of a very long run the newest 10,000 at least. Each change is a new array. */
  readonly messages: Readable<readonly Message[]>
  readonly text: Readable<string>
  readonly reasoning: Readable<string>
  readonly parts: Readable<readonly Part[]>
  /** The answer as one message of the AI SDK, with what the server says of it: id, metadata, why it ended. */
  readonly answer: Readable<AnswerMessage>
  /** The server's id of the answer, where it gives one: apart, since it hardly ever changes. */
  readonly messageId: Readable<string | undefined>
  readonly status: Readable<ChannelStatus>
  readonly connection: Readable<Connection>
  readonly error: Readable<ChannelError | undefined>
  readonly channelId: Readable<string>
  readonly cursor: Readable<string | undefined>
  /** Events applied in this run. */
  readonly received: Readable<number>
  /** Size of their data in UTF-8. */
  readonly bytes: Readable<number>
  /** Clock time in milliseconds; undefined before the first run. */
  readonly startedAt: Readable<number | undefined>
  /**
   * Starts a run; resolves when it ends, with how. The event of a click, as of `@click="start"`, is no input.
   * @throws {ChannelError} RUN_ACTIVE
   */
  start(input?: unknown, plan?: StartPlan): Promise<Outcome>
  /**
   * Ends the run: what arrived is kept, nothing reconnects, and the producer is told, without a network when it is back.
   * Idempotent.
   */
  stop(): void
  /**
   * After an error: reads on from the cursor where the run may still be going, else runs the same input again. What is
   * in view stays there until as much has come again.
   * @throws {ChannelError} RUN_ACTIVE, NOTHING_TO_RESUME
   */
  retry(): Promise<Outcome>
  /**
   * Reads a run that exists, here or at the server; never starts one.
   * @throws {ChannelError} RUN_ACTIVE, NOTHING_TO_RESUME
   */
  resume(target?: ResumeTarget): Promise<Outcome>
  /** Stops, and forgets what arrived. */
  clear(): void
  /** Hears every chunk as it comes, transient ones too; what it throws is not the run's. Returns its undo. */
  tap(listener: (chunk: UIMessageChunk | LooseText) => void): () => void
}

const MAX_MESSAGES = 10_000

const newAnswer = inPieces ? laterAnswer : createAnswer

export function createChannel(options: ChannelOptions): Channel {
  const { clock } = options
  const messages = lazyView<readonly unknown[]>(() => (held ? held.messages.slice() : log.slice()))
  const text = shallowRef('')
  const reasoning = shallowRef('')
  const parts = lazyView<readonly Part[]>(() => (held ? held.parts : answer.parts))
  const messageId = shallowRef<string>()
  const whole = lazyView(() => answer.message(parts.view.value))
  const status = shallowRef<ChannelStatus>('idle')
  const connection = shallowRef<Connection>('closed')
  const error = shallowRef<ChannelError>()
  const channelId = shallowRef('')
  const cursor = shallowRef<string>()
  const received = shallowRef(0)
  const bytes = shallowRef(0)
  const startedAt = shallowRef<number>()

  let origin: Origin | undefined
  let answer: Answer = newAnswer()
  const taps = new Set<(chunk: UIMessageChunk | LooseText) => void>()
  let decode: Decode = options.decoder()
  let log: unknown[] = []
  let counts = { received: 0, bytes: 0 }
  /** What is in view instead of an answer that has not come so far yet. */
  let held: HeldView | undefined
  // What is done is decided from these alone: a watcher may look and act between the change of one ref and the next.
  let now: { readonly status: ChannelStatus; readonly error: ChannelError | undefined } = NOTHING
  let known: Known | undefined
  let input: { readonly value: unknown } | undefined
  let began: number | undefined
  let settle: ((outcome: Outcome) => void) | undefined
  let opening = false
  let flushing = false
  /** Counts what was shown, so that what a watcher did meanwhile is not painted over. */
  let views = 0

  const session = createSession<unknown>({
    source: options.source,
    lifecycle: options.lifecycle,
    clock,
    policy: options.policy,
    background: options.background,
    receive(event) {
      counts.received++
      counts.bytes += utf8Length(event.data)
      const { message, ending } = read(event)
      if (message !== undefined) {
        log.push(message)
        // In batches: removing one a message would move the whole array each time.
        if (log.length > MAX_MESSAGES * 1.1) log.splice(0, log.length - MAX_MESSAGES)
      }
      scheduleFlush()
      return ending
    },
    closed: () => attempt(() => add<Closing>(decode.closed?.() ?? { outcome: 'done' })),
    onState: follow,
    onStopFailed(failure) {
      if (!known) return
      now = { ...now, error: failure }
      show()
    },
    onStopTold() {
      if (now.error?.code !== 'STOP_FAILED') return
      now = { ...now, error: undefined }
      show()
    },
  })

  // A decoder may be the application's: what it throws ends the run instead of the platform's callback.
  function attempt(closed: () => Ending): Ending {
    try {
      return closed()
    } catch (thrown) {
      return { outcome: 'error', error: toChannelError(thrown, 'BAD_EVENT') }
    }
  }

  function read(event: ChannelEvent): Decoded {
    try {
      return add(decode(event) ?? {})
    } catch (thrown) {
      return { ending: { outcome: 'error', error: toChannelError(thrown, 'BAD_EVENT') } }
    }
  }

  function add<Said extends Pick<Decoded, 'chunks'>>(said: Said): Said {
    const before = held && answer.text.length
    for (const chunk of said.chunks ?? []) {
      answer.add(chunk)
      for (const listener of taps) listener(chunk)
    }
    // Taken back, it must not stay in view.
    if (before !== undefined && answer.text.length < before) held = undefined
    return said
  }

  // Many events come in one piece of the network: the refs change once for all of them.
  function scheduleFlush() {
    if (flushing) return
    flushing = true
    void Promise.resolve().then(() => {
      if (!flushing) return
      if (now.status === 'submitted' && isLive(session.state)) now = { ...now, status: 'streaming' }
      show()
    })
  }

  /** All of what is known, in the refs. Whoever watches one may act at once: then the rest is shown by that. */
  function show() {
    flushing = false
    if (held && isAsMuch(answer, counts.received, held)) held = undefined
    const view = ++views
    const { state } = session
    const { text: said, reasoning: thought } = held ?? answer
    const { error: failure, status: stands } = now
    const { received: events, bytes: size } = counts
    const id = known?.channelId ?? ''
    const position = known?.cursor
    const startTime = began
    const changes = [
      () => (connection.value = state.name === 'idle' ? 'closed' : state.name),
      () => (channelId.value = id),
      () => (received.value = events),
      () => (bytes.value = size),
      () => (text.value = said),
      () => (reasoning.value = thought),
      () => (messageId.value = answer.id),
      messages.changed,
      parts.changed,
      whole.changed,
      () => (cursor.value = position),
      () => (startedAt.value = startTime),
      () => (error.value = failure),
    ]
    const turn = () => (status.value = stands)
    // The first to change when a run begins, the last when it ends: whoever watches it may start the next at once.
    for (const change of settle ? [turn, ...changes] : [...changes, turn]) {
      change()
      if (views !== view) return
    }
  }

  function follow(state: State) {
    // Cleared meanwhile.
    if (!known || state.name === 'idle') return
    known = state.run.known
    if (state.name === 'closed') return end(state.outcome, state.error)
    if (opening) return
    const view = views
    connection.value = state.name
    if (views === view) channelId.value = known.channelId
  }

  function end(outcome: Outcome, failure: ChannelError | undefined) {
    answer.close()
    if (outcome === 'done') held = undefined
    now = { status: outcome, error: failure }
    const resolve = settle
    settle = undefined
    if (!opening) show()
    resolve?.(outcome)
  }

  function begin(open: () => void): Promise<Outcome> {
    now = { status: 'submitted', error: undefined }
    return new Promise((resolve) => {
      settle = resolve
      opening = true
      try {
        open()
      } finally {
        opening = false
      }
      show()
    })
  }

  function forget() {
    answer = newAnswer(origin)
    decode = options.decoder()
    log = []
    counts = { received: 0, bytes: 0 }
    began = clock.now()
  }

  function forgetAll() {
    held = undefined
    forget()
  }

  /** As forgetAll, but what is in view stays there until as much has come again. */
  function readAgain() {
    held ??= holdView(answer, log)
    forget()
  }

  function refuseWhileLive() {
    // A start made inside a callback of the session is live before its state says so.
    if (settle || isLive(session.state)) throw new ChannelError('RUN_ACTIVE')
  }

  function run(next: Known, value: unknown): Promise<Outcome> {
    known = next
    input = { value }
    return begin(() => session.start(next, value))
  }

  async function resume(given?: ResumeTarget): Promise<Outcome> {
    refuseWhileLive()
    // `@click="resume"` hands over the event.
    const target = typeof given?.channelId === 'string' ? given : undefined
    const isHere = known !== undefined && (!target || target.channelId === known.channelId)
    const former = isHere ? known : target && knownOf(target.channelId)
    if (!former) throw new ChannelError('NOTHING_TO_RESUME')
    // The input of another channel must not be what a retry sends.
    if (!isHere) input = undefined
    const cursor = target ? target.cursor : former.cursor
    let next: Known = { ...former, cursor }
    // Read from its start, a channel tells again what is here already.
    if (target || cursor === undefined) {
      next = { ...next, blind: false, delivered: false }
      if (target) origin = target.origin
      if (isHere && !target?.cursor) readAgain()
      else forgetAll()
    }
    known = next
    return begin(() => session.read(next))
  }

  async function retry(): Promise<Outcome> {
    refuseWhileLive()
    if (!known) throw new ChannelError('NOTHING_TO_RESUME')
    const canRead = options.source.canRead(known.channelId, known.cursor)
    const next = nextAsk(known, now.error?.code, input !== undefined, canRead)
    if (next === 'read') return resume()
    if (!input) throw new ChannelError('NOTHING_TO_RESUME')
    readAgain()
    if (next === 'same') return run(known, input.value)
    // It may still be going, and nobody can read it any more.
    if (known.fate !== 'over' && known.server !== 'foreign') session.stopRun(known.channelId)
    return run(knownOf(createChannelId()), input.value)
  }

  return {
    key: options.key,
    get isLive() {
      return settle !== undefined || isLive(session.state)
    },
    messages: messages.view,
    text,
    reasoning,
    parts: parts.view,
    answer: whole.view,
    messageId,
    status,
    connection,
    error,
    channelId,
    cursor,
    received,
    bytes,
    startedAt,

    start: async (value, plan) =>
      untracked(() => {
        refuseWhileLive()
        origin = plan?.origin
        forgetAll()
        return run(knownOf(plan?.channelId ?? createChannelId()), isDomEvent(value) ? undefined : value)
      }),

    stop: () =>
      untracked(() => {
        // Told again, it may be heard now.
        if (now.error?.code === 'STOP_FAILED') {
          now = { ...now, error: undefined }
          show()
        }
        session.stop()
      }),

    retry: async () => untracked(retry),
    resume: async (target) => untracked(() => resume(target)),

    clear: () =>
      untracked(() => {
        const resolve = settle
        settle = undefined
        known = undefined
        input = undefined
        now = NOTHING
        session.stop()
        origin = undefined
        forgetAll()
        began = undefined
        show()
        resolve?.('stopped')
      }),

    tap(listener) {
      taps.add(listener)
      return () => void taps.delete(listener)
    },
  }
}

const NOTHING = { status: 'idle', error: undefined } as const
