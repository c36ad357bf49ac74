import { toChannelError, type ChannelError } from '../../core/channel-error.js'
import { stemOf } from '../../core/cursor.js'
import type { Batch, ChannelInfo, EventLog, PageLimit } from '../log/event-log.js'
import type { Feed, Feeds, TailListener } from './feed.js'

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

/** One reader that is being served. */
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
export function subscribe(start: Start, sink: Sink, onClosed: () => void): Subscription {
  const subscription = new TailSubscription(start, sink, onClosed)
  // The caller must have the subscription in hand before its sink is called.
  queueMicrotask(() => subscription.begin(start.first))
  return subscription
}

/** A class, and itself what the feed calls: every connection has one, and closures would weigh it down. */
class TailSubscription implements Subscription, TailListener {
  private state: State = 'reading'
  private nextSeq: number
  private feed: Feed | undefined = undefined
  private readonly log: EventLog
  private readonly feeds: Feeds
  private readonly channelId: string
  /** Of the last event delivered. */
  private epoch: string

  constructor(
    { log, feeds, channel, first }: Start,
    private readonly sink: Sink,
    private readonly onClosed: () => void,
  ) {
    this.log = log
    this.feeds = feeds
    this.channelId = channel.channelId
    this.epoch = channel.epoch
    this.nextSeq = first.seq
  }

  begin(first: Batch): void {
    if (!this.is('reading')) return
    if (!this.deliver(first)) this.block()
    else if (this.is('reading')) this.readOn()
  }

  resume(): void {
    if (this.is('blocked')) this.readOn()
  }

  close(): void {
    if (this.is('closed')) return
    this.state = 'closed'
    this.feed?.leave(this)
    this.feed?.release()
    this.onClosed()
  }

  batch(batch: Batch): void {
    const known = this.nextSeq - batch.seq
    if (known < 0) return this.readOn()
    if (known === 0) this.deliver(batch)
    else this.deliver({ seq: this.nextSeq, events: batch.events.slice(known), ended: batch.ended })
  }

  gone(): void {
    this.end({ kind: 'gone' })
  }

  private is(name: State): boolean {
    return this.state === name
  }

  private end(reason: SubscriptionEnd) {
    if (this.is('closed')) return
    this.close()
    this.sink.end(reason)
  }

  /** Whether to go on. */
  private deliver(batch: Batch): boolean {
    this.nextSeq = batch.seq + batch.events.length
    const last = batch.events[batch.events.length - 1]
    // Mostly it is the same, and then no new string has to live until the next event.
    if (last && !isOfEpoch(last.id, this.epoch)) this.epoch = epochOfId(last.id)
    const willing = batch.events.length === 0 || this.sink.batch(batch)
    if (batch.ended) this.end({ kind: 'ended' })
    return willing
  }

  private block() {
    if (this.is('reading')) this.state = 'blocked'
  }

  private readOn() {
    this.feed?.leave(this)
    this.state = 'reading'
    this.read().catch((thrown: unknown) => {
      const error = toChannelError(thrown, 'SERVER_ERROR')
      this.end(error.code === 'CHANNEL_NOT_FOUND' ? { kind: 'gone' } : { kind: 'failed', error })
    })
  }

  private async acquire(): Promise<Feed> {
    const { feed, isNew } = this.feeds.acquire(this.channelId)
    this.feed = feed
    try {
      await feed.ready
      return feed
    } catch (thrown) {
      if (isNew || !this.is('reading')) throw thrown
      feed.release()
    }
    // Whoever begins it, it is begun later than this reader came: what becomes of it holds for this one, too.
    this.feed = this.feeds.acquire(this.channelId).feed
    await this.feed.ready
    return this.feed
  }

  private async read(): Promise<void> {
    const feed = this.feed ?? (await this.acquire())
    while (this.is('reading')) {
      const joined = feed.join(this.nextSeq, this)
      if (joined === 'joined') {
        this.state = 'tail'
        return
      }
      const recent = feed.recent(this.nextSeq)
      // Of the epoch this reader is in: where another server took over, the log says what became of what had come.
      if (recent?.events[0] && isOfEpoch(recent.events[0].id, this.epoch)) {
        if (!this.deliver(recent)) return this.block()
        continue
      }
      const after = this.nextSeq === 0 ? undefined : { epoch: this.epoch, seq: this.nextSeq - 1 }
      const page = await this.log.read(this.channelId, after, PAGE)
      if (!this.is('reading')) return
      if (page.kind === 'gap') return this.end({ kind: 'gap', channel: page.channel })
      if (page.kind !== 'events' || stemOf(page.channel.epoch) !== stemOf(this.epoch))
        return this.end({ kind: 'gone' })
      const { batch } = page
      if (batch.seq !== this.nextSeq) return this.end({ kind: 'gap', channel: page.channel })
      if (joined === 'over' && batch.events.length === 0 && !batch.ended) return this.end({ kind: 'gone' })
      if (!this.deliver(batch)) return this.block()
    }
  }
}

/** Of an id of our own. */
const epochOfId = (id: string) => id.slice(0, id.lastIndexOf('_'))
const isOfEpoch = (id: string, epoch: string) => id.startsWith(epoch) && id.lastIndexOf('_') === epoch.length
