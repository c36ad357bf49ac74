import { inSlices } from '../shared/in-slices.js'
import type { Write } from '../shared/channel-writer.js'
import type { ChannelCalls } from './channel-calls.js'
import { finishScript } from './lua/end-scripts.js'
import type { Partition } from './partitions.js'
import type { RecentEnds } from './recent-ends.js'
import type { RecentStops } from './recent-stops.js'

export interface RollCallOptions {
  readonly calls: ChannelCalls
  readonly ends: RecentEnds
  readonly stops: RecentStops
  readonly send: (write: Write) => Promise<unknown>
  /** Compares the runs of this node with what Redis takes for them. */
  readonly reconcile: (partition: Partition) => Promise<void>
  /** Compares what this node follows with what there is. */
  readonly lookAtAll: (partition: Partition) => Promise<void>
}

/** Redis is another one: what was acknowledged and is not there any more is told, or written again. */
export interface RollCall {
  begin(partition: Partition): void
  /** Where Redis went away in the middle of it. */
  beginAgain(partition: Partition): void
}

/** Of what is written again. */
const AT_ONCE = 50

export function createRollCall(options: RollCallOptions): RollCall {
  const { calls, ends, stops, send, reconcile, lookAtAll } = options
  const unfinished = new Set<Partition>()

  async function call(partition: Partition) {
    const isHere = ({ channelId }: { readonly channelId: string }) => calls.partition(channelId) === partition
    await inSlices(ends.all().filter(isHere), AT_ONCE, send)
    await inSlices(stops.all().filter(isHere), AT_ONCE, ({ channelId, stem }) =>
      calls.one(channelId, finishScript, { how: 'closing', only: '', stem }),
    )
    await reconcile(partition)
    await lookAtAll(partition)
  }

  function begin(partition: Partition) {
    unfinished.delete(partition)
    call(partition).catch(() => unfinished.add(partition))
  }

  return {
    begin,
    beginAgain(partition) {
      if (unfinished.has(partition)) begin(partition)
    },
  }
}
