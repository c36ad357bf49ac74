import type { ChannelInfo } from '../log/event-log.js'
import type { Hub } from '../hub/hub.js'
import type { Exchange } from './exchange.js'
import { retryFrame } from './frames.js'
import { OpenStream, type Readable, type Reopen, type StreamsOptions } from './open-stream.js'

/** How a gap reaches the client: as a status, or as an event for an EventSource that cannot read one. */
export type GapAnswer = 'status' | 'event'

export interface StreamRequest {
  readonly opening: Readable
  readonly gaps: GapAnswer
  readonly reopen: Reopen
  /** When the credentials expire, in milliseconds since 1970. */
  readonly expiresAt: number | undefined
  readonly traceParent: string | undefined
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

export function createStreams(hub: Hub, options: StreamsOptions): Streams {
  const open = new Set<OpenStream>()
  let onEmpty: () => void = () => undefined
  let state: 'open' | 'closed' = 'open'
  const context = {
    ...options,
    hub,
    greeting: options.retryMs === undefined ? undefined : retryFrame(options.retryMs),
    onClosed(stream: OpenStream) {
      open.delete(stream)
      if (open.size === 0) onEmpty()
    },
  }

  return {
    serve(exchange, { opening, gaps, reopen, expiresAt, traceParent }, headers) {
      // Gone while its run was being created: the end has been and will not come again.
      if (exchange.isClosed()) return
      const { channel } = opening
      const head = { ...streamHead(channel, hub), ...headers }
      if (exchange.method === 'HEAD') return exchange.reply({ status: 200, headers: head, body: undefined })
      const onGap = gaps === 'event' ? reopen : undefined
      const stream = new OpenStream(context, exchange, head, channel, onGap, expiresAt, traceParent)
      open.add(stream)
      // Closed while its run was being created: the client has the id and reads on elsewhere.
      if (state === 'closed') stream.handOver('shutdown')
      else stream.begin(opening)
    },

    async close(graceMs) {
      state = 'closed'
      if (open.size === 0) return
      const empty = new Promise<void>((resolve) => (onEmpty = resolve))
      for (const stream of [...open]) stream.handOver('shutdown')
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
    // First: browsers take a head that was cut for a whole one, and without the name it is not ours.
    'x-channel-id': channel.channelId,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    ...hub.headersOf(channel.format),
  }
}
