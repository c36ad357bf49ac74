import type { ServerResponse } from 'node:http'
import { ChannelError, toChannelError } from '../../core/channel-error.js'
import type { ChannelInfo } from '../event-log.js'
import type { Hub, Opening, DrainedOpening } from '../hub.js'
import type { Sink, Subscription } from '../subscription.js'
import { createEventStream, type EventStream } from './event-stream.js'
import type { Heartbeat } from './heartbeat.js'
import { describe } from './problem.js'

/** How a gap reaches the client: as a status, or as an event for an EventSource that cannot read one. */
export type GapAnswer = 'status' | 'event'

export interface StreamsOptions {
  readonly heartbeat: Heartbeat
  readonly retryMs: number | undefined
  readonly maxPendingBytes: number
}

/** An opening that a stream can tell of. */
export type Readable = Exclude<Opening, DrainedOpening>

/** The open event streams of one handler. */
export interface Streams {
  /** Sends the head at once, then the events until the end or until the client goes. */
  serve(response: ServerResponse, opening: Readable, gaps: GapAnswer): void
  /** Ends all; those that have not closed within the grace are cut. */
  close(graceMs: number): Promise<void>
}

export function createStreams(hub: Hub, options: StreamsOptions): Streams {
  const { heartbeat, retryMs, maxPendingBytes } = options
  const open = new Set<EventStream>()
  let onEmpty: () => void = () => undefined
  let state: 'open' | 'closed' = 'open'

  function serve(response: ServerResponse, opening: Readable, gaps: GapAnswer) {
    const { channel } = opening
    const { channelId } = channel
    // Gone while its run was being created: 'close' has been and will not come again.
    if (response.destroyed) return
    response.writeHead(200, streamHead(channel, hub))
    // Closed while its run was being created: the client has the id and reads on elsewhere.
    if (response.req.method === 'HEAD' || state === 'closed') {
      response.end()
      return
    }
    response.flushHeaders()
    response.socket?.setNoDelay(true)

    let subscription: Subscription | undefined
    const stream = createEventStream(response, {
      maxPendingBytes,
      onDrain: () => subscription?.resume(),
      onClosed() {
        leaveHeartbeat()
        subscription?.close()
        open.delete(stream)
        if (open.size === 0) onEmpty()
      },
    })
    const leaveHeartbeat = heartbeat.add(stream.beat)
    open.add(stream)
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
      for (const stream of [...open]) stream.end()
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
