import type { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { ChannelError } from '../../core/channel-error.js'
import type { Admitted, Visit } from '../access/guarded-hub.js'
import type { ChannelInfo } from '../log/event-log.js'
import { handOverDelay, whenTooOld } from '../http/connection-age.js'
import type { Heartbeat } from '../http/heartbeat.js'
import { describe, toProblem } from '../http/problem.js'
import type { GapAnswer } from '../http/streams.js'
import type { Hub, Opening, Stopped } from '../hub/hub.js'
import type { CloseReason } from '../hub/signal.js'
import type { Sink, Subscription } from '../hub/subscription.js'
import { createMessageBudget } from './message-budget.js'
import { createSocketStream } from './socket-stream.js'

/** A socket that is being served. */
export interface OpenSocket {
  readonly closed: Promise<void>
  /** Ends it in order because the server goes. */
  leave(): void
  destroy(): void
}

export interface ServeSocketOptions {
  readonly hub: Hub
  readonly heartbeat: Heartbeat
  readonly retryMs: number | undefined
  readonly maxPendingBytes: number
  readonly maxConnectionMs: number
  /** Time for the first message of a start, in milliseconds. */
  readonly firstMessageMs: number
  /** Its size, in bytes. */
  readonly firstMessageBytes: number
  /** What the socket is made of. */
  readonly connection: Duplex
  readonly gaps: GapAnswer
  /** For what is told of the answer. */
  readonly route: string
  readonly channelId: string | undefined
  readonly traceParent: string | undefined
  /** Reads the request; a start asks for the first message. */
  readonly open: (firstMessage: () => Promise<string>, onOver: Visit['onOver']) => Promise<Admitted>
  readonly stop: (channelId: string) => Promise<Stopped>
  /** Where the socket is listed while it is open. */
  readonly sockets: Set<OpenSocket>
}

const NORMAL = 1000
const GOING_AWAY = 1001

/** Who floods a socket does not read why it is closed; so long it may, in milliseconds. */
const FLOODED_MS = 1_000

/** The message that starts a run may come in pieces, each with a head: so much more it may take, and never less than that. */
const FIRST_OVERHEAD = 2
const FIRST_OVERHEAD_BYTES = 64 * 1024

/** Opens what the request asks for and streams it until its end or until the client goes. */
export function serveSocket(socket: WebSocket, options: ServeSocketOptions): void {
  const { hub, heartbeat, retryMs, maxPendingBytes, maxConnectionMs, firstMessageMs, gaps, sockets } = options
  const { connection } = options
  const began = performance.now()
  let reason: CloseReason = 'client'
  let forgetAge: () => void = () => undefined
  let reopen: Admitted['reopen'] | undefined
  const first: { text?: string; take?: (text: string) => void } = {}
  const budget = createMessageBudget()
  // Of a start, the first message says what to run; of a reader, no message is worth much.
  let phase: 'first' | 'reading' | 'refused' = options.route === 'start' ? 'first' : 'reading'
  let channel: ChannelInfo | undefined
  let subscription: Subscription | undefined
  let stopping: Promise<void> | undefined
  let onClosed: () => void = () => undefined

  const stream = createSocketStream(socket, {
    maxPendingBytes,
    onMessage(data, isBinary) {
      if (phase === 'refused') return
      if (phase === 'first') return takeFirst(String(data))
      if (!budget.allows(data.length)) tooMuch()
      else if (channel && !isBinary) command(channel, String(data))
    },
    onDrain: () => subscription?.resume(),
    onSlow: () => (reason = 'slow'),
    onClosed() {
      heartbeat.delete(stream)
      forgetAge()
      subscription?.close()
      sockets.delete(entry)
      if (channel) {
        const durationMs = performance.now() - began
        const { traceParent } = options
        const { channelId } = channel
        hub.tell({ kind: 'disconnect', via: 'socket', channelId, reason, durationMs, traceParent })
      }
      onClosed()
    },
  })
  let unread = FIRST_OVERHEAD * options.firstMessageBytes + FIRST_OVERHEAD_BYTES
  // Behind the socket's own listener: what is in these bytes has been told.
  connection.on('data', ({ length }: Buffer) => {
    unread -= length
    if (phase === 'refused') return
    if (phase === 'first' ? unread < 0 : !budget.allowsBytes(length)) tooMuch()
  })
  heartbeat.add(stream)
  const entry: OpenSocket = {
    closed: new Promise((resolve) => (onClosed = resolve)),
    leave: () => handOver('shutdown', GOING_AWAY),
    destroy: stream.destroy,
  }
  sockets.add(entry)

  function takeFirst(text: string) {
    phase = 'reading'
    if (first.take) first.take(text)
    else first.text = text
  }

  function tooMuch() {
    phase = 'refused'
    reason = 'failed'
    stream.refuse(new ChannelError('RATE_LIMITED', 'A reader says stop or pong, and little more.'))
    connection.pause()
    setTimeout(stream.destroy, FLOODED_MS).unref()
  }

  const firstMessage = () =>
    new Promise<string>((resolve, reject) => {
      if (first.text !== undefined) return resolve(first.text)
      const late = () => reject(new ChannelError('BAD_REQUEST', 'The first message took too long to arrive.'))
      const timer = setTimeout(late, firstMessageMs)
      first.take = (text) => {
        clearTimeout(timer)
        resolve(text)
      }
      socket.on('close', () => {
        clearTimeout(timer)
        reject(new ChannelError('BAD_REQUEST', 'The socket closed before its first message.'))
      })
    })

  const sink: Sink = {
    batch: stream.batch,
    end(end) {
      if (end.kind === 'failed') return fail(end.error)
      reason = 'ended'
      if (end.kind === 'gone') return stream.refuse(new ChannelError('CHANNEL_NOT_FOUND'))
      if (end.kind === 'gap') tellGap(end.channel)
      else leave('ended', NORMAL)
    },
  }

  function handOver(why: CloseReason, code: number) {
    if (channel) stream.frame({ type: 'retry', delayMs: handOverDelay(retryMs) })
    leave(why, code)
  }

  function leave(why: CloseReason, code: number) {
    reason = why
    stream.end(code)
  }

  function tellGap(kept: ChannelInfo) {
    const error = new ChannelError('HISTORY_EXPIRED')
    if (gaps === 'status') return stream.refuse(error, kept)
    const data = JSON.stringify(describe(error, kept))
    stream.batch({ seq: 0, events: [{ id: '', type: 'gap', data }], ended: false })
    // Nothing is kept: a second gap says no more than the first.
    reopen?.().then((opening) => (opening.kind === 'gap' ? finish() : goOn(opening)), fail)
  }

  function goOn(opening: Opening) {
    if (!sockets.has(entry)) return
    if (opening.kind === 'ready') subscription = opening.subscribe(sink)
    else if (opening.kind === 'gap') tellGap(opening.channel)
    else finish()
  }

  function finish() {
    stream.frame({ type: 'finished' })
    leave('ended', NORMAL)
  }

  function fail(thrown: unknown) {
    if (!(thrown instanceof ChannelError))
      hub.report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }), channel?.channelId)
    tellAnswer(toProblem(thrown).status)
    reason = 'failed'
    stream.refuse(thrown)
  }

  let answered: 'no' | 'yes' = 'no'
  function tellAnswer(status: number) {
    if (answered === 'yes') return
    answered = 'yes'
    const durationMs = performance.now() - began
    const { route, channelId } = options
    hub.tell({ kind: 'answer', via: 'socket', route, method: 'GET', status, channelId, durationMs })
  }

  const onOver = (listener: () => void) =>
    sockets.has(entry) ? void socket.once('close', listener) : listener()

  options.open(firstMessage, onOver).then((admitted) => {
    if (!sockets.has(entry)) return
    const { opening } = admitted
    channel = opening.channel
    reopen = admitted.reopen
    forgetAge = whenTooOld(maxConnectionMs, admitted.expiresAt, { onTooOld: () => handOver('age', NORMAL) })
    tellAnswer(opening.kind === 'gap' && gaps === 'status' ? 410 : 101)
    hub.tell({ kind: 'connect', via: 'socket', channelId: channel.channelId })
    // A gap that is told as a status is a refusal, which comes first or not at all.
    if (opening.kind !== 'gap' || gaps === 'event') {
      stream.frame({ type: 'open', channelId: opening.channel.channelId })
      if (retryMs !== undefined) stream.frame({ type: 'retry', delayMs: retryMs })
    }
    goOn(opening)
  }, fail)

  function command(of: ChannelInfo, text: string) {
    // Anything else, a pong above all, only shows that the client is there.
    if (stopping || typeOf(text) !== 'stop') return
    // One at a time: each asks who it is and the log, and a client can say it faster than that.
    stopping = options.stop(of.channelId).then(() => undefined, fail)
    void stopping.then(() => (stopping = undefined))
  }
}

function typeOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type
  } catch {
    return undefined
  }
}
