import { ChannelError } from '../core/channel-error.js'
import type { Clock, TimerHandle } from '../core/clock.js'
import { quotaError } from './quota-error.js'
import { endedFollowing } from './ended-following.js'
import type { ChannelInfo, EndedStatus, EventDraft, EventLog, NewChannel, Outcome } from './event-log.js'
import { eventBytes, MemoryChannel } from './memory-channel.js'
import { nodeClock } from './node-clock.js'

/** What `memoryLog()` takes. */
export interface MemoryLogOptions {
  /** Events kept of one channel. Default 10,000; `Infinity` switches it off. */
  readonly maxEvents?: number
  /** Bytes kept of one channel (UTF-8, of types and data). Default 4 MiB; `Infinity` switches it off. */
  readonly maxBytes?: number
  /**
   * Age of the oldest event kept, and how long an ended channel can still be read, in milliseconds.
   * Default 3,600,000 (one hour); `Infinity` switches it off.
   */
  readonly maxAgeMs?: number
  /** Channels at once, and tombstones at once. Default 10,000; `Infinity` switches it off. */
  readonly maxChannels?: number
  /**
   * Bytes kept of all channels, beyond which ended ones go and new ones are refused. Active ones go on, each to its
   * `maxBytes`. Default 256 MiB; `Infinity` switches it off.
   */
  readonly maxTotalBytes?: number
  /** How long it is remembered that a channel existed, in milliseconds. Default one day; 0 switches it off. */
  readonly tombstoneMs?: number
  /** Default: the process's. */
  readonly clock?: Clock
}

const SWEEP_MS = 10_000

/**
 * Events in the memory of this process: gone when it ends.
 *
 * Over `maxChannels` or `maxTotalBytes` the channels that ended longest ago make room; when all are active, new ones
 * are refused with SERVER_BUSY.
 */
export function memoryLog(options: MemoryLogOptions = {}): EventLog {
  const {
    maxEvents = 10_000,
    maxBytes = 4 * 1024 * 1024,
    maxAgeMs = 3_600_000,
    maxChannels = 10_000,
  } = options
  const { maxTotalBytes = 256 * 1024 * 1024, tombstoneMs = 86_400_000, clock = nodeClock } = options
  const bounds = { maxEvents, maxBytes, maxAgeMs }
  const channels = new Map<string, MemoryChannel>()
  // Ended ones in the order of their ends: a Set keeps the order of insertion.
  const ended = new Set<string>()
  const tombstones = new Map<string, { readonly info: ChannelInfo; readonly until: number }>()
  // In the order in which they were pointed: over `maxChannels` the oldest go.
  const names = new Map<string, string>()
  let totalBytes = 0
  let completeSince = clock.now()
  let sweeper: TimerHandle | undefined

  function find(channelId: string): MemoryChannel | undefined {
    const channel = channels.get(channelId)
    if (!channel || channel.expiresAt() > clock.now()) return channel
    bury(channelId, channel)
    return undefined
  }

  function tombstone(channelId: string): ChannelInfo | undefined {
    find(channelId)
    const found = tombstones.get(channelId)
    return found && found.until > clock.now() ? found.info : undefined
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
    drop(channelId, channel)
    tombstones.delete(channelId)
    tombstones.set(channelId, { info: { ...channel.info(), ...gone }, until: now + tombstoneMs })
    for (const oldest of tombstones.keys()) {
      if (tombstones.size <= maxChannels) break
      tombstones.delete(oldest)
      completeSince = now
    }
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
    for (const [channelId, { until }] of tombstones) if (until <= now) tombstones.delete(channelId)
    for (const [name, channelId] of names) if (!channels.has(channelId)) names.delete(name)
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
    const before = channel.bytes
    const batch = channel.append(events, outcome, clock.now())
    totalBytes += channel.bytes - before
    if (outcome) ended.add(channelId)
    for (const follower of [...channel.followers]) follower.batch(batch)
    if (outcome) {
      channel.followers.clear()
      tellEnd(channel)
    }
    makeRoom(0)
    return batch.events.map((event) => event.id)
  }

  return {
    async create(spec) {
      if (find(spec.channelId)) throw new ChannelError('CHANNEL_EXISTS')
      if (spec.tombstone === 'refuse' && tombstone(spec.channelId)) throw new ChannelError('HISTORY_EXPIRED')
      if (isOverQuota(spec)) throw quotaError()
      makeRoom(1)
      if (channels.size >= maxChannels || totalBytes > maxTotalBytes) throw new ChannelError('SERVER_BUSY')
      tombstones.delete(spec.channelId)
      const channel = new MemoryChannel(spec, bounds, clock.now())
      channels.set(spec.channelId, channel)
      keepSweeping()
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
      if (status === 'expired') {
        return [...tombstones.values()]
          .filter((found) => found.until > clock.now())
          .map((found) => found.info)
      }
      return [...channels.values()].filter((channel) => !channel.outcome).map((channel) => channel.info())
    },

    async countActive() {
      for (const channelId of [...channels.keys()]) find(channelId)
      return channels.size - ended.size
    },

    async remove(channelId) {
      const channel = find(channelId)
      if (channel) drop(channelId, channel)
      return tombstones.delete(channelId) || channel !== undefined
    },

    async point(name, channelId) {
      names.delete(name)
      names.set(name, channelId)
      for (const oldest of names.keys()) {
        if (names.size <= maxChannels) break
        names.delete(oldest)
      }
    },

    async pointed(name) {
      const channelId = names.get(name)
      return channelId !== undefined && find(channelId) ? channelId : undefined
    },

    keptMs: () => Math.min(tombstoneMs, clock.now() - completeSince),

    async close() {
      clock.clearTimeout(sweeper)
      for (const [channelId, channel] of [...channels]) drop(channelId, channel)
      tombstones.clear()
      names.clear()
      sweeper = undefined
    },
  }
}
