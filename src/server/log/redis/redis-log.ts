import { randomBytes } from 'node:crypto'
import { ChannelError } from '../../../core/channel-error.js'
import type { EndedStatus, EventLog } from '../event-log.js'
import { eventBytes } from '../shared/event-bytes.js'
import { within } from '../../within.js'
import { createAdoption } from '../shared/adoption.js'
import { createChannelCalls } from './channel-calls.js'
import { createChannelWriter } from '../shared/channel-writer.js'
import { createCreating } from './creating.js'
import { createEar } from './ear.js'
import { createEndWatch } from '../shared/end-watch.js'
import { partsOf } from '../shared/entry.js'
import { createFence } from './fence.js'
import { finishScript, removeScript } from './lua/end-scripts.js'
import { countScript, statusScript } from './lua/look-scripts.js'
import { createNames } from './names.js'
import { createMembership } from './membership.js'
import { channelNews, createPartitions, nodeNews, type Partition } from './partitions.js'
import { createQuotas } from './quotas.js'
import { createReading } from './channel-reading.js'
import { createRecentEnds } from './recent-ends.js'
import { createRecentStops } from './recent-stops.js'
import { anyReady } from './ready.js'
import { createRollCall } from './roll-call.js'
import { createServers, kindOfAll, serversOf } from './servers.js'
import { settingsOf, type RedisLogOptions } from './redis-log-options.js'
import { createOwnedRuns } from '../shared/owned-runs.js'
import { createRunNews } from '../shared/run-news.js'
import { createTails } from '../shared/tails.js'
import { troublesOf } from './trouble.js'
import { createVigil, type Found } from './vigil.js'
import { createWriteBatches } from './write-batches.js'

/** How long a log that is closed tries to say so to Redis, in milliseconds: its lease does, too. */
const LEAVE_MS = 2_000

/** What this node follows is looked at so often, in milliseconds; sooner where Redis throws keys away. */
const ROUND_MS = 60_000
const EVICTION_ROUND_MS = 5_000

/**
 * Events in Redis Streams (Redis 7 or later), shared by all nodes of the same prefix: one Redis, one behind Sentinel, or
 * a Redis Cluster.
 *
 * Holds two connections (to each master). What Redis had acknowledged survives its restart as far as its own
 * persistence goes: switch `appendonly` on. Where it did not, and at a failover, no reader goes on over the hole: a run
 * ends as lost, and whoever has seen what is missing hears of it.
 * @throws {ChannelError} BAD_OPTIONS
 * @see docs/failover.md
 */
export function redisLog(options: RedisLogOptions): EventLog {
  const opens = serversOf(options.connection)
  const kind = kindOfAll(opens)
  const settings = settingsOf(options, kind)
  const { leaseMs, offlineMs, bounds, onError } = settings
  const node = randomBytes(9).toString('hex')
  const publish = kind === 'cluster' ? 'SPUBLISH' : 'PUBLISH'
  const partitions = createPartitions(settings.prefix, settings.partitions)
  let state: 'open' | 'leaving' | 'closed' = 'open'
  let closed: Promise<void> | undefined
  let eviction: 'none' | 'told' = 'none'

  const troubles = troublesOf('The event log')
  const servers = createServers({
    ...{ opens, partitions, troubles, offlineMs, silenceMs: settings.silenceMs, onError },
    onRenewed: () => fence.doubt(),
    onMessage: (partition, channel, message) => heard(partition, channel, message),
    onAgain: (partition) => void vigil.lookAtAll(partition).catch(() => undefined),
  })
  const { connectionOf, busOf } = servers
  const fence = createFence({
    publish,
    connectionOf,
    onChanged: (partition) => rollCall.begin(partition),
  })
  const calls = createChannelCalls({ fence, partitions, node, publish, bounds })
  const send = createWriteBatches({
    calls,
    refused: (partition, cause) => connectionOf(partition).isRefused(cause),
  })
  const giveUp = (channelId: string) =>
    calls.one(channelId, finishScript, { how: 'lost', only: node, stem: '' })
  const runs = createOwnedRuns(giveUp)
  const ends = createEndWatch()
  const recent = createRecentEnds()
  const stops = createRecentStops()
  const adoption = createAdoption()
  const reading = createReading(calls)
  const tails = createTails({
    hear: (channelId) => hear(channelId),
    leave: (channelId) => leave(channelId),
    look: async (channelId) => {
      const found = await positionOf(channelId)
      if (!found?.[0]) return undefined
      const [status, stem, generation, next] = found
      return { status, epoch: generation === '' ? stem : `${stem}.${generation}`, nextSeq: Number(next) }
    },
    read: (channelId, after) => reading.read(channelId, after, { maxEvents: 512, maxBytes: 256 * 1024 }),
  })
  const vigil = createVigil({
    ...{ calls, tails, ends },
    onOwner: (channelId, owner, claims) => {
      if (runs.owns(channelId) && (owner !== node || claims !== runs.claimOf(channelId)))
        news.moved(channelId)
    },
  })
  const news = createRunNews({
    ...{ ends, tails, adoption, runs },
    hear: (channelId) => subscribe(channelId),
    leave: (channelId) => leave(channelId),
    look: vigil.look,
  })
  const ear = createEar((partition) => busOf(partition).renew())
  const membership = createMembership({
    ...{ calls, runs, end: giveUp },
    publish,
    node,
    leaseMs,
    takeoverMs: settings.takeoverMs,
    budgetBytes: settings.budgetBytes,
    resumable: adoption.names,
    onClaimed(orphan, count) {
      const { channelId, epoch } = orphan.channel
      writer.begins(channelId, { epoch, count })
      if (!adoption.take(orphan)) runs.release(channelId).catch(() => undefined)
    },
    onBeat(partition, everyMs, policy) {
      ear.expect(partition, everyMs)
      rollCall.beginAgain(partition)
      if (policy !== '' && eviction === 'none') onError(evicts(policy))
      eviction = policy === '' ? 'none' : 'told'
      vigil.lookAtSome(partition, everyMs, eviction === 'none' ? ROUND_MS : EVICTION_ROUND_MS)
    },
  })
  const writer = createChannelWriter({
    coalesceMs: settings.coalesceMs,
    maxPendingBytes: settings.maxPendingBytes,
    send,
    claimOf: runs.claimOf,
    onLost(channelId) {
      runs.abandon(channelId)
      news.hearIfWatched(channelId)
    },
    onAnswer(write, answer) {
      if (answer[0] === 'ok' && write.outcome) recent.add(write)
      news.ofWrite(write, answer)
    },
  })
  const rollCall = createRollCall({
    ...{ calls, ends: recent, stops, send },
    reconcile: membership.reconcile,
    lookAtAll: vigil.lookAtAll,
  })
  const infoOf = async (channelId: string) =>
    (await reading.infos(calls.partition(channelId), [channelId]))[0]
  const names = createNames({ calls, infoOf })
  const quotas = createQuotas({
    calls,
    statesOf: (channelIds) =>
      Promise.all(
        channelIds.map(async (id) => {
          const status = await statusOf(id)
          if (!status) return 'none'
          return status === 'active' ? 'active' : 'ended'
        }),
      ),
  })
  const create = createCreating({
    ...{ calls, connectionOf, runs, writer, quotas, node, leaseMs, statusOf, doubt: membership.doubt },
    maxChannels: settings.maxChannels,
  })
  for (const partition of partitions) void busOf(partition).hear(partition, nodeNews(partition) + node)

  const newsOf = (channelId: string) => channelNews(calls.partition(channelId), channelId)

  async function positionOf(channelId: string): Promise<Found | undefined> {
    const partition = calls.partition(channelId)
    const answer = await calls.many(partition, statusScript, [channelId], (id) => [id, '', '', '0'])
    return answer[1] as Found | undefined
  }

  async function statusOf(channelId: string) {
    return (await positionOf(channelId))?.[0]
  }

  function subscribe(channelId: string) {
    const partition = calls.partition(channelId)
    return busOf(partition).hear(partition, newsOf(channelId))
  }

  function leave(channelId: string) {
    const partition = calls.partition(channelId)
    busOf(partition).leave(partition, newsOf(channelId))
  }

  async function hear(channelId: string) {
    const hearing = subscribe(channelId).then(() => 'heard' as const)
    if ((await within(offlineMs, 'late', hearing)) === 'late') throw troubles.unanswered(undefined)
  }

  function heard(partition: Partition, channel: string, message: string) {
    if (channel !== nodeNews(partition) + node)
      return news.ofChannel(channel.slice(channelNews(partition, '').length), message)
    if (message === 'b') ear.heard(partition)
    else news.ofNode(message)
  }

  return {
    create,

    append(channelId, events, outcome) {
      if (events.some((event) => eventBytes(event) > bounds.maxBytes))
        return Promise.reject(new ChannelError('EVENT_TOO_LARGE'))
      return writer.append(channelId, events, outcome)
    },

    async finish(channelId) {
      const answer = await calls.one(channelId, finishScript, { how: 'closing', only: '', stem: '' })
      const [, status, stem] = answer as unknown as readonly [string, string, string]
      const ended = (status === '' ? 'expired' : status) as EndedStatus
      if (stem !== '') stops.add({ channelId, stem })
      news.over(channelId, ended)
      return ended
    },

    read: reading.read,

    follow: tails.follow,

    onEnd: news.onEnd,

    adopt: adoption.add,

    async release(channelId) {
      await runs.release(channelId)
      news.hearIfWatched(channelId)
    },

    info: infoOf,

    list: reading.list,

    async countActive() {
      const counts = await Promise.all(
        partitions.map(async (partition) =>
          Number((await calls.ask(partition, countScript, { keys: partition.keys, args: {} }))[1]),
        ),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },

    async remove(channelId, epoch = '') {
      const answer = await calls.one(channelId, removeScript, { stem: partsOf(epoch)[0] })
      const [, removed, quota] = answer as unknown as readonly [string, string, string]
      if (quota) await quotas.release(quota, channelId)
      if (epoch === '' || removed === '1') news.over(channelId, 'expired')
      return removed === '1'
    },

    keptMs: () =>
      eviction === 'told' ? 0 : Math.max(0, Math.min(bounds.tombstoneMs, fence.knownForMs(partitions))),

    point: names.point,
    pointed: names.pointed,

    ready: () => anyReady({ partitions, calls, publish, connectionOf }),

    close: () => (closed = closed ?? close()),
  }

  async function close() {
    state = 'leaving'
    news.close()
    tails.close()
    servers.hangUp()
    const leaving = membership.leave().catch((error: ChannelError) => {
      if (state === 'leaving') onError(error)
    })
    await within(LEAVE_MS, undefined, leaving)
    state = 'closed'
    servers.close()
  }
}

const evicts = (policy: string) =>
  new ChannelError('SERVER_ERROR', `Redis throws keys away when it is full (${policy}). Use noeviction.`)
