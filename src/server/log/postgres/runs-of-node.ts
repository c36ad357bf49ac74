import { randomBytes } from 'node:crypto'
import type { Orphan } from '../event-log.js'
import { readChannelInfo, type RawChannel } from '../shared/entry.js'
import type { Pool } from './postgres-pool.js'
import type { statementsOf } from './statements.js'

export interface RunsOfNodeOptions {
  readonly pool: Pool
  readonly sql: ReturnType<typeof statementsOf>
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

/** This node among the others: what it runs, its lease, and what becomes of the runs of those that are dead. */
export interface RunsOfNode {
  /** From before it is created until it has ended. */
  own(channelId: string): void
  disown(channelId: string): void
  owns(channelId: string): boolean
  /** How often a run of this node was taken over; '' for what is none. */
  claimOf(channelId: string): string
  /** This node will write no more of a run: another goes on with it, or it ends as lost, once Postgres can be reached. */
  abandon(channelId: string): void
  /** Likewise, and waits for it. */
  release(channelId: string): Promise<void>
  /** Gives up what it still runs, and goes. */
  leave(): Promise<void>
}

/** What part of `leaseMs` a lease is. */
export const LEASE_PART = 0.7
const SOON_MS = 50

export function createRunsOfNode(options: RunsOfNodeOptions): RunsOfNode {
  const { pool, sql, node, bounds, leaseMs, takeoverMs, resumable, onClaimed, onBeat } = options
  const owned = new Map<string, string>()
  const abandoned = new Set<string>()
  let state: 'beating' | 'left' = 'beating'
  let timer: NodeJS.Timeout | undefined
  let beating = beat()
  const isBeating = () => state === 'beating'

  async function ask<T>(text: string, values: readonly unknown[]): Promise<T> {
    const [row] = (await pool.ask(text, values)) as readonly { readonly a: T }[]
    return row?.a as T
  }

  const give = async (channelId: string) => {
    await ask(sql.finish, [channelId, node, 'lost', node, bounds])
    abandoned.delete(channelId)
  }

  async function beat() {
    // The caller has it in hand before anything is told.
    await Promise.resolve()
    let delayMs = leaseMs / 10
    try {
      const lease = Math.round(leaseMs * LEASE_PART)
      const [lost, more] = await ask<readonly [readonly [string, string][], boolean]>(sql.beat, [
        node,
        lease,
        bounds,
      ])
      for (const channelId of [...abandoned]) await give(channelId)
      for (const [dead, channelId] of lost) await claim(channelId, dead)
      if (more) delayMs = Math.min(delayMs, SOON_MS)
      onBeat()
    } catch {
      // Reported by the pool; the next beat comes anyway.
    }
    if (isBeating()) timer = setTimeout(() => (beating = beat()), delayMs).unref()
  }

  async function claim(channelId: string, dead: string) {
    const nonce = randomBytes(9).toString('hex')
    const values = [channelId, dead, node, nonce, resumable(), takeoverMs, bounds]
    const answer = await ask<ClaimAnswer | readonly ['none']>(sql.claim, values)
    if (answer[0] !== 'claimed') return
    const [, raw, claims, name, input] = answer
    owned.set(channelId, String(claims))
    abandoned.delete(channelId)
    onClaimed({ channel: readChannelInfo(channelId, raw), resume: { name, input } }, Number(raw[9]))
  }

  return {
    own: (channelId) => void owned.set(channelId, '0'),
    disown: (channelId) => void owned.delete(channelId),
    owns: (channelId) => owned.has(channelId),
    claimOf: (channelId) => owned.get(channelId) ?? '',
    abandon(channelId) {
      if (!owned.delete(channelId)) return
      abandoned.add(channelId)
      give(channelId).catch(() => undefined)
    },
    async release(channelId) {
      owned.delete(channelId)
      abandoned.add(channelId)
      await give(channelId)
    },
    async leave() {
      state = 'left'
      clearTimeout(timer)
      await beating
      await Promise.all([...owned.keys(), ...abandoned].map(give))
      await pool.ask(sql.farewell, [node])
    },
  }
}

type ClaimAnswer = readonly ['claimed', channel: RawChannel, claims: number, name: string, input: string]
