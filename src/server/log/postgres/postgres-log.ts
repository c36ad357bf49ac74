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
} from '../../event-log.js'
import { eventBytes } from '../../memory-channel.js'
import { quotaError } from '../../quota-error.js'
import { createAdoption } from '../../redis/adoption.js'
import { createChannelWriter, type WriteAnswer } from '../../redis/channel-writer.js'
import { createEndWatch } from '../../redis/end-watch.js'
import { packEvents, readChannelInfo, unpackEvents, type RawChannel } from '../../redis/entry.js'
import { createTails } from '../../redis/tails.js'
import { within } from '../../within.js'
import { createListening } from './listening.js'
import { postgresSettings, type PostgresLogOptions } from './postgres-log-options.js'
import { createPool } from './postgres-pool.js'
import { createRunsOfNode, LEASE_PART } from './runs-of-node.js'
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
      if (topic === sql.topicOfNode(node)) heardOfRun(payload)
      else if (rest === 'b') tails.behind(first)
      else heardOf(first, rest)
    },
    onAgain: () => void lookAtAll().catch(() => undefined),
  })
  void listening.hear(sql.topicOfNode(node))
  const tails = createTails({
    async hear(channelId) {
      const hearing = listening.hear(sql.topicOf(channelId)).then(() => 'heard' as const)
      if ((await within(offlineMs, 'late', hearing)) === 'late')
        throw new ChannelError('SERVER_ERROR', 'The event log cannot reach Postgres.')
    },
    leave: (channelId) => listening.leave(sql.topicOf(channelId)),
    async look(channelId) {
      const raw = await look(channelId)
      return raw && { status: raw[0], epoch: raw[2], nextSeq: Number(raw[9]) }
    },
    read: (channelId, after) => read(channelId, after, { maxEvents: 512, maxBytes: 256 * 1024 }),
  })
  const runs = createRunsOfNode({
    ...{ pool, sql, node, bounds, leaseMs, takeoverMs: settings.takeoverMs, resumable: adoption.names },
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
      hearIfWatched(channelId)
    },
    onAnswer(write, answer) {
      if (answer[0] === 'moved') {
        if (write.claim === runs.claimOf(write.channelId)) moved(write.channelId)
      } else if (answer[0] !== 'ok' || write.outcome)
        over(
          write.channelId,
          answer[0] === 'closed' ? (answer[1] as EndedStatus) : (write.outcome ?? 'expired'),
        )
    },
  })

  async function ask<T>(text: string, values: readonly unknown[]): Promise<T> {
    const [row] = (await pool.ask(text, values)) as readonly { readonly a: T }[]
    return row?.a as T
  }

  const look = (channelId: string) =>
    ask<RawChannel | null>(sql.look, [channelId, bounds]).then((raw) => raw ?? undefined)

  function heardOfRun(payload: string) {
    const [what, said = '', channelId = ''] = payload.split(' ')
    if (what === 'x') over(channelId, said as EndedStatus)
    else if (said === runs.claimOf(channelId)) moved(channelId)
  }

  function heardOf(channelId: string, message: string) {
    if (message.startsWith('g ')) {
      tails.gone(channelId, message.slice(2))
      if (ends.has(channelId)) over(channelId, 'expired')
      return
    }
    tails.published(channelId, message)
    const outcome = message.split(' ', 5)[4]
    if (outcome !== undefined && outcome !== '-') over(channelId, outcome as EndedStatus)
  }

  function over(channelId: string, status: EndedStatus) {
    runs.disown(channelId)
    ends.tell(channelId, status)
  }

  /** Another node goes on with a run of this one. */
  function moved(channelId: string) {
    runs.disown(channelId)
    adoption.taken(channelId)
    hearIfWatched(channelId)
  }

  function hearIfWatched(channelId: string) {
    if (ends.has(channelId)) ends.add(channelId, hearOfEnd(channelId))
  }

  /** For channels of other nodes: of its own a node is told. Returns its undo. */
  function hearOfEnd(channelId: string): () => void {
    const topic = sql.topicOf(channelId)
    let state: 'watching' | 'left' = 'watching'
    void listening
      .hear(topic)
      .then(() => lookAt([channelId]))
      .catch(() => undefined)
    return () => {
      if (state === 'watching') listening.leave(topic)
      state = 'left'
    }
  }

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
      if (state.status !== 'active') over(channelId, state.status as EndedStatus)
      else if (runs.owns(channelId) && (state.owner !== node || state.claims !== runs.claimOf(channelId)))
        moved(channelId)
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
    let answer: readonly [string, RawChannel?] = ['']
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
      if (own && answer[0] !== 'ok') runs.disown(channelId)
    }
    const [what, raw] = answer
    if (what === 'ok' && raw) {
      const info = readChannelInfo(channelId, raw)
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
    const answer = await ask<readonly [RawChannel, readonly (readonly [number, string])[]] | null>(
      sql.read,
      values,
    )
    if (!answer) return { kind: 'none' }
    const [raw, rows] = answer
    const channel = readChannelInfo(channelId, raw)
    const [first, next] = [Number(raw[8]), Number(raw[9])]
    const isActive = channel.status === 'active'
    // An ended channel has at least its end: to begin with nothing would hide that everything is gone.
    if (after === undefined && !isActive && first === next && next > 0) return { kind: 'gap', channel }
    if (after && after.epoch !== channel.epoch) return { kind: 'gap', channel }
    const seq = after ? after.seq + 1 : first
    if (seq > next) return { kind: 'ahead' }
    if (seq < first) return { kind: 'gap', channel }
    const all = rows
      .flatMap(([at, text]) => unpackEvents(text, at, () => channel.epoch))
      .slice(seq - (rows[0]?.[0] ?? seq))
    let taken = 0
    let size = 0
    for (const event of all) {
      size += eventBytes(event)
      if (taken > 0 && (taken >= limit.maxEvents || size > limit.maxBytes)) break
      taken++
    }
    const page = all.slice(0, taken)
    return { kind: 'events', channel, batch: { seq, events: page, ended: !isActive && seq + taken === next } }
  }

  async function close() {
    for (const channelId of ends.watched()) ends.tell(channelId, undefined)
    tails.close()
    const leaving = runs.leave().catch(() => undefined)
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
      over(channelId, ended)
      return ended
    },
    read,
    follow: tails.follow,
    onEnd(channelId, listener) {
      const undo = ends.add(channelId, listener)
      if (closed) {
        void Promise.resolve().then(() => ends.tell(channelId, undefined))
        return undo
      }
      if (runs.owns(channelId)) return undo
      const leave = hearOfEnd(channelId)
      ends.add(channelId, leave)
      return () => {
        undo()
        leave()
      }
    },
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
    async remove(channelId) {
      const removed = await ask<boolean>(sql.remove, [channelId, node])
      over(channelId, 'expired')
      return removed
    },
    async point(name, channelId) {
      await pool.ask(sql.point, [name, channelId])
    },
    pointed: (name) => ask<string | undefined>(sql.pointed, [name]),
    adopt: adoption.add,
    async release(channelId) {
      await runs.release(channelId)
      hearIfWatched(channelId)
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
