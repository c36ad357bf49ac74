import { ChannelError, toChannelError } from '../../core/channel-error.js'
import type { Batch, ChannelInfo } from '../log/event-log.js'
import type { Hub, Opening, DrainedOpening } from '../hub/hub.js'
import type { CloseReason, Wire } from '../hub/signal.js'
import type { Sink, Subscription, SubscriptionEnd } from '../hub/subscription.js'
import { handOverDelay, oldAtSeconds, whenTooOld } from './connection-age.js'
import type { ByteSink, Exchange, SinkListener } from './exchange.js'
import { BEAT, framesOf, looseFrame, retryFrame } from './frames.js'
import type { Beating, Heartbeat } from './heartbeat.js'
import { describe } from './problem.js'

export interface StreamsOptions {
  readonly via: Wire
  readonly heartbeat: Heartbeat
  readonly retryMs: number | undefined
  /** A connection with more unsent bytes than this is destroyed. */
  readonly maxPendingBytes: number
  readonly maxConnectionMs: number
}

/** What the streams of one handler share. */
export interface StreamsContext extends StreamsOptions {
  readonly hub: Hub
  /** What every stream begins with: the wish for the pause before a reconnect. */
  readonly greeting: Uint8Array | undefined
  /** Told once of each stream that is over. */
  readonly onClosed: (stream: OpenStream) => void
}

/** An opening that a stream can tell of. */
export type Readable = Exclude<Opening, DrainedOpening>

/** Opens a channel again from its earliest event, for whoever asked. */
export type Reopen = () => Promise<Opening>

/**
 * One event stream whose head is sent.
 * A class, and the object that its parts call back: of this there are thousands, and with a closure for each method
 * a connection weighed more in this library than in Node itself.
 */
export class OpenStream implements Sink, SinkListener, Beating {
  private readonly began = performance.now()
  private readonly channelId: string
  private readonly sink: ByteSink
  private readonly forgetAge: () => void
  private readonly oldAt: number | undefined
  private reason: CloseReason = 'client'
  private state: 'open' | 'over' = 'open'
  private subscription: Subscription | undefined = undefined

  /**
   * @param reopen undefined: a gap ends the stream, and a reconnect gets it as a status
   * @param expiresAt when the credentials expire, in milliseconds since 1970
   */
  constructor(
    private readonly context: StreamsContext,
    exchange: Exchange,
    head: Readonly<Record<string, string>>,
    channel: ChannelInfo,
    private readonly reopen: Reopen | undefined,
    expiresAt: number | undefined,
    private readonly traceParent: string | undefined,
  ) {
    this.channelId = channel.channelId
    this.sink = exchange.stream(head, this)
    context.heartbeat.add(this)
    this.oldAt = oldAtSeconds(context.maxConnectionMs, context.heartbeat.periodMs)
    const maxMs = this.oldAt === undefined ? context.maxConnectionMs : Infinity
    this.forgetAge = whenTooOld(maxMs, expiresAt, this)
    context.hub.tell({ kind: 'connect', via: context.via, channelId: this.channelId })
  }

  begin(opening: Readable): void {
    const { greeting } = this.context
    if (greeting) this.write(greeting)
    if (opening.kind === 'gap') this.tellGap(opening.channel)
    else this.goOn(opening)
  }

  /** Ends in order; the client is to come back a little later and read on. */
  handOver(reason: 'age' | 'shutdown'): void {
    this.write(retryFrame(handOverDelay(this.context.retryMs)))
    this.leave(reason)
  }

  destroy(): void {
    this.sink.destroy()
  }

  onTooOld(): void {
    this.handOver('age')
  }

  beat(): void {
    if (this.oldAt !== undefined && performance.now() >= this.oldAt * 1_000) return this.onTooOld()
    // Unsent bytes will do as a sign of life once they arrive.
    if (this.sink.pendingBytes() === 0) this.write(BEAT)
  }

  batch(batch: Batch): boolean {
    return this.write(framesOf(batch))
  }

  end(end: SubscriptionEnd): void {
    if (end.kind === 'failed') this.fail(end.error)
    else if (end.kind === 'gap' && this.reopen) this.tellGap(end.channel)
    else this.leave('ended')
  }

  onDrain(): void {
    this.subscription?.resume()
  }

  onClosed(): void {
    const { context, channelId, reason } = this
    this.state = 'over'
    context.heartbeat.delete(this)
    this.forgetAge()
    this.subscription?.close()
    const durationMs = performance.now() - this.began
    const { via } = context
    context.hub.tell({
      kind: 'disconnect',
      via,
      channelId,
      reason,
      durationMs,
      traceParent: this.traceParent,
    })
    context.onClosed(this)
  }

  /** False: wait for `onDrain` before writing more that can wait. */
  private write(bytes: Uint8Array): boolean {
    // Looked at before the write: one event larger than the bound must still get through.
    if (this.sink.pendingBytes() <= this.context.maxPendingBytes) return this.sink.write(bytes)
    this.reason = 'slow'
    this.sink.destroy()
    return false
  }

  private leave(reason: CloseReason) {
    this.reason = reason
    this.sink.end()
  }

  private tellGap(kept: ChannelInfo) {
    this.write(looseFrame('gap', JSON.stringify(describe(new ChannelError('HISTORY_EXPIRED'), kept))))
    this.reopen?.().then(
      (opening) => this.goOn(opening),
      (error: unknown) => this.fail(toChannelError(error, 'SERVER_ERROR')),
    )
  }

  private goOn(opening: Opening) {
    if (this.state === 'over') return
    if (opening.kind === 'ready') this.subscription = opening.subscribe(this)
    else this.leave('ended')
  }

  private fail(error: ChannelError) {
    if (error.code !== 'CHANNEL_NOT_FOUND') this.context.hub.report(error, this.channelId)
    this.reason = 'failed'
    this.sink.destroy()
  }
}
