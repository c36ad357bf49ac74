import { randomBytes } from 'node:crypto'
import type { Orphan } from '../event-log.js'
import { readChannelInfo, type RawChannel } from '../shared/entry.js'
import { inSlices } from '../shared/in-slices.js'
import type { OwnedRuns } from '../shared/owned-runs.js'
import { createPulse } from '../shared/pulse.js'
import type { Pool } from './postgres-pool.js'
import type { statementsOf } from './statements.js'

export interface NodeLeaseOptions {
  readonly pool: Pool
  readonly sql: ReturnType<typeof statementsOf>
  readonly runs: OwnedRuns
  /** Ends a run of this node as lost, or hands it over. */
  readonly end: (channelId: string) => Promise<unknown>
  readonly node: string
  readonly bounds: readonly number[]
  readonly leaseMs: number
  readonly takeoverMs: number
  /** Of the runs that this node can go on with. */
  readonly resumable: () => readonly string[]
  /** A run of a dead node is this one's now. @param count events of it there are */
  readonly onClaimed: (orphan: Orphan, count: number) => void
  readonly onBeat: () => void
}

/** This node among the others: renews its lease, and ends or takes over the runs of those that are dead. */
export interface NodeLease {
  /** Postgres may take a run for one of this node that is none: with the next beat it is compared. */
  doubt(): void
  /** Gives up what it still runs, and goes. */
  leave(): Promise<void>
}

/** What part of `leaseMs` a lease is. */
export const LEASE_PART = 0.7
const SOON_MS = 50
/** Runs of dead nodes that are asked for together. */
const CLAIMED_AT_ONCE = 10

export function createNodeLease(options: NodeLeaseOptions): NodeLease {
  const { pool, sql, runs, end, node, bounds, leaseMs, takeoverMs, resumable, onClaimed, onBeat } = options
  const lease = Math.round(leaseMs * LEASE_PART)
  let owned: 'known' | 'doubted' = 'known'
  const pulse = createPulse({ everyMs: leaseMs / 10, soonMs: SOON_MS, beat, tend })

  async function ask<T>(text: string, values: readonly unknown[]): Promise<T> {
    const [row] = (await pool.ask(text, values)) as readonly { readonly a: T }[]
    return row?.a as T
  }

  async function beat() {
    const answer = await ask<BeatAnswer>(sql.beat, [node, lease, bounds])
    onBeat()
    return answer
  }

  async function tend([lost, isMore]: BeatAnswer) {
    await runs.giveUp()
    if (owned === 'doubted') await reconcile()
    await inSlices(lost, CLAIMED_AT_ONCE, claim)
    return isMore ? 'more' : 'done'
  }

  async function reconcile() {
    owned = 'known'
    const rows = (await unlessLost(pool.ask(sql.owned, [node]))) as readonly { readonly a: string }[]
    const none = rows.map(({ a }) => a).filter((channelId) => !runs.owns(channelId))
    await unlessLost(inSlices(none, CLAIMED_AT_ONCE, end))
  }

  /** Where its answer never comes, what it did is found out with the next beat. */
  async function unlessLost<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      owned = 'doubted'
      throw error
    })
  }

  async function claim([dead, channelId]: readonly [string, string]) {
    const nonce = randomBytes(9).toString('hex')
    const values = [channelId, dead, node, nonce, resumable(), takeoverMs, bounds]
    const answer = await unlessLost(ask<ClaimAnswer | readonly ['none']>(sql.claim, values))
    if (answer[0] !== 'claimed') return
    const [, raw, claims, name, input] = answer
    runs.claimed(channelId, String(claims))
    onClaimed({ channel: readChannelInfo(channelId, raw), resume: { name, input } }, Number(raw[9]))
  }

  return {
    doubt: () => void (owned = 'doubted'),
    async leave() {
      await pulse.stop()
      await runs.leave()
      await pool.ask(sql.farewell, [node])
    },
  }
}

/** Runs of dead nodes, each with its node, and whether there are more of them. */
type BeatAnswer = readonly [lost: readonly (readonly [dead: string, channelId: string])[], isMore: boolean]

type ClaimAnswer = readonly ['claimed', channel: RawChannel, claims: number, name: string, input: string]
