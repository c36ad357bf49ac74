import { toChannelError, type ChannelError } from '../core/channel-error.js'
import type { Batch, ChannelInfo, EventLog, PageLimit } from './event-log.js'
import type { Feed, Feeds } from './feed.js'

/**
 * Why nothing more comes.
 * - `ended`: the channel's last event was delivered.
 * - `gap`: reading was so slow that the next events were trimmed.
 * - `gone`: the channel was removed or expired.
 * - `failed`: the log could not be read.
 */
export type SubscriptionEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'gap'; readonly channel: ChannelInfo }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: ChannelError }

/** Takes the events of one channel, each once and in order. Its methods must not throw. */
export interface Sink {
  /** False asks to read no further before `resume()`. At the tail events come regardless: bound what you keep. */
  batch(batch: Batch): boolean
  /** Called once, at the last; not after `close()`. */
  end(end: SubscriptionEnd): void
}

export interface Subscription {
  /** Goes on after `batch` returned false. */
  resume(): void
  /** Idempotent; the sink is not called afterwards. */
  close(): void
}

/** Small enough that a page never fills a connection's bound by itself. */
export const PAGE: PageLimit = { maxEvents: 512, maxBytes: 128 * 1024 }

type State = 'reading' | 'blocked' | 'tail' | 'closed'

export interface Start {
  readonly log: EventLog
  readonly feeds: Feeds
  readonly channel: ChannelInfo
  /** The first page, read already. */
  readonly first: Batch
}

/** Delivers the first page, reads on to the tail and stays there: `read` and `follow` joined without a hole. */
export function subscribe(
  { log, feeds, channel, first }: Start,
  sink: Sink,
  onClosed: () => void,
): Subscription {
  const { channelId, epoch } = channel
  let state: State = 'reading'
  let nextSeq = first.seq
  let feed: Feed | undefined
  let leaveTail: (() => void) | undefined

  function close() {
    if (state === 'closed') return
    state = 'closed'
    leaveTail?.()
    feed?.release()
    onClosed()
  }

  function end(reason: SubscriptionEnd) {
    if (state === 'closed') return
    close()
    sink.end(reason)
  }

  /** Whether to go on. */
  function deliver(batch: Batch): boolean {
    nextSeq = batch.seq + batch.events.length
    const willing = batch.events.length === 0 || sink.batch(batch)
    if (batch.ended) end({ kind: 'ended' })
    return willing
  }

  const listener = {
    batch(batch: Batch) {
      const known = nextSeq - batch.seq
      if (known < 0) return readOn()
      if (known === 0) deliver(batch)
      else deliver({ seq: nextSeq, events: batch.events.slice(known), ended: batch.ended })
    },
    gone: () => end({ kind: 'gone' }),
  }

  function readOn() {
    leaveTail?.()
    leaveTail = undefined
    state = 'reading'
    read().catch((thrown: unknown) => {
      const error = toChannelError(thrown, 'SERVER_ERROR')
      end(error.code === 'CHANNEL_NOT_FOUND' ? { kind: 'gone' } : { kind: 'failed', error })
    })
  }

  async function read(): Promise<void> {
    feed = feed ?? feeds.acquire(channelId)
    await feed.ready
    while (is('reading')) {
      const joined = feed.join(nextSeq, listener)
      if (typeof joined === 'function') {
        leaveTail = joined
        state = 'tail'
        return
      }
      const after = nextSeq === 0 ? undefined : { epoch, seq: nextSeq - 1 }
      const page = await log.read(channelId, after, PAGE)
      if (!is('reading')) return
      if (page.kind === 'gap') return end({ kind: 'gap', channel: page.channel })
      if (page.kind !== 'events' || page.channel.epoch !== epoch) return end({ kind: 'gone' })
      const { batch } = page
      if (batch.seq !== nextSeq) return end({ kind: 'gap', channel: page.channel })
      if (joined === 'over' && batch.events.length === 0 && !batch.ended) return end({ kind: 'gone' })
      if (!deliver(batch)) return block()
    }
  }

  const is = (name: State) => state === name

  function block() {
    if (is('reading')) state = 'blocked'
  }

  // The caller must have the subscription in hand before its sink is called.
  void Promise.resolve().then(() => {
    if (!is('reading')) return
    if (!deliver(first)) block()
    else if (is('reading')) readOn()
  })

  return {
    resume() {
      if (state === 'blocked') readOn()
    },
    close,
  }
}
