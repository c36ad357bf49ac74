import type { ChannelError } from '../../../core/channel-error.js'
import type { Write, WriteAnswer } from '../shared/channel-writer.js'
import { partsOf } from '../shared/entry.js'
import type { ChannelCalls } from './channel-calls.js'
import { appendScript, endScript } from './lua/append-script.js'
import { channelNews, type Partition } from './partitions.js'

export interface WriteBatchesOptions {
  readonly calls: ChannelCalls
  /** Redis refused a write to one channel, and took the others. */
  readonly refused: (partition: Partition, cause: Error) => ChannelError
}

interface Waiting {
  readonly write: Write
  readonly resolve: (answer: WriteAnswer) => void
  readonly reject: (thrown: unknown) => void
}

/** Of one script, so that it keeps Redis from others for about a millisecond: entries of streams, and characters. */
const MAX_ENTRIES = 32
const MAX_CHARS = 256 * 1024

/** Of `packEvents`, for one entry. */
const FIELDS = 4

/**
 * Writes to any number of channels, those of one turn together. One write of a channel is to be on its way at a time:
 * several may come in any order.
 */
export function createWriteBatches({
  calls,
  refused,
}: WriteBatchesOptions): (write: Write) => Promise<WriteAnswer> {
  /** By what they go with: a script of a partition. */
  const queues = { ends: new Map<Partition, Waiting[]>(), appends: new Map<Partition, Waiting[]>() }
  let flush: 'none' | 'set' = 'none'

  function sendAll() {
    flush = 'none'
    for (const [kind, queue] of Object.entries(queues) as [
      keyof typeof queues,
      Map<Partition, Waiting[]>,
    ][]) {
      for (const [partition, all] of queue)
        for (const batch of batchesOf(all)) void send(partition, kind, batch)
      queue.clear()
    }
  }

  async function send(partition: Partition, kind: keyof typeof queues, batch: readonly Waiting[]) {
    const script = kind === 'ends' ? endScript : appendScript
    try {
      const [, ...answers] = (await calls.many(
        partition,
        script,
        batch.map(({ write }) => write.channelId),
        (_id, index) => argsOf((batch[index] as Waiting).write),
        { news_base: channelNews(partition, '') },
      )) as unknown as [string, ...(WriteAnswer | readonly ['failed', string])[]]
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index]
        if (answer && answer[0] !== 'failed') resolve(answer)
        else reject(refused(partition, new Error(answer?.[1] ?? 'No answer.')))
      }
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown)
    }
  }

  return (write) =>
    new Promise((resolve, reject) => {
      const queue = write.outcome ? queues.ends : queues.appends
      const partition = calls.partition(write.channelId)
      const waiting = queue.get(partition)
      if (waiting) waiting.push({ write, resolve, reject })
      else queue.set(partition, [{ write, resolve, reject }])
      if (flush === 'set') return
      flush = 'set'
      queueMicrotask(sendAll)
    })
}

function batchesOf(all: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const batches: Waiting[][] = []
  let entries = Infinity
  let chars = 0
  for (const waiting of all) {
    const { chunks } = waiting.write
    const more = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    if (entries + chunks.length / FIELDS > MAX_ENTRIES || chars + more > MAX_CHARS) {
      batches.push([])
      entries = chars = 0
    }
    batches[batches.length - 1]?.push(waiting)
    entries += chunks.length / FIELDS
    chars += more
  }
  return batches
}

/** As the script takes them. */
function argsOf({ channelId, number, known, claim, outcome, chunks }: Write): readonly string[] {
  const [epoch, generation] = partsOf(known?.epoch ?? '')
  const words = ` ${number} ${known?.count ?? 0} ${epoch} ${generation} ${claim} ${outcome ?? ''} ${chunks.length}`
  return [channelId, words, ...chunks]
}
