import { shallowRef, type ShallowRef } from 'vue'
import { ChannelError, toChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import type { Clock } from '../core/clock.js'
import type { Lifecycle } from '../core/lifecycle.js'
import { createSession, type Background } from '../core/session.js'
import type { Source } from '../core/source.js'
import { isLive, type Outcome, type Policy, type State } from '../core/state.js'
import { utf8Length } from '../core/utf8.js'
import type { Decode, Decoded, Decoder } from '../decoders/decoder.js'
import { createAnswer, type Answer, type AnswerMessage } from '../messages/create-answer.js'
import type { Part } from '../messages/part.js'
import { createChannelId } from '../transports/channel-id.js'
import { isGone, mayMeanTheId } from './after-error.js'
import { lazyView } from './lazy-view.js'

/** `submitted`: sent, nothing has come yet. */
export type ChannelStatus = 'idle' | 'submitted' | 'streaming' | Outcome

export type Connection = 'closed' | 'connecting' | 'open' | 'waiting' | 'paused'

/** Where to read: a channel that runs, or ran. Without a cursor from its start. */
export interface ResumeTarget {
  readonly channelId: string
  readonly cursor?: string
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
export interface Channel {
  readonly key: string
  /** Every event of this run, data parsed; of a very long run the newest 10,000 at least. Each change is a new array. */
  readonly messages: Readable<readonly unknown[]>
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
   * Starts a run; resolves when it ends, with how.
   * @throws {ChannelError} RUN_ACTIVE
   */
  start(input?: unknown): Promise<Outcome>
  /** Ends the run: what arrived is kept, the producer is told, nothing reconnects. Idempotent. */
  stop(): void
  /**
   * After an error: reads on from the cursor where the run may still be going, else runs the same input again.
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
}

const MAX_MESSAGES = 10_000

export function createChannel(options: ChannelOptions): Channel {
  const { clock } = options
  const messages = lazyView<readonly unknown[]>(() => log.slice())
  const text = shallowRef('')
  const reasoning = shallowRef('')
  const parts = lazyView<readonly Part[]>(() => answer.parts)
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

  let answer: Answer = createAnswer()
  let decode: Decode = options.decoder()
  let log: unknown[] = []
  let counts = { received: 0, bytes: 0 }
  let flushing = false
  let lastInput: { readonly value: unknown } | undefined
  let accepted = false
  /** The run's last event has come, so there is nothing more of it, whatever its error is called. */
  let ended = false
  let settle: ((outcome: Outcome) => void) | undefined

  const session = createSession<unknown>({
    source: options.source,
    lifecycle: options.lifecycle,
    clock,
    policy: options.policy,
    background: options.background,
    receive(event) {
      counts.received++
      counts.bytes += utf8Length(event.data)
      const { message, chunks = [], ending } = read(event)
      if (message !== undefined) {
        log.push(message)
        // In batches: removing one a message would move the whole array each time.
        if (log.length > MAX_MESSAGES * 1.1) log.splice(0, log.length - MAX_MESSAGES)
      }
      for (const chunk of chunks) answer.add(chunk)
      scheduleFlush()
      ended = ending !== undefined
      return ending
    },
    onState: show,
    onStopFailed(failure) {
      error.value = failure
    },
  })

  // A decoder may be the application's: what it throws ends the run instead of the platform's callback.
  function read(event: ChannelEvent): Decoded {
    try {
      return decode(event) ?? {}
    } catch (thrown) {
      return { ending: { outcome: 'error', error: toChannelError(thrown, 'BAD_EVENT') } }
    }
  }

  // Many events come in one piece of the network: the refs change once for all of them.
  function scheduleFlush() {
    if (flushing) return
    flushing = true
    void Promise.resolve().then(flush)
  }

  function flush() {
    if (!flushing) return
    flushing = false
    if (counts.received > 0 && status.value === 'submitted' && isLive(session.state))
      status.value = 'streaming'
    received.value = counts.received
    bytes.value = counts.bytes
    text.value = answer.text
    reasoning.value = answer.reasoning
    messageId.value = answer.id
    messages.changed()
    parts.changed()
    whole.changed()
    cursor.value = cursorOf(session.state)
  }

  function show(state: State) {
    connection.value = state.name === 'idle' ? 'closed' : state.name
    channelId.value = session.channelId
    if (isLive(state)) {
      accepted = state.run.accepted
      return
    }
    if (state.name !== 'closed') return
    accepted = state.run.accepted
    answer.close()
    flushing = true
    flush()
    const resolve = settle
    settle = undefined
    error.value = state.error
    // The last to change: whoever watches it may start the next run at once.
    status.value = state.outcome
    resolve?.(state.outcome)
  }

  function begin(open: () => void): Promise<Outcome> {
    status.value = 'submitted'
    error.value = undefined
    return new Promise((resolve) => {
      settle = resolve
      open()
    })
  }

  function forget() {
    answer = createAnswer()
    decode = options.decoder()
    log = []
    counts = { received: 0, bytes: 0 }
    ended = false
    flushing = true
    flush()
    cursor.value = undefined
  }

  function refuseWhileLive() {
    // A start made inside a callback of the session is live before its state says so.
    if (settle || isLive(session.state)) throw new ChannelError('RUN_ACTIVE')
  }

  function run(id: string, input: unknown): Promise<Outcome> {
    forget()
    lastInput = { value: input }
    accepted = false
    startedAt.value = clock.now()
    return begin(() => session.start(id, input))
  }

  async function resume(given?: ResumeTarget): Promise<Outcome> {
    refuseWhileLive()
    // `@click="resume"` hands over the event.
    const target = typeof given?.channelId === 'string' ? given : undefined
    const id = target?.channelId ?? channelId.value
    if (!id) throw new ChannelError('NOTHING_TO_RESUME')
    const from = target ? target.cursor : cursor.value
    // The input of another channel must not be what a retry sends.
    if (id !== channelId.value) lastInput = undefined
    // Read from its start, a channel tells again what is here already.
    if (target || from === undefined) {
      forget()
      cursor.value = from
      startedAt.value = clock.now()
    }
    return begin(() => session.read(id, from))
  }

  return {
    key: options.key,
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

    async start(input) {
      refuseWhileLive()
      return run(createChannelId(), input)
    },

    stop() {
      // Told again, it may be heard now.
      if (error.value?.code === 'STOP_FAILED') error.value = undefined
      session.stop()
    },

    async retry() {
      refuseWhileLive()
      const id = channelId.value
      const code = error.value?.code
      const broken = id !== '' && status.value === 'error' && !ended && code !== undefined && !isGone(code)
      // Events without ids leave no cursor to read on from.
      const readable = cursor.value !== undefined || received.value === 0
      if (broken && accepted && readable && options.source.canRead(id, cursor.value)) return resume()
      if (!lastInput) throw new ChannelError('NOTHING_TO_RESUME')
      // The same id if the start was lost on its way: should it still arrive, it is one run. Else a new one: of the
      // old id the server may have a run that has ended, or a stop that is still being told.
      const isLost = broken && !accepted && !mayMeanTheId(code)
      return run(isLost ? id : createChannelId(), lastInput.value)
    },

    resume,

    clear() {
      session.stop()
      forget()
      status.value = 'idle'
      error.value = undefined
      channelId.value = ''
      startedAt.value = undefined
      lastInput = undefined
    },
  }
}

function cursorOf(state: State): string | undefined {
  return state.name === 'idle' ? undefined : state.run.cursor
}
