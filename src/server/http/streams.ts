import { ChannelError, toChannelError } from '../../core/channel-error.js'
import type { ChannelInfo } from '../event-log.js'
import type { Hub, Opening, DrainedOpening } from '../hub.js'
import type { Sink, Subscription } from '../subscription.js'
import type { EventStream, EventStreamOptions } from './event-stream.js'
import type { Heartbeat } from './heartbeat.js'
import { describe } from './problem.js'

/** How a gap reaches the client: as a status, or as an event for an EventSource that cannot read one. */
export type GapAnswer = 'status' | 'event'

export interface StreamsOptions {
  readonly heartbeat: Heartbeat
  readonly retryMs: number | undefined
  readonly maxPendingBytes: number
  readonly maxConnectionMs: number
}

/** An opening that a stream can tell of. */
export type Readable = Exclude<Opening, DrainedOpening>

/** One response that can become a stream. */
export interface StreamTarget {
  /** Sends the head. Undefined: the client is gone, or wanted only the head. */
  open(head: Readonly<Record<string, string>>, options: EventStreamOptions): EventStream | undefined
}

/** The open event streams of one handler. */
export interface Streams {
  /** Sends the head at once, then the events until the end or until the client goes. */
  serve(target: StreamTarget, opening: Readable, gaps: GapAnswer): void
  /** Ends all; those that have not closed within the grace are cut. */
  close(graceMs: number): Promise<void>
}

/** Clients of a server that goes come back within this time, in milliseconds. */
const HAND_OVER_MS = 900

export function createStreams(hub: Hub, options: StreamsOptions): Streams {
  const { heartbeat, retryMs, maxPendingBytes, maxConnectionMs } = options
  const open = new Set<EventStream>()
  let onEmpty: () => void = () => undefined
  let state: 'open' | 'closed' = 'open'

  /** Asks for a pause that differs from client to client: those of a node that goes must not all come at once. */
  function handOver(stream: EventStream) {
    stream.retry((retryMs ?? 0) + Math.round(100 + Math.random() * HAND_OVER_MS))
    stream.end()
  }

  function serve(target: StreamTarget, opening: Readable, gaps: GapAnswer) {
    const { channel } = opening
    const { channelId } = channel
    let subscription: Subscription | undefined
    let leaveHeartbeat: () => void = () => undefined
    let age: NodeJS.Timeout | undefined
    const opened = target.open(streamHead(channel, hub), {
      maxPendingBytes,
      onDrain: () => subscription?.resume(),
      onClosed() {
        clearTimeout(age)
        leaveHeartbeat()
        subscription?.close()
        if (opened) open.delete(opened)
        if (open.size === 0) onEmpty()
      },
    })
    if (!opened) return
    const stream = opened
    // Closed while its run was being created: the client has the id and reads on elsewhere.
    if (state === 'closed') return handOver(stream)
    leaveHeartbeat = heartbeat.add(stream.beat)
    open.add(stream)
    if (maxConnectionMs !== Infinity)
      age = setTimeout(() => handOver(stream), maxConnectionMs * (0.9 + Math.random() * 0.1))
    if (retryMs !== undefined) stream.retry(retryMs)

    const sink: Sink = {
      batch: stream.batch,
      end(end) {
        if (end.kind === 'failed') return fail(end.error)
        // Without the event a reconnect gets the status.
        if (end.kind === 'gap' && gaps === 'event') return tellGap(end.channel)
        stream.end()
      },
    }

    function tellGap(kept: ChannelInfo) {
      stream.event('gap', JSON.stringify(describe(new ChannelError('HISTORY_EXPIRED'), kept)))
      hub.open(channelId).then(goOn, (error: unknown) => fail(toChannelError(error, 'SERVER_ERROR')))
    }

    function goOn(next: Opening) {
      if (!open.has(stream)) return
      if (next.kind === 'ready') subscription = next.subscribe(sink)
      else stream.end()
    }

    function fail(error: ChannelError) {
      if (error.code !== 'CHANNEL_NOT_FOUND') hub.report(error, channelId)
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
      for (const stream of [...open]) handOver(stream)
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
