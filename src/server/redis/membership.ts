import type { ChannelCalls } from './channel-calls.js'
import { finishScript, tidyScript } from './lua/end-scripts.js'
import { runsScript } from './lua/look-scripts.js'
import { beatScript, farewellScript, FOUND_AT_ONCE } from './lua/node-scripts.js'
import { channelNews, nodeNews, type Partition } from './partitions.js'

export interface MembershipOptions {
  readonly calls: ChannelCalls
  readonly publish: 'PUBLISH' | 'SPUBLISH'
  readonly node: string
  readonly leaseMs: number
  /** A beat was answered: what it published must be heard. `eviction`: by what Redis throws keys away, or ''. */
  readonly onBeat: (partition: Partition, everyMs: number, eviction: string) => void
}

/**
 * This node among the others, in every partition: renews its lease, ends the runs of those that are dead, cleans up.
 * A lease runs out after 0.7 of `leaseMs` and is looked at every tenth, so that the rest is left for the news to travel.
 */
export interface Membership {
  /** A run of this node, from before it is created until it has ended. */
  own(channelId: string): void
  disown(channelId: string): void
  owns(channelId: string): boolean
  /** Runs of this node, now. */
  owned(): readonly string[]
  /** This node will write no more of a run. It is ended as soon as Redis can be reached. */
  abandon(channelId: string): void
  /** Ends what Redis takes for a run of this node and is none: its end was lost. */
  reconcile(partition: Partition): Promise<void>
  /** Ends what it still runs and forgets this node. */
  leave(): Promise<void>
}

/** What part of `leaseMs` a lease is. */
export const LEASE_PART = 0.7
/** To the next beat while there is more to clean up than one finds, in milliseconds. */
const SOON_MS = 50
/** Channels that one script cleans up: a millisecond or so. */
const TIDY_AT_ONCE = 25

export function createMembership(options: MembershipOptions): Membership {
  const { calls, publish, node, leaseMs, onBeat } = options
  const owned = new Set<string>()
  const abandoned = new Set<string>()
  const everyMs = leaseMs / 10
  const lease = Math.round(leaseMs * LEASE_PART)
  let state: 'beating' | 'left' = 'beating'
  const isBeating = () => state === 'beating'
  const timers = new Map<Partition, NodeJS.Timeout>()
  const beating = new Map<Partition, Promise<void>>()
  for (const partition of calls.partitions) schedule(partition, 0)

  function schedule(partition: Partition, delayMs: number) {
    const run = () => void beating.set(partition, beat(partition))
    if (delayMs === 0) run()
    else timers.set(partition, setTimeout(run, delayMs).unref())
  }

  async function beat(partition: Partition) {
    let delayMs = everyMs
    try {
      const args = { publish, node, node_news: nodeNews(partition), lease_ms: lease }
      const answer = await calls.ask(partition, beatScript, { keys: partition.keys, args })
      const [, lost, due, some, eviction] = answer as unknown as BeatAnswer
      onBeat(partition, everyMs, eviction)
      for (const id of abandoned) if (calls.partition(id) === partition) await give(id)
      for (const run of lost) {
        const [dead = '', channelId = ''] = run.split('/')
        await end(channelId, dead, 'dead')
      }
      for (let at = 0; at < due.length + some.length; at += TIDY_AT_ONCE)
        await tidy(partition, [...due, ...some].slice(at, at + TIDY_AT_ONCE))
      if (Math.max(due.length, lost.length) >= FOUND_AT_ONCE) delayMs = Math.min(everyMs, SOON_MS)
    } catch {
      // Reported by the connection; the next beat comes anyway.
    }
    if (isBeating()) schedule(partition, delayMs)
  }

  const end = (channelId: string, only: string, dead: 'dead' | '') =>
    calls.one(channelId, finishScript, { how: 'lost', only, dead })

  async function give(channelId: string) {
    await end(channelId, node, '')
    abandoned.delete(channelId)
  }

  const tidy = (partition: Partition, channelIds: readonly string[]) =>
    calls.many(partition, tidyScript, channelIds, (id) => [id, channelNews(partition, id)])

  return {
    own: (channelId) => void owned.add(channelId),
    disown: (channelId) => void owned.delete(channelId),
    owns: (channelId) => owned.has(channelId),
    owned: () => [...owned],
    abandon(channelId) {
      if (!owned.delete(channelId)) return
      abandoned.add(channelId)
      // Where it is only this write that failed; else with the next beat.
      give(channelId).catch(() => undefined)
    },
    async reconcile(partition) {
      const { keys } = partition
      let offset = 0
      for (let found = FOUND_AT_ONCE; found === FOUND_AT_ONCE;) {
        const args = { of: node, offset, count: FOUND_AT_ONCE }
        const [, runs] = (await calls.ask(partition, runsScript, { keys, args })) as readonly [
          string,
          string[],
        ]
        found = runs.length
        for (const run of runs) {
          const channelId = run.slice(node.length + 1)
          if (owned.has(channelId)) offset++
          else await end(channelId, node, '')
        }
      }
    },
    async leave() {
      state = 'left'
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(beating.values())
      await Promise.all([...owned, ...abandoned].map((id) => end(id, node, '')))
      await Promise.all(
        calls.partitions.map((partition) =>
          calls.ask(partition, farewellScript, { keys: partition.keys, args: { node } }),
        ),
      )
    },
  }
}

type BeatAnswer = readonly [
  'ok',
  lost: readonly string[],
  due: readonly string[],
  some: readonly string[],
  eviction: string,
]
