import type { ChannelError } from '../../src/core/channel-error.js'
import type { Clock } from '../../src/core/clock.js'
import { alwaysForeground, type Lifecycle } from '../../src/core/lifecycle.js'
import { knownOf } from '../../src/core/known.js'
import { createSession, type Session } from '../../src/core/session.js'
import type { Outcome, Policy } from '../../src/core/state.js'
import { uiMessageStream } from '../../src/decoders/ui-message-stream.js'
import { systemClock } from '../../src/platform/system-clock.js'
import { httpSource } from '../../src/transports/http-source.js'
import type { Transport } from '../../src/transports/transport.js'

export interface RunOptions {
  readonly base: string
  readonly transport: Transport
  readonly input?: unknown
  readonly channelId?: string
  /** Reads a run that exists instead of starting one. */
  readonly read?: true
  readonly lifecycle?: Lifecycle
  readonly clock?: Clock
  readonly policy?: Partial<Policy>
  /** Called for every event delivered. */
  readonly onEvent?: () => void
}

export interface SessionRun {
  readonly session: Session<unknown>
  /** The answer so far. */
  readonly text: string
  /** The data of every event delivered, in order. */
  readonly delivered: readonly string[]
  readonly over: Promise<{ readonly outcome: Outcome; readonly error: ChannelError | undefined }>
}

/** Quick, so that thousands of broken runs take minutes. */
export const quickPolicy: Policy = {
  attempts: 8,
  backoff: { baseMs: 2, capMs: 20 },
  firstByteMs: 30_000,
  idleMs: 30_000,
  totalMs: Infinity,
}

let runs = 0

/** One run of a whole client: session, source and transport. */
export function runSession(options: RunOptions): SessionRun {
  const { base, transport, input = {}, lifecycle = alwaysForeground, clock = systemClock } = options
  const decode = uiMessageStream()
  const run = { text: '', delivered: [] as string[] }
  let settle: (end: { outcome: Outcome; error: ChannelError | undefined }) => void
  const over = new Promise<{ outcome: Outcome; error: ChannelError | undefined }>(
    (resolve) => (settle = resolve),
  )
  const session = createSession<unknown>({
    source: httpSource({ url: base, transport, clock }),
    lifecycle,
    clock,
    policy: { ...quickPolicy, ...options.policy },
    background: 'resume',
    receive(event) {
      run.delivered.push(event.data)
      options.onEvent?.()
      const { chunks = [], ending } = decode(event) ?? {}
      for (const chunk of chunks) if (chunk.type === 'text-delta') run.text += chunk.delta
      return ending
    },
    onState(state) {
      if (state.name === 'closed') settle({ outcome: state.outcome, error: state.error })
    },
    onStopFailed: () => undefined,
  })
  const id = options.channelId ?? `run-of-a-session-${++runs}-${Math.random().toString(36).slice(2)}`
  if (options.read) session.read(knownOf(id))
  else session.start(knownOf(id), input)
  return {
    session,
    over,
    get text() {
      return run.text
    },
    get delivered() {
      return run.delivered
    },
  }
}
