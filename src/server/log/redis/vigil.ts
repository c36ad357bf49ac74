import type { EndedStatus } from '../event-log.js'
import type { ChannelCalls } from './channel-calls.js'
import type { EndWatch } from '../shared/end-watch.js'
import { partsOf } from '../shared/entry.js'
import { disownScript } from './lua/end-scripts.js'
import { statusScript } from './lua/look-scripts.js'
import type { Partition } from './partitions.js'
import type { Tails } from '../shared/tails.js'

export interface VigilOptions {
  readonly calls: ChannelCalls
  readonly tails: Tails
  readonly ends: EndWatch
  /** Who a run that is active belongs to: a node, or '' for none; and how often it was taken over. */
  readonly onOwner: (channelId: string, owner: string, claims: string) => void
}

/** Looks whether channels are still what this node believes: what is published may be missed, or lost by Redis. */
export interface Vigil {
  look(channelIds: readonly string[]): Promise<void>
  /** All that this node follows or waits for. */
  lookAtAll(partition: Partition): Promise<void>
  /** A few of them, so that all are looked at in `roundMs` when it is called every so often. */
  lookAtSome(partition: Partition, everyMs: number, roundMs: number): void
}

export type Found = readonly [
  status: string,
  stem: string,
  generation: string,
  next: string,
  lost: string,
  owner: string,
  claims: string,
]

const AT_ONCE = 100

export function createVigil({ calls, tails, ends, onOwner }: VigilOptions): Vigil {
  const rounds = new Map<Partition, { left: string[]; beganAt: number; size: number }>()

  const watched = (partition: Partition) =>
    [...new Set([...tails.followed(), ...ends.watched()])].filter((id) => calls.partition(id) === partition)

  async function lookIn(partition: Partition, channelIds: readonly string[]) {
    // What came before it is asked must be there when it is: what comes meanwhile is no sign of a loss.
    const known = new Map(channelIds.map((id) => [id, tails.known(id)]))
    const answer = await calls.many(partition, statusScript, channelIds, (id) => {
      const position = known.get(id)
      const [stem, generation] = partsOf(position?.epoch ?? '')
      return [id, stem, generation, String(position?.count ?? 0)]
    })
    const found = answer.slice(1) as Found[]
    for (const [index, channelId] of channelIds.entries()) {
      const state = found[index]
      if (state) await settle(channelId, state, known.get(channelId))
    }
  }

  async function settle(channelId: string, found: Found, known: ReturnType<Tails['known']>) {
    const [status, stem, , next, lost, owner, claims] = found
    const [knownStem, generation] = partsOf(known?.epoch ?? '')
    if (known && lost) {
      const args = { known_epoch: knownStem, known_gen: generation, known_count: known.count }
      await calls.one(channelId, disownScript, args)
      return tails.gone(channelId)
    }
    if (status === '' || status === 'expired') tails.gone(channelId)
    else if (known && stem !== knownStem) tails.gone(channelId, knownStem)
    // The end of one that ended may be no event.
    else if (known && (Number(next) > known.count || status !== 'active')) tails.behind(channelId)
    if (status === 'active') onOwner(channelId, owner, claims)
    else ends.tell(channelId, status === '' ? 'expired' : (status as EndedStatus))
  }

  async function lookAtEach(partition: Partition, channelIds: readonly string[]) {
    for (let at = 0; at < channelIds.length; at += AT_ONCE)
      await lookIn(partition, channelIds.slice(at, at + AT_ONCE))
  }

  return {
    async look(channelIds) {
      for (const partition of new Set(channelIds.map(calls.partition)))
        await lookAtEach(
          partition,
          channelIds.filter((id) => calls.partition(id) === partition),
        )
    },
    lookAtAll: (partition) => lookAtEach(partition, watched(partition)),
    lookAtSome(partition, everyMs, roundMs) {
      let round = rounds.get(partition)
      const now = performance.now()
      if (!round || (round.left.length === 0 && now - round.beganAt > roundMs)) {
        const left = watched(partition)
        rounds.set(partition, (round = { left, beganAt: now, size: left.length }))
      }
      const some = round.left.splice(0, Math.ceil((round.size * everyMs) / roundMs))
      // A failure is reported by the connection, and the next round is the next occasion.
      if (some.length > 0) lookAtEach(partition, some).catch(() => undefined)
    },
  }
}
