import { ChannelError, toChannelError } from '../../core/channel-error.js'
import type { ChannelInfo } from '../event-log.js'
import type { Hub, Opening, DrainedOpening } from '../hub.js'
import type { CloseReason, Wire } from '../signal.js'
import type { Sink, Subscription } from '../subscription.js'
import { handOverDelay, whenTooOld } from './connection-age.js'
import { createEventStream } from './event-stream.js'
import type { Exchange } from './exchange.js'
import type { Heartbeat } from './heartbeat.js'
import { describe } from './problem.js'

/** How a gap reaches the client: as a status, or as an event for an EventSource that cannot read one. */
export type GapAnswer = 'status' | 'event'

export interface StreamsOptions {
  readonly via: Wire
  readonly heartbeat: Heartbeat
  readonly retryMs: number | undefined
  readonly maxPendingBytes: number
  readonly maxConnectionMs: number
}

/** An opening that a stream can tell of. */
export type Readable = Exclude<Opening, DrainedOpening>

export interface StreamRequest {
  readonly opening: Readable
  readonly gaps: GapAnswer
  /** Opens the channel again from its earliest event, for whoever asked. */
  reopen(): Promise<Opening>
  /** When the credentials expire, in milliseconds since 1970. */
  readonly expiresAt: number | undefined
}

/** The open event streams of one handler. */
export interface Streams {
  /**
   * Sends the head at once, then the events until the end or until the client goes.
   * @param headers on top of those of every stream
   */
  serve(exchange: Exchange, request: StreamRequest, headers: Readonly<Record<string, string>>): void
  /** Ends all; those that have not closed within the grace are cut. */
  close(graceMs: number): Promise<void>
}

interface OpenStream {
  leave(reason: CloseReason): void
  destroy(): void
}

export function createStreams(hub: Hub, options: StreamsOptions): Streams {
  const { via, heartbeat, retryMs, maxPendingBytes, maxConnectionMs } = options
  const open = new Set<OpenStream>()
  let onEmpty: () => void = () => undefined
  let state: 'open' | 'closed' = 'open'

  function serve(exchange: Exchange, request: StreamRequest, headers: Readonly<Record<string, string>>) {
    const { opening, gaps, reopen, expiresAt } = request
    const { channel } = opening
    const { channelId } = channel
    // Gone while its run was being created: the end has been and will not come again.
    if (exchange.isClosed()) return
    const head = { ...headers, ...streamHead(channel, hub) }
    if (exchange.method === 'HEAD') return exchange.reply({ status: 200, headers: head, body: undefined })

    const began = performance.now()
    let reason: CloseReason = 'client'
    let subscription: Subscription | undefined
    const sink = exchange.stream(head, {
      onDrain: () => subscription?.resume(),
      onClosed() {
        leaveHeartbeat()
        forgetAge()
        subscription?.close()
        open.delete(entry)
        hub.tell({ kind: 'disconnect', via, channelId, reason, durationMs: performance.now() - began })
        if (open.size === 0) onEmpty()
      },
    })
    const stream = createEventStream(sink, maxPendingBytes, () => (reason = 'slow'))
    const leave = (why: CloseReason) => {
      reason = why
      stream.end()
    }
    const entry: OpenStream = {
      leave(why) {
        stream.retry(handOverDelay(retryMs))
        leave(why)
      },
      destroy: stream.destroy,
    }
    const leaveHeartbeat = heartbeat.add(stream.beat)
    const forgetAge = whenTooOld(maxConnectionMs, expiresAt, () => entry.leave('age'))
    open.add(entry)
    hub.tell({ kind: 'connect', via, channelId })
    // Closed while its run was being created: the client has the id and reads on elsewhere.
    if (state === 'closed') return entry.leave('shutdown')
    if (retryMs !== undefined) stream.retry(retryMs)

    const events: Sink = {
      batch: stream.batch,
      end(end) {
        if (end.kind === 'failed') return fail(end.error)
        // Without the event a reconnect gets the status.
        if (end.kind === 'gap' && gaps === 'event') return tellGap(end.channel)
        leave('ended')
      },
    }

    function tellGap(kept: ChannelInfo) {
      stream.event('gap', JSON.stringify(describe(new ChannelError('HISTORY_EXPIRED'), kept)))
      reopen().then(goOn, (error: unknown) => fail(toChannelError(error, 'SERVER_ERROR')))
    }

    function goOn(next: Opening) {
      if (!open.has(entry)) return
      if (next.kind === 'ready') subscription = next.subscribe(events)
      else leave('ended')
    }

    function fail(error: ChannelError) {
      if (error.code !== 'CHANNEL_NOT_FOUND') hub.report(error, channelId)
      reason = 'failed'
      stream.destroy()
    }

    if (opening.kind === 'gap') tellGap(channel)
    else goOn(opening)
  }

  return {
    serve,
    async close(graceMs) {
      state = 'closed'
      if (open.size === 0) return
      const empty = new Promise<void>((resolve) => (onEmpty = resolve))
      for (const stream of [...open]) stream.leave('shutdown')
      const cut = setTimeout(() => {
        for (const stream of [...open]) stream.destroy()
      }, graceMs)
      await empty
      clearTimeout(cut)
    },
  }
}

/** @see docs/protocol.md#headers-of-a-stream */
function streamHead(channel: ChannelInfo, hub: Hub): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-channel-id': channel.channelId,
    ...hub.headersOf(channel.format),
  }
}
