import type { ChannelEvent } from '../../core/channel-event.js'
import type { Batch, Follower } from '../event-log.js'
import type { Connection } from './connection.js'
import { unpackEntry, type RawEntry } from './entry.js'

export interface TailReaderOptions {
  /** Its own: it blocks. */
  readonly reader: Connection
  /** To end the blocking when there is something new to read. */
  readonly waker: Connection
  readonly prefix: string
  readonly node: string
  /** How long one read waits for news, in milliseconds. */
  readonly blockMs: number
  /** A channel ended or is gone, on whatever node. */
  readonly onEnd: (channelId: string) => void
}

/** Where a channel was when it was asked. */
export interface Position {
  readonly epoch: string
  readonly nextSeq: number
}

/** The tails of any number of channels through one blocking read. */
export interface TailReader {
  /** @returns the sequence number the first batch will have, and the undo */
  follow(channelId: string, at: Position, follower: Follower): { readonly nextSeq: number; stop(): void }
  /** Tells the channel's followers that it is gone. */
  gone(channelId: string, epoch?: string): void
  /** Channels that are followed now. */
  followed(): readonly string[]
  close(): void
}

interface Tail {
  readonly epoch: string
  /** The next event has this number. */
  nextSeq: number
  /** Each with the number it begins at. */
  readonly followers: Map<Follower, number>
}

/** Before it asks again a Redis that refuses, in milliseconds. */
const REFUSED_MS = 200
/** Entries of one channel in one answer: what is behind must not keep the others waiting. */
const COUNT = 32
const CONTROL = 'control'

export function createTailReader(options: TailReaderOptions): TailReader {
  const { reader, waker, prefix, node, blockMs, onEnd } = options
  const wakeKey = `${prefix}wake:${node}`
  const controlKey = prefix + CONTROL
  const streamPrefix = `${prefix}s:`
  const tails = new Map<string, Tail>()
  let controlId: string | undefined
  let wakeId = '0-0'
  let state: 'open' | 'closed' = 'open'
  let waking: 'no' | 'soon' = 'no'

  /** The blocking read knows only the channels it began with. */
  function wake() {
    if (waking === 'soon') return
    waking = 'soon'
    setImmediate(() => {
      waking = 'no'
      if (state === 'closed') return
      // Lost with a connection it is not needed: the blocking read begins anew, too, at the latest after its time.
      waker
        .run((redis) =>
          Promise.all([
            redis.sendCommand(['XADD', wakeKey, 'MAXLEN', '1', '*', 'w', '']),
            redis.sendCommand(['PEXPIRE', wakeKey, '60000']),
          ]),
        )
        .catch(() => undefined)
    })
  }

  async function readOnce() {
    controlId = controlId ?? (await lastControlId())
    const keys = [controlKey, wakeKey]
    const ids = [controlId, wakeId]
    for (const [channelId, { epoch, nextSeq }] of tails) {
      keys.push(streamPrefix + channelId)
      ids.push(nextSeq === 0 ? '0-0' : `${epoch}-${nextSeq - 1}`)
    }
    const command = ['XREAD', 'COUNT', String(COUNT), 'BLOCK', String(blockMs), 'STREAMS', ...keys, ...ids]
    const answer = await reader.run((redis) => redis.sendCommand(command))
    if (!answer) return
    const streams = answer as unknown as readonly (readonly [key: string, entries: readonly RawEntry[]])[]
    let control: readonly RawEntry[] = []
    for (const [key, entries] of streams) {
      if (key === controlKey) control = entries
      else if (key === wakeKey) wakeId = idOf(entries)
      else deliver(key.slice(streamPrefix.length), entries)
    }
    // After the events: an end must not be heard of before what it ends.
    for (const entry of control) handle(entry)
    if (control.length > 0) controlId = idOf(control)
  }

  async function lastControlId() {
    const last = await reader.run((redis) =>
      redis.sendCommand(['XREVRANGE', controlKey, '+', '-', 'COUNT', '1']),
    )
    return idOf(last as unknown as readonly RawEntry[])
  }

  function deliver(channelId: string, raw: readonly RawEntry[]) {
    const tail = tails.get(channelId)
    if (!tail) return
    let events: ChannelEvent[] = []
    let seq = tail.nextSeq

    function tell(ended: boolean) {
      const batch = { seq, events, ended }
      seq = tail?.nextSeq ?? seq
      events = []
      if (batch.events.length === 0 && !ended) return
      for (const [follower, from] of [...(tail?.followers ?? [])]) tellBatch(follower, from, batch)
    }

    for (const entry of raw.map(unpackEntry)) {
      // Another life of this id.
      if (entry.epoch !== tail.epoch) return gone(channelId)
      // Trimmed before it was read: whoever follows sees it by the number of the next batch.
      if (entry.seq > tail.nextSeq) {
        tell(false)
        seq = entry.seq
      }
      // Some may be known, from a follow that was made anew while this answer was on its way.
      events.push(...entry.events.slice(Math.max(0, tail.nextSeq - entry.seq)))
      tail.nextSeq = Math.max(tail.nextSeq, entry.seq + entry.events.length)
      if (!entry.ended) continue
      tails.delete(channelId)
      tell(true)
    }
    tell(false)
  }

  function tellBatch(follower: Follower, from: number, batch: Batch) {
    const known = Math.max(0, from - batch.seq)
    if (known === 0) return follower.batch(batch)
    const events = batch.events.slice(known)
    if (events.length > 0 || batch.ended) follower.batch({ seq: from, events, ended: batch.ended })
  }

  function handle([, fields]: RawEntry) {
    const [, kind, , channelId = '', , epoch = ''] = fields
    if (kind === 'gone') gone(channelId, epoch)
    onEnd(channelId)
  }

  function gone(channelId: string, epoch?: string) {
    const tail = tails.get(channelId)
    if (!tail || (epoch !== undefined && tail.epoch !== epoch)) return
    tails.delete(channelId)
    for (const follower of [...tail.followers.keys()]) follower.gone()
  }

  async function loop() {
    while (state === 'open') {
      try {
        await readOnce()
      } catch {
        // Reported by the connection. What is followed stays so: it goes on where it was once Redis is back.
        await new Promise((resolve) => setTimeout(resolve, REFUSED_MS).unref())
      }
    }
  }

  void loop()

  return {
    follow(channelId, { epoch, nextSeq }, follower) {
      let tail = tails.get(channelId)
      if (tail && tail.epoch !== epoch) {
        gone(channelId)
        tail = undefined
      }
      if (!tail) {
        tails.set(channelId, (tail = { epoch, nextSeq, followers: new Map() }))
        wake()
      }
      const from = Math.max(nextSeq, tail.nextSeq)
      const { followers } = tail
      followers.set(follower, from)
      return {
        nextSeq: from,
        stop() {
          followers.delete(follower)
          if (followers.size === 0 && tails.get(channelId) === tail) tails.delete(channelId)
        },
      }
    },
    gone,
    followed: () => [...tails.keys()],
    close() {
      state = 'closed'
      for (const channelId of [...tails.keys()]) gone(channelId)
    },
  }
}

const idOf = (entries: readonly RawEntry[]) => entries[entries.length - 1]?.[0] ?? '0-0'
