import { ChannelError } from '../../../core/channel-error.js'
import { endedFollowing } from './ended-following.js'
import type { Batch, Follower, Following, Page } from '../event-log.js'
import type { Cursor } from '../../../core/cursor.js'
import { createBoundedQueue, type BoundedQueue } from '../../bounded-queue.js'
import { epochOf, partsOf, unpackEvents } from './entry.js'
import type { Known } from './channel-writer.js'
import { epochOfMessage, splitMessage } from './tail-message.js'

export interface TailsOptions {
  /** Resolves when all that is published of the channel from now on comes to `published`. */
  readonly hear: (channelId: string) => Promise<void>
  readonly leave: (channelId: string) => void
  /** Where the channel is; undefined: it is none. */
  readonly look: (channelId: string) => Promise<Position | undefined>
  readonly read: (channelId: string, after: Cursor | undefined) => Promise<Page>
}

export interface Position {
  readonly status: string
  readonly epoch: string
  readonly nextSeq: number
}

/**
 * Those who follow channels. Events come as they are published; what did not come that way is read. Each channel has
 * one tail, however many follow it.
 */
export interface Tails {
  follow(channelId: string, follower: Follower): Promise<Following>
  /** A message of bus.ts about events. */
  published(channelId: string, message: string): void
  /** There is more than came. */
  behind(channelId: string): void
  /** Tells the channel's followers that it is gone; of one epoch only, where that is given. */
  gone(channelId: string, stem?: string): void
  /** Channels that are followed now. */
  followed(): readonly string[]
  /** What came of a channel so far. */
  known(channelId: string): Known | undefined
  close(): void
}

interface Tail {
  /** Until it is known where the channel is nothing is told. `reading`: what came is old, newer is being read. */
  state: 'opening' | 'live' | 'reading' | 'over'
  /** Messages that came while it was not live: what is read meets them, and a fast writer does not stay ahead of it. */
  early: BoundedQueue<string> | undefined
  /** There is more, it is not known what. */
  missed: boolean
  /** Of the last event. */
  epoch: string
  /** The next event has this number. */
  nextSeq: number
  /** Each with the number it begins at. */
  readonly followers: Map<Follower, number>
  /** Why it is over; undefined where only nobody follows it any more. */
  end: 'ended' | 'lost' | undefined
  readonly opened: Promise<void>
}

/** Before it reads again what could not be read, in milliseconds. */
const RETRY_MS = 500
/** What is kept of what comes while it is read, in characters; what is before that is read. */
const MAX_EARLY = 128 * 1024
const MAX_EARLY_IN_ALL = 16 * 1024 * 1024

export function createTails({ hear, leave, look, read }: TailsOptions): Tails {
  const tails = new Map<string, Tail>()
  const budget = { max: MAX_EARLY_IN_ALL, used: 0 }

  function open(channelId: string): Tail {
    const tail: Tail = {
      state: 'opening',
      early: undefined,
      missed: false,
      epoch: '',
      nextSeq: 0,
      followers: new Map(),
      end: undefined,
      opened: Promise.resolve().then(() => begin(channelId, tail)),
    }
    tail.opened.catch(() => over(channelId, tail))
    tails.set(channelId, tail)
    return tail
  }

  async function begin(channelId: string, tail: Tail) {
    await hear(channelId)
    const at = await look(channelId)
    if (!at || at.status === 'expired') throw new ChannelError('CHANNEL_NOT_FOUND')
    tail.epoch = at.epoch
    tail.nextSeq = at.nextSeq
    if (tail.state === 'over') return
    if (at.status !== 'active') {
      tail.end = 'ended'
      return over(channelId, tail)
    }
    if (!tail.missed && !tail.early) {
      tail.state = 'live'
      return
    }
    tail.state = 'reading'
    // Whoever opened it follows it by then.
    setImmediate(() => {
      if (tail.state !== 'reading') return
      if (meets(tail, false)) goLive(channelId, tail)
      else void catchUp(channelId, tail)
    })
  }

  /** Whether nothing has to be read any more. `drained`: what was read last ends where the channel does. */
  function meets(tail: Tail, drained: boolean): boolean {
    const early = (tail.early?.items ?? []).map(splitMessage)
    const [first] = early
    if (!first) return drained && !tail.missed
    const isKnown = early.every((message) => epochOfMessage(message) === tail.epoch)
    if (isKnown && first.seq <= tail.nextSeq) return true
    // Another server took over, or lost what was told: what became of it is read.
    if (!isKnown || drained) {
      forgetEarly(tail)
      tail.missed = true
    }
    return false
  }

  function keepEarly(tail: Tail, message: string) {
    tail.early = tail.early ?? createBoundedQueue<string>(MAX_EARLY, budget)
    tail.early.push(message, message.length)
    if (tail.early.items.length === 0) tail.missed = true
  }

  function forgetEarly(tail: Tail): readonly string[] {
    const messages = [...(tail.early?.items ?? [])]
    tail.early?.clear()
    tail.early = undefined
    return messages
  }

  function goLive(channelId: string, tail: Tail) {
    const messages = forgetEarly(tail)
    tail.state = 'live'
    for (const message of messages) take(channelId, tail, message)
    if (tail.missed && tail.state === 'live') void catchUp(channelId, tail)
  }

  function take(channelId: string, tail: Tail, message: string) {
    if (tail.state === 'over') return
    if (tail.state !== 'live') return keepEarly(tail, message)
    const { stem, generation, from, seq, outcome, events } = splitMessage(message)
    const [tailStem, tailGeneration] = partsOf(tail.epoch)
    if (stem !== tailStem) return lose(channelId, tail)
    // Others went on where Redis had lost what came already.
    if (generation !== tailGeneration && from < tail.nextSeq) return lose(channelId, tail)
    if (seq > tail.nextSeq) {
      keepEarly(tail, message)
      return void catchUp(channelId, tail)
    }
    const epoch = epochOf(stem, generation)
    const fresh = unpackEvents(events, seq, () => epoch).slice(tail.nextSeq - seq)
    const ended = outcome !== '-'
    if (fresh.length > 0 || ended)
      deliver(channelId, tail, epoch, { seq: tail.nextSeq, events: fresh, ended })
  }

  function over(channelId: string, tail: Tail) {
    if (tail.state === 'over') return
    tail.state = 'over'
    forgetEarly(tail)
    if (tails.get(channelId) === tail) tails.delete(channelId)
    leave(channelId)
  }

  function tell(tail: Tail, batch: Batch) {
    for (const [follower, from] of [...tail.followers]) {
      const known = Math.max(0, from - batch.seq)
      if (known === 0) {
        follower.batch(batch)
        continue
      }
      const events = batch.events.slice(known)
      if (events.length > 0 || batch.ended) follower.batch({ seq: from, events, ended: batch.ended })
    }
  }

  /** `batch` begins where the tail is or, for what was trimmed before it was read, behind. */
  function deliver(channelId: string, tail: Tail, epoch: string, batch: Batch) {
    // The string that is there already: each new one would live until the next event, with the message it is a part of.
    if (tail.epoch !== epoch) tail.epoch = epoch
    tail.nextSeq = batch.seq + batch.events.length
    if (batch.ended) {
      tail.end = 'ended'
      over(channelId, tail)
    }
    if (batch.events.length > 0 || batch.ended) tell(tail, batch)
  }

  function lose(channelId: string, tail: Tail) {
    tail.end = 'lost'
    over(channelId, tail)
    for (const follower of [...tail.followers.keys()]) follower.gone()
  }

  async function catchUp(channelId: string, tail: Tail) {
    tail.state = 'reading'
    const isReading = () => tail.state === 'reading'
    while (isReading()) {
      tail.missed = false
      try {
        const after = tail.nextSeq === 0 ? undefined : { epoch: tail.epoch, seq: tail.nextSeq - 1 }
        const page = await read(channelId, after)
        if (!isReading()) return
        if (page.kind !== 'events' || partsOf(page.channel.epoch)[0] !== partsOf(tail.epoch)[0])
          return lose(channelId, tail)
        const { batch } = page
        const last = batch.events[batch.events.length - 1]
        const epoch = last ? last.id.slice(0, last.id.lastIndexOf('_')) : tail.epoch
        if (last || batch.ended) deliver(channelId, tail, epoch, batch)
        if (isReading() && meets(tail, !last)) return goLive(channelId, tail)
      } catch {
        // Reported by the connection.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
  }

  return {
    async follow(channelId, follower) {
      for (let patience: 'fresh' | 'tried' = 'fresh'; ;) {
        const other = tails.get(channelId)
        const tail = other ?? open(channelId)
        try {
          await tail.opened
        } catch (thrown) {
          // It began earlier, so it gave up on a log that is away earlier than this one has to.
          if (!other || patience === 'tried' || !isTrouble(thrown)) throw thrown
          patience = 'tried'
          continue
        }
        if (tail.end === 'lost') throw new ChannelError('CHANNEL_NOT_FOUND')
        if (tail.end === 'ended') return endedFollowing(tail.nextSeq, follower)
        // The last who followed it left meanwhile.
        if (tail.state === 'over') continue
        const from = tail.nextSeq
        tail.followers.set(follower, from)
        return {
          nextSeq: from,
          stop() {
            if (tail.followers.delete(follower) && tail.followers.size === 0) over(channelId, tail)
          },
        }
      }
    },

    published(channelId, message) {
      const tail = tails.get(channelId)
      if (tail) take(channelId, tail, message)
    },

    behind(channelId) {
      const tail = tails.get(channelId)
      if (tail?.state === 'live') void catchUp(channelId, tail)
      else if (tail) tail.missed = true
    },

    gone(channelId, stem) {
      const tail = tails.get(channelId)
      if (!tail) return
      // Its look may be older than this.
      if (tail.state === 'opening') tail.missed = true
      else if (stem === undefined || partsOf(tail.epoch)[0] === stem) lose(channelId, tail)
    },

    followed: () => [...tails.keys()],

    known(channelId) {
      const tail = tails.get(channelId)
      return tail && tail.epoch !== '' ? { epoch: tail.epoch, count: tail.nextSeq } : undefined
    },

    close() {
      for (const [channelId, tail] of [...tails]) lose(channelId, tail)
    },
  }
}

const isTrouble = (thrown: unknown) =>
  !(thrown instanceof ChannelError && thrown.code === 'CHANNEL_NOT_FOUND')
