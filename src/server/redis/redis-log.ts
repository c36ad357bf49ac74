import { randomBytes } from 'node:crypto'
import type { RedisClientOptions } from 'redis'
import { ChannelError } from '../../core/channel-error.js'
import type { Batch, ChannelInfo, EventLog, Page } from '../event-log.js'
import { eventBytes } from '../memory-channel.js'
import { quotaError } from '../quota-error.js'
import { within } from '../within.js'
import {
  appendScript,
  countScript,
  createScript,
  infoScript,
  listScript,
  readScript,
  removeScript,
  statusScript,
} from './channel-scripts.js'
import { createChannelWriter, type WriteAnswer } from './channel-writer.js'
import { createConnection } from './connection.js'
import { createEndWatch } from './end-watch.js'
import { packEvents, readInfo, unpackEntry, type RawEntry, type RawInfo } from './entry.js'
import { createMembership } from './membership.js'
import { pointedScript, pointScript } from './name-scripts.js'
import type { Script } from './script.js'
import { createTailReader } from './tail-reader.js'

/** What is kept, and for how long. As in `memoryLog`. */
export interface RedisRetention {
  /** Events kept of one channel. Default 10,000; `Infinity` switches it off. */
  readonly maxEvents?: number
  /** Bytes kept of one channel (UTF-8, of types and data). Default 4 MiB; `Infinity` switches it off. */
  readonly maxBytes?: number
  /**
   * Age of the oldest event kept, and how long an ended channel can still be read, in milliseconds.
   * Default 3,600,000 (one hour); `Infinity` switches it off.
   */
  readonly maxAgeMs?: number
  /** Active channels at once. Default 100,000; `Infinity` switches it off. */
  readonly maxChannels?: number
  /** How long it is remembered that a channel existed, in milliseconds. Default one day; 0 switches it off. */
  readonly tombstoneMs?: number
}

export interface RedisLogOptions {
  /** `redis://user:password@host:port/db`, or what `createClient` of the package `redis` takes. */
  readonly connection: string | RedisClientOptions
  /** Of every key. Nodes of the same prefix are one cluster. Default `{uni-sse}:`. */
  readonly prefix?: string
  readonly retention?: RedisRetention
  /** Appends of this time go to Redis together, in milliseconds. Default 4; 0 to 20. */
  readonly coalesceMs?: number
  /** Readers of a run whose process died hear of it within this time, in milliseconds. Default 10,000. */
  readonly leaseMs?: number
  /** How long appends and reads wait for a Redis that is away, in milliseconds, before they fail. Default 20,000. */
  readonly offlineMs?: number
  /** Bytes of events that wait for Redis in this process; beyond it appends fail. Default 32 MiB. */
  readonly maxPendingBytes?: number
  /** Hears once of every outage, when Redis refuses, and that events were given up. Default: a process warning. Must not throw. */
  readonly onError?: (error: ChannelError) => void
}

/** How long the reading of tails waits at once, in milliseconds. */
const BLOCK_MS = 5_000

/** How long a log that is closed tries to say so to Redis, in milliseconds: its lease does, too. */
const LEAVE_MS = 2_000

/**
 * Events in Redis Streams (Redis 7 or later), shared by all nodes of the same prefix.
 *
 * Holds two connections. What Redis had acknowledged survives its restart as far as its own persistence goes:
 * switch `appendonly` on. Where it did not, no reader goes on over the hole: a run ends as lost, and every reader
 * hears that events are missing.
 * @throws {ChannelError} BAD_OPTIONS
 * @see docs/server.md#redis
 */
export function redisLog(options: RedisLogOptions): EventLog {
  const { connection: to, prefix = '{uni-sse}:', coalesceMs = 4, leaseMs = 10_000 } = options
  const { offlineMs = 20_000, maxPendingBytes = 32 * 1024 * 1024, onError = warn } = options
  const retention = settingsOf(options.retention)
  if (!(coalesceMs >= 0 && coalesceMs <= 20))
    throw new ChannelError('BAD_OPTIONS', 'coalesceMs is a number of milliseconds from 0 to 20.')
  if (!(leaseMs >= 500)) throw new ChannelError('BAD_OPTIONS', 'leaseMs is at least 500 milliseconds.')

  const node = randomBytes(9).toString('hex')
  const client = typeof to === 'string' ? { url: to } : to
  const connection = createConnection({ client, offlineMs, onOutage: onError, onRefused: onError })
  const reader = createConnection({ client, offlineMs, onRefused: onError })
  const ends = createEndWatch()
  const { settings } = retention
  const ask = (script: Script, args: readonly string[]) =>
    connection.script(script, prefix, [...settings, ...args])
  const membership = createMembership({ connection, prefix, node, settings, leaseMs })
  const tails = createTailReader({
    reader,
    waker: connection,
    prefix,
    node,
    // Shorter than what is taken for silence.
    blockMs: Math.max(1, Math.min(BLOCK_MS, Math.floor(offlineMs / 2))),
    onEnd: ends.tell,
  })
  const writer = createChannelWriter({
    coalesceMs,
    maxPendingBytes,
    async send({ channelId, number, previous, outcome, chunks }) {
      const known = [previous?.epoch ?? '', String(previous?.number ?? 0)]
      const head = [channelId, node, String(number), ...known, outcome ?? '']
      return (await ask(appendScript, [...head, ...chunks])) as WriteAnswer
    },
    onLost: membership.abandon,
  })
  let closed: Promise<void> | undefined
  let state: 'open' | 'leaving' | 'closed' = 'open'

  async function statusesOf(channelIds: readonly string[]) {
    const found = (await ask(statusScript, channelIds)) as (readonly [string, string, string])[]
    return found.map(([status, epoch, next]) => ({ status, epoch, nextSeq: Number(next) }))
  }

  /** News may have been missed while the connection was away. */
  async function lookAgain(channelIds: readonly string[]) {
    for (let at = 0; at < channelIds.length; at += 200) {
      const some = channelIds.slice(at, at + 200)
      const found = await statusesOf(some)
      some.forEach((channelId, index) => {
        const status = found[index]?.status
        if (!status || status === 'expired') tails.gone(channelId)
        if (status !== 'active') ends.tell(channelId)
      })
    }
  }

  reader.onReady(() => {
    // A failure is reported by the connection, and its return is the next occasion.
    lookAgain([...new Set([...tails.followed(), ...ends.watched()])]).catch(() => undefined)
  })

  async function infosOf(channelIds: readonly string[]): Promise<ChannelInfo[]> {
    const infos: ChannelInfo[] = []
    for (let at = 0; at < channelIds.length; at += 200) {
      const found = (await ask(infoScript, channelIds.slice(at, at + 200))) as (readonly [string, RawInfo])[]
      for (const [channelId, raw] of found) infos.push(readInfo(channelId, raw))
    }
    return infos
  }

  // A Redis that is started again, or another one after a failover, may have lost what was not yet written.
  let completeSince = Infinity
  connection.onReady(() => (completeSince = performance.now()))

  return {
    async create({ channelId, kind, format, metadata, timeoutMs, tombstone, ifLost, quota }) {
      const owner = ifLost ? node : ''
      const lost = ifLost ? JSON.stringify(packEvents(ifLost)) : ''
      const timeout = timeoutMs === Infinity ? '' : String(Math.ceil(timeoutMs))
      const nonce = randomBytes(9).toString('hex')
      const bound = [quota?.key ?? '', String(quota?.max ?? 0)]
      const spec = [channelId, kind, format, JSON.stringify(metadata), timeout, tombstone, nonce, owner, lost]
      const [answer, info] = (await ask(createScript, [...spec, ...bound])) as readonly [string, RawInfo]
      if (answer === 'ok') return readInfo(channelId, info)
      if (answer === 'exists') throw new ChannelError('CHANNEL_EXISTS')
      if (answer === 'quota') throw quotaError()
      throw new ChannelError(answer === 'expired' ? 'HISTORY_EXPIRED' : 'SERVER_BUSY')
    },

    append(channelId, events, outcome) {
      if (events.some((event) => eventBytes(event) > retention.maxBytes))
        return Promise.reject(new ChannelError('EVENT_TOO_LARGE'))
      return writer.append(channelId, events, outcome)
    },

    async read(channelId, after, limit): Promise<Page> {
      const cursor = after ? [after.epoch, String(after.seq)] : ['', '0']
      const bounds = [finite(limit.maxEvents), finite(limit.maxBytes)]
      const answer = (await ask(readScript, [channelId, ...cursor, ...bounds])) as ReadAnswer
      if (answer[0] === 'none' || answer[0] === 'ahead') return { kind: answer[0] }
      const channel = readInfo(channelId, answer[1])
      if (answer[0] === 'gap') return { kind: 'gap', channel }
      const batch = pageOf(Number(answer[2]), answer[3], limit)
      const drained = channel.status !== 'active' && batch.seq + batch.events.length === nextSeqOf(answer[1])
      return { kind: 'events', channel, batch: { ...batch, ended: drained } }
    },

    async follow(channelId, follower) {
      const [found] = await statusesOf([channelId])
      if (!found?.status || found.status === 'expired') throw new ChannelError('CHANNEL_NOT_FOUND')
      if (found.status !== 'active') return { nextSeq: found.nextSeq, stop: () => undefined }
      const following = tails.follow(channelId, found, follower)
      // Ended or gone after it was asked and before it was followed: the end is in the stream, the removal is not.
      lookAgain([channelId]).catch(() => undefined)
      return following
    },

    onEnd(channelId, listener) {
      const undo = ends.add(channelId, listener)
      // A failure is reported by the connection, which asks again when it is back.
      if (closed) void Promise.resolve().then(() => ends.tell(channelId))
      else lookAgain([channelId]).catch(() => undefined)
      return undo
    },

    async info(channelId) {
      return (await infosOf([channelId]))[0]
    },

    async list(status) {
      const infos = await infosOf((await ask(listScript, [status])) as string[])
      return infos.filter((info) => info.status === status)
    },

    countActive: async () => Number(await ask(countScript, [])),

    remove: async (channelId) => (await ask(removeScript, [channelId])) === 1,

    async point(name, channelId) {
      await ask(pointScript, [name, channelId])
    },

    pointed: async (name) => ((await ask(pointedScript, [name])) as string) || undefined,

    keptMs: () => Math.max(0, Math.min(retention.tombstoneMs, performance.now() - completeSince)),

    close: () => (closed = closed ?? close()),
  }

  async function close() {
    state = 'leaving'
    tails.close()
    reader.close()
    for (const channelId of ends.watched()) ends.tell(channelId)
    const leaving = membership.leave().catch((error: ChannelError) => {
      if (state === 'leaving') onError(error)
    })
    await within(LEAVE_MS, undefined, leaving)
    state = 'closed'
    connection.close()
  }
}

type ReadAnswer =
  | readonly ['none']
  | readonly ['ahead']
  | readonly ['gap', RawInfo]
  | readonly ['events', RawInfo, seq: string, entries: readonly RawEntry[]]

function pageOf(
  seq: number,
  entries: readonly RawEntry[],
  limit: { maxEvents: number; maxBytes: number },
): Batch {
  const found = entries.map(unpackEntry)
  const all = found.flatMap((entry) => entry.events).slice(seq - (found[0]?.seq ?? seq))
  let bytes = 0
  let count = 0
  for (const event of all) {
    bytes += eventBytes(event)
    if (count > 0 && (count >= limit.maxEvents || bytes > limit.maxBytes)) break
    count++
  }
  return { seq, events: all.slice(0, count), ended: false }
}

const nextSeqOf = ([fields]: RawInfo) => Number(fields[fields.indexOf('next') + 1])

/** Lua reads it as a number beyond every other. */
const finite = (value: number) => (value === Infinity ? '1e300' : String(value))

function settingsOf(retention: RedisRetention = {}) {
  const { maxEvents = 10_000, maxBytes = 4 * 1024 * 1024, maxAgeMs = 3_600_000 } = retention
  const { maxChannels = 100_000, tombstoneMs = 86_400_000 } = retention
  return {
    maxBytes,
    tombstoneMs,
    settings: [tombstoneMs, maxEvents, maxBytes, maxAgeMs, maxChannels].map(finite),
  }
}

function warn(error: ChannelError) {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  process.emitWarning(`${error.code}: ${error.message}${cause}`, 'ChannelError')
}
