import { ChannelError, toChannelError } from '../../../core/channel-error.js'
import { formatCursor } from '../../../core/cursor.js'
import type { EventDraft, Outcome } from '../event-log.js'
import { eventBytes } from './event-bytes.js'
import { packEvents } from './entry.js'

/** What the append script is called with, after the channel's id. */
export interface Write {
  readonly channelId: string
  /** Larger than that of every earlier write of this node. */
  readonly number: number
  /** What Redis acknowledged last, if that is known: one that does not know it has lost events. */
  readonly known: Known | undefined
  /** How often the run had been taken over when this was given to be written. */
  readonly claim: string
  readonly outcome: Outcome | undefined
  readonly chunks: readonly string[]
}

export interface Known {
  /** Of the last event. */
  readonly epoch: string
  /** Events there were, from the first on. */
  readonly count: number
}

export type WriteAnswer =
  | readonly ['ok', epoch: string, seq: string]
  | readonly ['closed', status: string]
  /** Another node goes on with the run, or this one does anew. */
  | readonly ['moved']
  | readonly ['none']

export interface WriterOptions {
  readonly send: (write: Write) => Promise<WriteAnswer>
  readonly claimOf: (channelId: string) => string
  /** Appends of this time go out together, in milliseconds. */
  readonly coalesceMs: number
  /** Bytes of appends that have not arrived. Beyond it the next is refused. */
  readonly maxPendingBytes: number
  /** What was appended to this channel did not arrive, and is not tried again. */
  readonly onLost: (channelId: string) => void
  /** Written, or refused as the channel has ended or is gone. */
  readonly onAnswer: (write: Write, answer: WriteAnswer) => void
}

/** Appends of one node: in order for each channel, many in one write, one write of a channel on its way at a time. */
export interface ChannelWriter {
  append(channelId: string, events: readonly EventDraft[], outcome?: Outcome): Promise<readonly string[]>
  /** Nobody but this node writes to it: so many events are there, the next is of this epoch. */
  begins(channelId: string, known: Known): void
}

interface Item {
  readonly events: readonly EventDraft[]
  readonly bytes: number
  readonly claim: string
  readonly outcome: Outcome | undefined
  readonly resolve: (ids: readonly string[]) => void
  readonly reject: (error: ChannelError) => void
}

interface Queue {
  items: Item[]
  events: number
  state: 'waiting' | 'sending'
}

/** So many that wait are sent before their time. */
const ENOUGH_EVENTS = 64

/** Of one write: what came while the one before was on its way. */
const MAX_EVENTS = 1_024
const MAX_BYTES = 256 * 1024

/** Channels whose last write is remembered. */
const MAX_REMEMBERED = 50_000
const FORGOTTEN_AT_ONCE = 1_000

export function createChannelWriter(options: WriterOptions): ChannelWriter {
  const { send, claimOf, coalesceMs, maxPendingBytes, onLost, onAnswer } = options
  const queues = new Map<string, Queue>()
  /** Those that had something to send. Only what changed is looked at, however many wait for the server. */
  let ready: (readonly [channelId: string, queue: Queue])[] = []
  let flushedAt = -Infinity
  let flush: 'none' | 'set' = 'none'
  const acknowledged = new Map<string, Known>()
  let pendingBytes = 0
  let numbers = 0

  function schedule(channelId: string, queue: Queue) {
    ready.push([channelId, queue])
    if (flush === 'set') return
    flush = 'set'
    const delayMs = flushedAt + coalesceMs - performance.now()
    // After a pause at once, but with everything else of this turn.
    if (delayMs <= 0) setImmediate(sendAll)
    else setTimeout(sendAll, delayMs)
  }

  function sendAll() {
    flush = 'none'
    flushedAt = performance.now()
    const now = ready
    ready = []
    for (const [channelId, queue] of now)
      if (queue.state === 'waiting' && queue.items.length > 0) sendNext(channelId, queue)
  }

  function take(queue: Queue): Item[] {
    let count = 0
    let events = 0
    let bytes = 0
    for (const item of queue.items) {
      const fits = events + item.events.length <= MAX_EVENTS && bytes + item.bytes <= MAX_BYTES
      if (count > 0 && (!fits || item.claim !== queue.items[0]?.claim)) break
      count++
      events += item.events.length
      bytes += item.bytes
      if (item.outcome) break
    }
    queue.events -= events
    return queue.items.splice(0, count)
  }

  function sendNext(channelId: string, queue: Queue) {
    const items = take(queue)
    const [only] = items
    const events = only && items.length === 1 ? only.events : items.flatMap((item) => item.events)
    const outcome = items[items.length - 1]?.outcome
    const claim = items[0]?.claim ?? ''
    queue.state = 'sending'
    const known = acknowledged.get(channelId)
    const write = { channelId, number: ++numbers, known, claim, outcome, chunks: packEvents(events) }
    send(write).then(
      (answer) => {
        if (answer[0] === 'ok' && !outcome) {
          const epoch = known?.epoch === answer[1] ? known.epoch : answer[1]
          remember(channelId, { epoch, count: Number(answer[2]) + events.length })
        } else acknowledged.delete(channelId)
        onAnswer(write, answer)
        settle(items, answer)
        goOn(channelId, queue)
      },
      (thrown: unknown) => {
        // What came later must not arrive without what came before.
        queues.delete(channelId)
        const error = toChannelError(thrown, 'SERVER_ERROR')
        for (const item of [...items, ...queue.items]) fail(item, error)
        onLost(channelId)
      },
    )
  }

  function remember(channelId: string, known: Known) {
    // Behind all others, as soon as that matters: it costs a map a new table now and then.
    if (acknowledged.size > MAX_REMEMBERED / 2) acknowledged.delete(channelId)
    acknowledged.set(channelId, known)
    if (acknowledged.size <= MAX_REMEMBERED) return
    // Many at once: to find the first of a map costs what has been deleted since it was made.
    let surplus = FORGOTTEN_AT_ONCE
    for (const oldest of acknowledged.keys()) {
      if (surplus-- === 0) return
      acknowledged.delete(oldest)
    }
  }

  function goOn(channelId: string, queue: Queue) {
    queue.state = 'waiting'
    if (queue.items.length === 0) queues.delete(channelId)
    else if (queue.events >= ENOUGH_EVENTS) sendNext(channelId, queue)
    else schedule(channelId, queue)
  }

  function settle(items: readonly Item[], answer: WriteAnswer) {
    if (answer[0] !== 'ok') {
      const code = answer[0] === 'none' ? 'CHANNEL_NOT_FOUND' : 'CHANNEL_CLOSED'
      for (const item of items) fail(item, new ChannelError(code))
      return
    }
    const [, epoch, first] = answer
    let seq = Number(first)
    for (const item of items) {
      pendingBytes -= item.bytes
      item.resolve(item.events.map(() => formatCursor(epoch, seq++)))
    }
  }

  function fail(item: Item, error: ChannelError) {
    pendingBytes -= item.bytes
    item.reject(error)
  }

  return {
    begins: remember,
    append(channelId, events, outcome) {
      const bytes = events.reduce((sum, event) => sum + eventBytes(event), 0)
      if (pendingBytes > 0 && pendingBytes + bytes > maxPendingBytes) {
        onLost(channelId)
        return Promise.reject(
          new ChannelError('SERVER_BUSY', 'The event log is too far behind to take more events.'),
        )
      }
      pendingBytes += bytes
      return new Promise((resolve, reject) => {
        let queue = queues.get(channelId)
        if (!queue) queues.set(channelId, (queue = { items: [], events: 0, state: 'waiting' }))
        queue.items.push({ events, bytes, claim: claimOf(channelId), outcome, resolve, reject })
        queue.events += events.length
        if (queue.state === 'sending') return
        if (queue.events >= ENOUGH_EVENTS) sendNext(channelId, queue)
        // One that had something to send is ready already.
        else if (queue.items.length === 1) schedule(channelId, queue)
      })
    },
  }
}
