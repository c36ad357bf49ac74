import { ChannelError } from '../../../core/channel-error.js'
import type { Clock, TimerHandle } from '../../../core/clock.js'
import { stemOf } from '../../../core/cursor.js'
import { endedFollowing } from '../shared/ended-following.js'
import type { ChannelInfo, EndedStatus, EventDraft, EventLog, NewChannel, Outcome } from '../event-log.js'
import { nameKey, noJournal, type Change, type Journal } from './journal.js'
import { MemoryChannel, type ChannelBounds } from './memory-channel.js'
import { eventBytes } from '../shared/event-bytes.js'
import { quotaError } from '../shared/quota-error.js'
import { createTombstones } from './tombstones.js'

export interface MemoryStoreOptions extends ChannelBounds {
  readonly maxChannels: number
  readonly maxTotalBytes: number
  readonly tombstoneMs: number
  readonly clock: Clock
  readonly journal?: Journal
  /** Called every ten seconds while there is anything. */
  readonly onSweep?: () => void
}

/** A log in memory, with what one needs that keeps it elsewhere, too. */
export interface MemoryStore extends EventLog {
  keptMs(): number
  /** Makes a change that was made before, and tells nobody. */
  replay(change: Change): void
  /** All there is now of the thing that changes of this key are about. Undefined: nothing. */
  now(key: string): Change | undefined
  channel(channelId: string): MemoryChannel | undefined
  channels(): readonly MemoryChannel[]
  /** Bytes of all events, and how many channels, tombstones and names there are. */
  size(): { readonly bytes: number; readonly things: number }
  /** Since when nothing was lost, in milliseconds since 1970. */
  completeSince: number
}

const SWEEP_MS = 10_000

export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const { maxBytes, maxChannels, maxTotalBytes, tombstoneMs, clock } = options
  const { journal = noJournal, onSweep = () => undefined } = options
  const channels = new Map<string, MemoryChannel>()
  // Ended ones in the order of their ends: a Set keeps the order of insertion.
  const ended = new Set<string>()
  const tombstones = createTombstones(maxChannels, clock, () => {
    store.completeSince = clock.now()
  })
  // In the order in which they were pointed: over `maxChannels` the oldest go.
  const names = new Map<string, string>()
  let totalBytes = 0
  let sweeper: TimerHandle | undefined

  function find(channelId: string): MemoryChannel | undefined {
    const channel = channels.get(channelId)
    if (!channel || channel.expiresAt() > clock.now()) return channel
    bury(channelId, channel)
    return undefined
  }

  function tombstone(channelId: string): ChannelInfo | undefined {
    find(channelId)
    return tombstones.find(channelId)?.info
  }

  function need(channelId: string): MemoryChannel {
    const channel = find(channelId)
    if (!channel) throw new ChannelError('CHANNEL_NOT_FOUND')
    return channel
  }

  function isOverQuota({ quota }: NewChannel): boolean {
    if (!quota) return false
    let count = 0
    for (const channel of channels.values())
      if (!channel.outcome && channel.spec.quota?.key === quota.key) count++
    return count >= quota.max
  }

  function put(channel: MemoryChannel) {
    const { channelId } = channel.spec
    const before = channels.get(channelId)
    if (before) drop(channelId, before)
    tombstones.delete(channelId)
    channels.set(channelId, channel)
    if (channel.outcome) ended.add(channelId)
    totalBytes += channel.bytes
    keepSweeping()
  }

  function drop(channelId: string, channel: MemoryChannel) {
    channels.delete(channelId)
    ended.delete(channelId)
    totalBytes -= channel.bytes
    for (const follower of [...channel.followers]) follower.gone()
    channel.followers.clear()
    tellEnd(channel)
  }

  function bury(channelId: string, channel: MemoryChannel) {
    const now = clock.now()
    const gone = {
      status: 'expired',
      expiresAt: now,
      earliest: null,
      last: null,
      events: 0,
      bytes: 0,
    } as const
    const buried = { info: { ...channel.info(), ...gone }, until: now + tombstoneMs }
    journal.note({ kind: 'expired', ...buried })
    drop(channelId, channel)
    tombstones.put(buried)
  }

  function tellEnd(channel: MemoryChannel) {
    const listeners = [...channel.endListeners]
    channel.endListeners.clear()
    for (const listener of listeners) listener(channel.outcome ?? 'expired')
  }

  function makeRoom(forChannels: number) {
    for (const channelId of ended) {
      if (channels.size + forChannels <= maxChannels && totalBytes <= maxTotalBytes) return
      bury(channelId, channels.get(channelId) as MemoryChannel)
    }
  }

  function sweep() {
    const now = clock.now()
    for (const [channelId, channel] of [...channels]) {
      const before = channel.bytes
      channel.trim(now)
      totalBytes += channel.bytes - before
      find(channelId)
    }
    tombstones.sweep()
    for (const [name, channelId] of names) if (!channels.has(channelId)) names.delete(name)
    onSweep()
    sweeper = undefined
    keepSweeping()
  }

  function keepSweeping() {
    if (sweeper === undefined && channels.size + tombstones.size > 0)
      sweeper = clock.setTimeout(sweep, SWEEP_MS)
  }

  function append(channelId: string, events: readonly EventDraft[], outcome: Outcome | undefined) {
    const channel = need(channelId)
    if (channel.outcome) throw new ChannelError('CHANNEL_CLOSED')
    if (events.some((event) => eventBytes(event) > maxBytes)) throw new ChannelError('EVENT_TOO_LARGE')
    const at = clock.now()
    const change = { kind: 'events', channelId, seq: channel.tail, events, outcome, at } as const
    if (outcome) journal.note(change)
    else journal.write(change)
    const batch = write(channel, events, outcome, at)
    for (const follower of [...channel.followers]) follower.batch(batch)
    if (outcome) {
      channel.followers.clear()
      tellEnd(channel)
    }
    makeRoom(0)
    return batch.events.map((event) => event.id)
  }

  function write(
    channel: MemoryChannel,
    events: readonly EventDraft[],
    outcome: Outcome | undefined,
    at: number,
  ) {
    const before = channel.bytes
    const batch = channel.append(events, outcome, at)
    totalBytes += channel.bytes - before
    if (outcome) ended.add(channel.spec.channelId)
    return batch
  }

  function point(name: string, channelId: string) {
    names.delete(name)
    names.set(name, channelId)
    for (const oldest of names.keys()) {
      if (names.size <= maxChannels) break
      names.delete(oldest)
    }
  }

  const store: MemoryStore = {
    completeSince: clock.now(),

    async create(spec) {
      if (find(spec.channelId)) throw new ChannelError('CHANNEL_EXISTS')
      if (spec.tombstone === 'refuse' && tombstone(spec.channelId)) throw new ChannelError('HISTORY_EXPIRED')
      if (isOverQuota(spec)) throw quotaError()
      makeRoom(1)
      if (channels.size >= maxChannels || totalBytes > maxTotalBytes) throw new ChannelError('SERVER_BUSY')
      const channel = new MemoryChannel(spec, options, clock.now())
      journal.write({ kind: 'channel', state: channel.state() })
      put(channel)
      return channel.info()
    },

    async append(channelId, events, outcome) {
      return append(channelId, events, outcome)
    },

    async finish(channelId) {
      const channel = find(channelId)
      if (!channel) return 'expired'
      const { kind, ifFinished = [] } = channel.spec
      if (!channel.outcome) append(channelId, ifFinished, kind === 'feed' ? 'done' : 'stopped')
      return channel.outcome ?? 'expired'
    },

    async read(channelId, after, limit) {
      const channel = find(channelId)
      if (!channel) return { kind: 'none' }
      const before = channel.bytes
      const page = channel.read(after, limit, clock.now())
      totalBytes += channel.bytes - before
      return page
    },

    async follow(channelId, follower) {
      const channel = need(channelId)
      if (channel.outcome) return endedFollowing(channel.tail, follower)
      channel.followers.add(follower)
      return { nextSeq: channel.tail, stop: () => channel.followers.delete(follower) }
    },

    onEnd(channelId, listener) {
      const channel = find(channelId)
      let waiting = true
      const tell = (status: EndedStatus) => {
        if (waiting) listener(status)
        waiting = false
      }
      if (channel && !channel.outcome) channel.endListeners.add(tell)
      else void Promise.resolve().then(() => tell(channel?.outcome ?? 'expired'))
      return () => {
        waiting = false
        channel?.endListeners.delete(tell)
      }
    },

    async info(channelId) {
      return find(channelId)?.info() ?? tombstone(channelId)
    },

    async list(status) {
      for (const channelId of [...channels.keys()]) find(channelId)
      if (status === 'expired') return tombstones.all().map(({ info }) => info)
      return [...channels.values()].filter((channel) => !channel.outcome).map((channel) => channel.info())
    },

    async countActive() {
      for (const channelId of [...channels.keys()]) find(channelId)
      return channels.size - ended.size
    },

    async remove(channelId, epoch) {
      const channel = find(channelId)
      const there = channel ?? tombstones.find(channelId)?.info
      if (epoch !== undefined && there && stemOf(there.epoch) !== stemOf(epoch)) return false
      if (there) journal.note({ kind: 'removed', channelId })
      if (channel) drop(channelId, channel)
      return tombstones.delete(channelId) || channel !== undefined
    },

    async point(name, channelId) {
      journal.note({ kind: 'name', name, channelId })
      point(name, channelId)
    },

    async pointed(name) {
      const channelId = names.get(name)
      return channelId !== undefined && find(channelId) ? channelId : undefined
    },

    keptMs: () => Math.min(tombstoneMs, clock.now() - store.completeSince),

    async close() {
      clock.clearTimeout(sweeper)
      for (const [channelId, channel] of [...channels]) drop(channelId, channel)
      tombstones.clear()
      names.clear()
      sweeper = undefined
    },

    replay(change) {
      switch (change.kind) {
        case 'channel':
          return put(MemoryChannel.restored(change.state, options))
        case 'events': {
          const channel = channels.get(change.channelId)
          if (channel?.tail === change.seq) write(channel, change.events, change.outcome, change.at)
          return
        }
        case 'generation':
          return void channels.get(change.channelId)?.begin(change.name)
        case 'expired': {
          const channel = channels.get(change.info.channelId)
          if (channel) drop(change.info.channelId, channel)
          return tombstones.put({ info: change.info, until: change.until })
        }
        case 'removed': {
          const channel = channels.get(change.channelId)
          if (channel) drop(change.channelId, channel)
          return void tombstones.delete(change.channelId)
        }
        case 'name':
          return point(change.name, change.channelId)
      }
    },

    now(key) {
      const id = key.slice(1)
      const pointed = names.get(id)
      if (key === nameKey(id))
        return pointed === undefined ? undefined : { kind: 'name', name: id, channelId: pointed }
      const channel = channels.get(id)
      if (channel) return { kind: 'channel', state: channel.state() }
      const buried = tombstones.find(id)
      return buried && { kind: 'expired', ...buried }
    },

    channel: find,
    channels: () => [...channels.values()],
    size: () => ({ bytes: totalBytes, things: channels.size + tombstones.size + names.size }),
  }
  return store
}
