import { isAnswer, type LogEntry, type ReaderAnswer, type ReaderRequest } from '../cloud/wire.js'
import { ChannelError } from '../core/channel-error.js'
import { explain } from '../core/explain.js'
import type { Clock, TimerHandle } from '../core/clock.js'
import { explainSilence, isRefusal, readRefusal } from './cloud-refusal.js'
import { surface } from './emitter.js'
import {
  openReceiver,
  receiverAlarmAt,
  stepReceiver,
  type ReceiverEffect,
  type ReceiverInput,
  type ReceiverPolicy,
  type ReceiverState,
} from './receiver-state.js'
import type { PushBatch } from './push-payload.js'

/** Asks the reader function. An error that carries a `requestId` is the cloud's answer, any other the network's. */
export type ReadLog = (request: ReaderRequest) => Promise<ReaderAnswer>

/** What the receiver needs of the platform: a port, so that tests run it without one. */
export interface PushLine {
  /** Every push of any channel; returns the undo. */
  subscribe(listener: (batch: PushBatch) => void): () => void
  /** The app came to the foreground, or the network back; returns the undo. */
  onWake(listener: () => void): () => void
  /** Looks whether the push socket is alive, and restores it if not. */
  probe(): void
  /** Restores the push socket, which brought nothing since `since`, in clock time. */
  recover(since: number): void
}

export interface ReceiverOptions {
  readonly channelId: string
  /** Position of the first entry wanted. */
  readonly next: number
  readonly line: PushLine
  readonly clock: Clock
  readonly policy: ReceiverPolicy
  readonly readLog: ReadLog
  readonly deliver: (entry: LogEntry) => void
  readonly fail: (error: ChannelError) => void
  /** The function that writes showed that it is alive. */
  readonly alive: () => void
  /** The app woke up, or push fell silent: who we are for the push service may have changed. */
  readonly woke: () => void
}

export interface Receiver {
  readonly state: ReceiverState
  /** Why the last read failed; undefined when it did not. */
  readonly readError: ChannelError | undefined
  /** Reads the log now: whatever a push may have missed. Resolves when there is nothing more to read. */
  look(): Promise<void>
  /** Idempotent; nothing is delivered afterwards. */
  close(): void
}

/** Receives one channel: carries out what the state machine says, and feeds it pushes, answers and time. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { clock, policy, line } = options
  const queue: ReceiverInput[] = []
  const idleListeners: (() => void)[] = []
  let state = openReceiver(options.next, clock.now())
  let draining = false
  let closed = false
  let beatAt = 0
  let readError: ChannelError | undefined
  let timer: TimerHandle | undefined

  // Inputs queue, so that a listener which closes the channel never nests inside the step that called it.
  function send(input: ReceiverInput) {
    queue.push(input)
    if (draining) return
    draining = true
    try {
      for (let next = queue.shift(); next && !closed; next = queue.shift()) apply(next)
    } finally {
      draining = false
    }
  }

  function apply(input: ReceiverInput) {
    const { state: after, effects } = stepReceiver(state, input, policy)
    state = after
    for (const effect of effects) if (!closed) attempt(effect)
    if (state.name !== 'open') return close()
    setAlarm()
    if (state.read.name === 'idle') idleListeners.splice(0).forEach((listener) => listener())
  }

  // The state has moved on, so the entries after one that throws would be lost: restoring the socket runs what the
  // app and the vendor's SDK listen with.
  function attempt(effect: ReceiverEffect) {
    try {
      perform(effect)
    } catch (thrown) {
      surface(thrown)
    }
  }

  function perform(effect: ReceiverEffect) {
    switch (effect.type) {
      case 'deliver':
        return options.deliver(effect.entry)
      case 'read':
        return void read(effect.from)
      case 'probe':
        line.probe()
        return options.woke()
      case 'recover':
        return line.recover(effect.since)
      case 'fail':
        return options.fail(effect.error)
    }
  }

  async function read(from: number) {
    try {
      const answer = await options.readLog({ action: 'read', channelId: options.channelId, from })
      if (!isAnswer(answer)) throw unreadable(answer)
      if (answer.beatAt > beatAt) options.alive()
      beatAt = Math.max(beatAt, answer.beatAt)
      send({ type: 'page', answer, at: clock.now() })
    } catch (thrown) {
      readError = explainRead(thrown)
      const refused = isRefusal(thrown) || readError.code === 'READER_FAILED'
      send({ type: 'read-failed', refused, at: clock.now() })
    }
  }

  function setAlarm() {
    if (timer !== undefined) clock.clearTimeout(timer)
    timer = undefined
    const at = receiverAlarmAt(state, policy)
    if (at !== Infinity) timer = clock.setTimeout(ring, Math.max(0, at - clock.now()))
  }

  function ring() {
    timer = undefined
    send({ type: 'alarm', at: clock.now() })
  }

  const undo = [
    line.subscribe(({ channelId, entries, known }) => {
      if (channelId === options.channelId) send({ type: 'push', entries, known, at: clock.now() })
    }),
    line.onWake(() => send({ type: 'look', at: clock.now() })),
  ]

  function close() {
    if (closed) return
    closed = true
    if (timer !== undefined) clock.clearTimeout(timer)
    undo.forEach((each) => each())
    idleListeners.splice(0).forEach((listener) => listener())
  }

  setAlarm()
  return {
    get state() {
      return state
    },
    get readError() {
      if (state.name !== 'open' || state.failed === 0) return undefined
      return readError ?? new ChannelError('CONNECTION_LOST')
    },
    look() {
      if (closed) return Promise.resolve()
      send({ type: 'look', at: clock.now() })
      if (closed || state.name !== 'open' || state.read.name === 'idle') return Promise.resolve()
      return new Promise((resolve) => idleListeners.push(resolve))
    },
    close,
  }
}

/** What answered is no reader. */
function unreadable(answer: unknown): ChannelError {
  const text = String(JSON.stringify(answer)).slice(0, 100)
  return new ChannelError('READER_FAILED', `${explain('READER_FAILED')} (it answered ${text})`)
}

function explainRead(thrown: unknown): ChannelError {
  if (!isRefusal(thrown)) return explainSilence(thrown)
  const { code = 'READER_FAILED', text } = readRefusal(thrown)
  return new ChannelError(code, `${explain(code)} (${text})`, {
    cause: thrown,
  })
}
