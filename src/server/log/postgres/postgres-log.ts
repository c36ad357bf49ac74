import { randomBytes } from 'node:crypto'
import { ChannelError } from '../../../core/channel-error.js'
import type { Cursor } from '../../../core/cursor.js'
import { createEpoch } from '../../channel-id.js'
import type {
  ChannelInfo,
  EndedStatus,
  EventDraft,
  EventLog,
  NewChannel,
  Page,
  PageLimit,
} from '../event-log.js'
import { eventBytes } from '../shared/event-bytes.js'
import { quotaError } from '../shared/quota-error.js'
import { createAdoption } from '../shared/adoption.js'
import { createChannelWriter, type WriteAnswer } from '../shared/channel-writer.js'
import { createEndWatch } from '../shared/end-watch.js'
import { packEvents, readChannelInfo, type RawChannel } from '../shared/entry.js'
import { createOwnedRuns } from '../shared/owned-runs.js'
import { createRunNews } from '../shared/run-news.js'
import { createTails } from '../shared/tails.js'
import { within } from '../../within.js'
import { createListening } from './listening.js'
import { postgresSettings, type PostgresLogOptions } from './postgres-log-options.js'
import { pageOf, type ReadAnswer } from './page-of.js'
import { createPool, noAnswer } from './postgres-pool.js'
import { createNodeLease, LEASE_PART } from './node-lease.js'
import { statementsOf } from './statements.js'

/** How long a log that is closed tries to say so to Postgres, in milliseconds: its lease does, too. */
const LEAVE_MS = 2_000
/** What this node follows is looked at so often, in milliseconds. */
const ROUND_MS = 60_000

/**
 * Events in Postgres (12 or later), shared by all nodes of the same prefix, for those who have Postgres and no Redis.
 * Needs the package `pg`. Makes its tables and functions itself.
 *
 * What was acknowledged is as safe as Postgres makes it: with `synchronous_commit` on, a crash loses nothing. Fail over
 * to synchronous standbys only: what another kind has lost is not noticed.
 * @throws {ChannelError} BAD_OPTIONS
 * @see docs/server.md#postgres
 */
export function postgresLog(options: PostgresLogOptions): EventLog {
  const settings = postgresSettings(options)
  const { bounds, leaseMs, offlineMs, onError } = settings
  const sql = statementsOf(settings.prefix)
  const node = randomBytes(9).toString('hex')
  const pool = createPool({ connection: options.connection, ensure: sql.ensure, offlineMs, onError })
  const giveUp = (channelId: string) => pool.ask(sql.finish, [channelId, node, 'lost', node, bounds])
  const runs = createOwnedRuns(giveUp)
  const ends = createEndWatch()
  const adoption = createAdoption()
  let closed: Promise<void> | undefined
  let lookedAt = performance.now()
  let whole: { readonly forMs: number; readonly at: number } | undefined

  const listening = createListening({
    connect: pool.connect,
    onNotice(topic, payload) {
      const at = payload.indexOf(' ')
      const [first, rest] = [payload.slice(0, at), payload.slice(at + 1)]
      if (topic === sql.topicOfNode(node)) news.ofNode(payload)
      else if (rest === 'b') tails.behind(first)
      else news.ofChannel(first, rest)
    },
    onAgain: () => void lookAtAll().catch(() => undefined),
  })
  void listening.hear(sql.topicOfNode(node))
  const tails = createTails({
    async hear(channelId) {
      const hearing = listening.hear(sql.topicOf(channelId)).then(() => 'heard' as const)
      if ((await within(offlineMs, 'late', hearing)) === 'late') throw noAnswer()
    },
    leave: (channelId) => listening.leave(sql.topicOf(channelId)),
    async look(channelId) {
      const raw = await look(channelId)
      return raw && { status: raw[0], epoch: raw[2], nextSeq: Number(raw[9]) }
    },
    read: (channelId, after) => read(channelId, after, { maxEvents: 512, maxBytes: 256 * 1024 }),
  })
  const lease = createNodeLease({
    ...{ pool, sql, runs, node, bounds, leaseMs, end: giveUp },
    ...{ takeoverMs: settings.takeoverMs, resumable: adoption.names },
    onClaimed(orphan, count) {
      const { channelId, epoch } = orphan.channel
      writer.begins(channelId, { epoch, count })
      if (!adoption.take(orphan)) runs.release(channelId).catch(() => undefined)
    },
    onBeat() {
      listening.probe()
      if (performance.now() - lookedAt > ROUND_MS) void lookAtAll().catch(() => undefined)
      if (!whole) void learnSince().catch(() => undefined)
    },
  })
  const news = createRunNews({
    ...{ ends, tails, adoption, runs },
    hear: (channelId) => listening.hear(sql.topicOf(channelId)),
    leave: (channelId) => listening.leave(sql.topicOf(channelId)),
    look: lookAt,
  })
  const writer = createChannelWriter({
    coalesceMs: settings.coalesceMs,
    maxPendingBytes: settings.maxPendingBytes,
    claimOf: runs.claimOf,
    send: async ({ channelId, number, claim, outcome, chunks }) =>
      ask<WriteAnswer>(sql.append, [
        channelId,
        node,
        number,
        claim,
        outcome ?? '',
        JSON.stringify(chunks),
        bounds,
      ]),
    onLost(channelId) {
      runs.abandon(channelId)
      news.hearIfWatched(channelId)
    },
    onAnswer: news.ofWrite,
  })

  async function ask<T>(text: string, values: readonly unknown[]): Promise<T> {
    const [row] = (await pool.ask(text, values)) as readonly { readonly a: T }[]
    return row?.a as T
  }

  const look = (channelId: string) =>
    ask<RawChannel | null>(sql.look, [channelId, bounds]).then((raw) => raw ?? undefined)

  function lookAtAll() {
    lookedAt = performance.now()
    return lookAt([...new Set([...tails.followed(), ...ends.watched()])])
  }

  async function lookAt(channelIds: readonly string[]) {
    if (channelIds.length === 0) return
    const known = new Map(channelIds.map((id) => [id, tails.known(id)]))
    const rows = (await pool.ask(sql.states, [channelIds])) as readonly State[]
    const found = new Map(rows.map((row) => [row.id, row]))
    for (const channelId of channelIds) {
      const state = found.get(channelId)
      const before = known.get(channelId)
      if (!state || state.status === 'expired') {
        tails.gone(channelId)
        ends.tell(channelId, 'expired')
        continue
      }
      if (before && state.epoch !== before.epoch) tails.gone(channelId, before.epoch)
      else if (before && (Number(state.next) > before.count || state.status !== 'active'))
        tails.behind(channelId)
      if (state.status !== 'active') news.over(channelId, state.status as EndedStatus)
      else if (runs.owns(channelId) && (state.owner !== node || state.claims !== runs.claimOf(channelId)))
        news.moved(channelId)
    }
  }

  async function learnSince() {
    whole = { forMs: Number(await ask(sql.since, [])), at: performance.now() }
  }

  async function create(spec: NewChannel): Promise<ChannelInfo> {
    const { channelId, kind, format, metadata, timeoutMs, tombstone, ifLost, ifFinished, quota, resume } =
      spec
    const own = ifLost !== undefined && !runs.owns(channelId)
    if (own) runs.own(channelId)
    let answer: readonly [string, (RawChannel | string | null)?] = ['']
    try {
      const request = {
        ...{ id: channelId, kind, format, tombstone, node, metadata: JSON.stringify(metadata) },
        ...{ epoch: createEpoch(), nonce: randomBytes(9).toString('hex') },
        timeout: timeoutMs === Infinity ? null : Math.ceil(timeoutMs),
        quota: quota?.key ?? null,
        quotaMax: quota?.max === Infinity ? 1e15 : quota?.max,
        maxChannels: settings.maxChannels,
        owner: ifLost ? node : null,
        lease: Math.round(leaseMs * LEASE_PART),
        lost: packed(ifLost),
        closing: packed(ifFinished),
        resume: resume?.name ?? null,
        input: resume?.input ?? null,
      }
      answer = await ask(sql.create, [JSON.stringify(request), bounds])
    } finally {
      if (own && answer[0] !== 'ok') {
        runs.disown(channelId)
        // No answer, or of an earlier call that had none and was told to have failed.
        if (answer[0] === '' || (answer[0] === 'exists' && answer[1] === node)) lease.doubt()
      }
    }
    const [what, raw] = answer
    if (what === 'ok') {
      const info = readChannelInfo(channelId, raw as RawChannel)
      if (ifLost) writer.begins(channelId, { epoch: info.epoch, count: 0 })
      return info
    }
    if (what === 'exists') throw new ChannelError('CHANNEL_EXISTS')
    if (what === 'expired') throw new ChannelError('HISTORY_EXPIRED')
    throw what === 'quota' ? quotaError() : new ChannelError('SERVER_BUSY')
  }

  async function read(channelId: string, after: Cursor | undefined, limit: PageLimit): Promise<Page> {
    const [events, bytes] = [limit.maxEvents, limit.maxBytes].map((most) => Math.min(most, 1e15))
    const values = [channelId, after?.seq ?? -1, events, bytes, bounds]
    const answer = await ask<ReadAnswer | null>(sql.read, values)
    return answer ? pageOf(channelId, answer, after, limit) : { kind: 'none' }
  }

  async function close() {
    news.close()
    tails.close()
    const leaving = lease.leave().catch(() => undefined)
    await within(LEAVE_MS, undefined, leaving)
    listening.close()
    await pool.close()
  }

  return {
    create,
    append(channelId, events, outcome) {
      if (events.some((event) => eventBytes(event) > settings.maxBytes))
        return Promise.reject(new ChannelError('EVENT_TOO_LARGE'))
      return writer.append(channelId, events, outcome)
    },
    async finish(channelId) {
      const ended = await ask<EndedStatus>(sql.finish, [channelId, node, 'closing', '', bounds])
      news.over(channelId, ended)
      return ended
    },
    read,
    follow: tails.follow,
    onEnd: news.onEnd,
    async info(channelId) {
      const raw = await look(channelId)
      return raw && readChannelInfo(channelId, raw)
    },
    async list(status) {
      const rows =
        status === 'active' ? await pool.ask(sql.active, []) : await pool.ask(sql.expired, [bounds[3]])
      return (rows as readonly { readonly a: readonly [string, RawChannel] }[]).map(({ a: [id, raw] }) =>
        readChannelInfo(id, raw),
      )
    },
    countActive: async () => Number(await ask(sql.count, [])),
    async remove(channelId, epoch) {
      const removed = await ask<boolean>(sql.remove, [channelId, node, epoch ?? null])
      if (epoch === undefined || removed) news.over(channelId, 'expired')
      return removed
    },
    async point(name, channelId) {
      await pool.ask(sql.point, [name, channelId])
    },
    pointed: (name) => ask<string | undefined>(sql.pointed, [name]),
    adopt: adoption.add,
    async release(channelId) {
      await runs.release(channelId)
      news.hearIfWatched(channelId)
    },
    keptMs: () => (whole ? Math.min(settings.tombstoneMs, whole.forMs + performance.now() - whole.at) : 0),
    async ready() {
      await pool.ask(sql.touch, [])
    },
    close: () => (closed = closed ?? close()),
  }
}

interface State {
  readonly id: string
  readonly status: string
  readonly epoch: string
  readonly next: string
  readonly owner: string
  readonly claims: string
}

const packed = (events: readonly EventDraft[] | undefined) => (events ? packEvents(events) : null)
