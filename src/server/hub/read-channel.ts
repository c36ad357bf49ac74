import { ChannelError } from '../../core/channel-error.js'
import type { ChannelEvent } from '../../core/channel-event.js'
import { parseCursor } from '../../core/cursor.js'
import type { EventLog } from '../log/event-log.js'
import { PAGE } from './subscription.js'

/** From where a channel is read, and as what. */
export interface ReadOptions {
  /** Read after this cursor. Default: from the earliest event kept. */
  readonly after?: string | undefined
  /** Ends the reading; the run goes on. */
  readonly signal?: AbortSignal | undefined
}

/** A channel as an async iterator: pulled page by page, so a slow consumer holds one page at most. */
export async function* readChannel(
  log: EventLog,
  channelId: string,
  { after, signal }: ReadOptions,
): AsyncGenerator<ChannelEvent, void, undefined> {
  let cursor = after === undefined ? undefined : parseCursor(after)
  if (after !== undefined && !cursor) throw new ChannelError('BAD_CURSOR')
  let wake: () => void = () => undefined
  const following = await log.follow(channelId, { batch: () => wake(), gone: () => wake() })
  const abort = () => wake()
  signal?.addEventListener('abort', abort)
  try {
    while (!signal?.aborted) {
      // Made before the read: what is appended while it is on its way must not be slept through.
      const changed = new Promise<void>((resolve) => (wake = resolve))
      const page = await log.read(channelId, cursor, PAGE)
      if (page.kind === 'none') throw new ChannelError('CHANNEL_NOT_FOUND')
      if (page.kind === 'ahead') throw new ChannelError('CURSOR_AHEAD')
      if (page.kind === 'gap') throw new ChannelError('HISTORY_EXPIRED')
      for (const event of page.batch.events) {
        if (signal?.aborted) return
        yield event
        cursor = parseCursor(event.id)
      }
      if (page.batch.ended) return
      if (page.batch.events.length === 0) await changed
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    following.stop()
  }
}
