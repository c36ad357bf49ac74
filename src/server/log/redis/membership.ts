import { randomBytes } from 'node:crypto'
import type { Orphan } from '../event-log.js'
import { finite, type ChannelCalls } from './channel-calls.js'
import { readChannelInfo, type RawChannel } from '../shared/entry.js'
import { inSlices } from '../shared/in-slices.js'
import type { OwnedRuns } from '../shared/owned-runs.js'
import { createPulse } from '../shared/pulse.js'
import { claimScript } from './lua/claim-script.js'
import { makeRoomScript, tidyScript } from './lua/end-scripts.js'
import { runsScript } from './lua/look-scripts.js'
import { beatScript, farewellScript, FOUND_AT_ONCE } from './lua/node-scripts.js'
import { channelNews, nodeNews, type Partition } from './partitions.js'

export interface MembershipOptions {
  readonly calls: ChannelCalls
  readonly runs: OwnedRuns
  /** Ends a run of this node as lost, or hands it over. */
  readonly end: (channelId: string) => Promise<unknown>
  readonly publish: 'PUBLISH' | 'SPUBLISH'
  readonly node: string
  readonly leaseMs: number
  /** A beat was answered: what it published must be heard. `eviction`: by what Redis throws keys away, or ''. */
  readonly onBeat: (partition: Partition, everyMs: number, eviction: string) => void
  /** How long a run waits for a node that can go on with it, in milliseconds. */
  readonly takeoverMs: number
  /** Of the events of one partition: beyond so many bytes what ended first goes. */
  readonly budgetBytes: number
  /** Of the runs that this node can go on with. */
  readonly resumable: () => readonly string[]
  /** A run of a dead node is this one's now. @param count events of it there are */
  readonly onClaimed: (orphan: Orphan, count: number) => void
}

/**
 * This node among the others, in every partition: renews its lease, ends the runs of those that are dead, cleans up.
 * A lease runs out after 0.7 of `leaseMs` and is looked at every tenth, so that the rest is left for the news to travel.
 */
export interface Membership {
  /** Ends what Redis takes for a run of this node and is none: its end was lost. */
  reconcile(partition: Partition): Promise<void>
  /** The same with the next beat: an answer never came, so nobody knows what Redis did. */
  doubt(partition: Partition): void
  /** Ends what it still runs and forgets this node. */
  leave(): Promise<void>
}

/** What part of `leaseMs` a lease is. */
export const LEASE_PART = 0.7
/** To the next beat while there is more to clean up than one finds, in milliseconds. */
const SOON_MS = 50
/** Channels that one script cleans up: a millisecond or so. */
const TIDY_AT_ONCE = 25
/** All that one beat finds are asked for together: on a busy machine an answer takes seconds, and somebody waits for the last. */
const CLAIMED_AT_ONCE = FOUND_AT_ONCE

export function createMembership(options: MembershipOptions): Membership {
  const { calls, runs, end, publish, node, leaseMs, onBeat, takeoverMs, budgetBytes, resumable, onClaimed } =
    options
  const budget = finite(budgetBytes)
  const everyMs = leaseMs / 10
  const lease = Math.round(leaseMs * LEASE_PART)
  const doubted = new Set<Partition>()
  const pulses = calls.partitions.map((partition) =>
    createPulse({
      everyMs,
      soonMs: SOON_MS,
      beat: () => beat(partition),
      tend: (answer) => tend(partition, answer),
    }),
  )

  async function beat(partition: Partition) {
    const args = { publish, node, node_news: nodeNews(partition), lease_ms: lease, budget }
    const answer = (await calls.ask(partition, beatScript, { keys: partition.keys, args })) as unknown
    const [, , , , eviction] = answer as BeatAnswer
    onBeat(partition, everyMs, eviction)
    return answer as BeatAnswer
  }

  async function tend(partition: Partition, [, lost, due, some, , over]: BeatAnswer) {
    await runs.giveUp((id) => calls.partition(id) === partition)
    if (doubted.delete(partition)) await unlessLost(partition, reconcile(partition))
    await inSlices(lost, CLAIMED_AT_ONCE, claim)
    for (let at = 0; at < due.length + some.length; at += TIDY_AT_ONCE)
      await tidy(partition, [...due, ...some].slice(at, at + TIDY_AT_ONCE))
    if (over.length > 0) await makeRoom(partition, over)
    const isMore = over.length > 0 || Math.max(due.length, lost.length) >= FOUND_AT_ONCE
    return isMore ? 'more' : 'done'
  }

  /** A run of a dead node: taken over, left to others, or ended. */
  async function claim(run: string) {
    const [dead = '', channelId = ''] = run.split('/')
    const nonce = randomBytes(9).toString('hex')
    const args = { dead, nonce, lease_ms: lease, grace_ms: takeoverMs }
    const claiming = calls.one(channelId, claimScript, args, resumable())
    const answer = await unlessLost(calls.partition(channelId), claiming)
    if (answer[0] !== 'claimed') return
    const [, raw, claims, name, input] = answer as unknown as ClaimAnswer
    runs.claimed(channelId, claims)
    onClaimed({ channel: readChannelInfo(channelId, raw), resume: { name, input } }, Number(raw[9]))
  }

  /** Where its answer never comes, what it did is found out with the next beat. */
  async function unlessLost<T>(partition: Partition, answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      doubted.add(partition)
      throw error
    })
  }

  async function reconcile(partition: Partition) {
    const { keys } = partition
    let offset = 0
    for (let found = FOUND_AT_ONCE; found === FOUND_AT_ONCE;) {
      const args = { of: node, offset, count: FOUND_AT_ONCE }
      const [, theirs] = (await calls.ask(partition, runsScript, { keys, args })) as readonly [
        string,
        string[],
      ]
      found = theirs.length
      const none = theirs.map((run) => run.slice(node.length + 1)).filter((id) => !runs.owns(id))
      offset += theirs.length - none.length
      await inSlices(none, CLAIMED_AT_ONCE, end)
    }
  }

  async function makeRoom(partition: Partition, channelIds: readonly string[]) {
    const news = (id: string) => [id, channelNews(partition, id)]
    await calls.many(partition, makeRoomScript, channelIds, news, { budget })
  }

  const tidy = (partition: Partition, channelIds: readonly string[]) =>
    calls.many(partition, tidyScript, channelIds, (id) => [id, channelNews(partition, id)])

  return {
    reconcile,
    doubt: (partition) => void doubted.add(partition),
    async leave() {
      await Promise.all(pulses.map((pulse) => pulse.stop()))
      await runs.leave()
      await Promise.all(
        calls.partitions.map((partition) =>
          calls.ask(partition, farewellScript, { keys: partition.keys, args: { node } }),
        ),
      )
    },
  }
}

type ClaimAnswer = readonly ['claimed', channel: RawChannel, claims: string, name: string, input: string]

type BeatAnswer = readonly [
  'ok',
  lost: readonly string[],
  due: readonly string[],
  some: readonly string[],
  eviction: string,
  over: readonly string[],
]
