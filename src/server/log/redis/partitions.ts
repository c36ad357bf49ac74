import { crc16, SLOTS } from './key-slot.js'

/** Keys that one script may touch together: on Redis Cluster those of one slot. */
export interface Partition {
  readonly index: number
  /** What all of its keys begin with. */
  readonly base: string
  readonly keys: PartitionKeys
}

export interface PartitionKeys {
  /** Hash: which Redis this is, see docs/failover.md. */
  readonly fence: string
  /** Sorted by when they expire: channels that are active; those that ended; tombstones. */
  readonly live: string
  readonly kept: string
  readonly tombs: string
  /** Sorted by name: `<node>/<channel>` of every run that is active. */
  readonly owned: string
  /** Nodes, sorted by the end of their lease. */
  readonly nodes: string
}

/**
 * @param count 1 leaves the prefix as it is; more give each partition a hash tag of its own, whose slots lie evenly, so
 * that any number of masters that share the slots evenly share the partitions evenly
 */
export function createPartitions(prefix: string, count: number): readonly Partition[] {
  if (count === 1) return [partition(0, prefix)]
  return spreadTags(count).map((tag, index) =>
    // Redis takes the first braces of a key for its tag: those of the prefix must come after ours.
    partition(index, prefix.includes('{') ? `{${tag}}${prefix}` : `${prefix}{${tag}}`),
  )
}

export function partitionOf(partitions: readonly Partition[], name: string): Partition {
  return partitions[partitions.length === 1 ? 0 : crc16(name) % partitions.length] as Partition
}

function partition(index: number, base: string): Partition {
  const key = (name: string) => `${base}${name}`
  return {
    index,
    base,
    keys: {
      fence: key('fence'),
      live: key('live'),
      kept: key('kept'),
      tombs: key('tombs'),
      owned: key('owned'),
      nodes: key('nodes'),
    },
  }
}

/** The smallest numbers of which the n-th lies in the middle half of the n-th of `count` equal ranges of slots. */
function spreadTags(count: number): readonly string[] {
  const width = SLOTS / count
  const tags: string[] = []
  let missing = count
  for (let number = 0; missing > 0; number++) {
    const tag = String(number)
    const at = (crc16(tag) % SLOTS) / width
    const index = Math.floor(at)
    if (tags[index] !== undefined || Math.abs(at - index - 0.5) > 0.25) continue
    tags[index] = tag
    missing--
  }
  return tags
}

export interface ChannelKeys extends PartitionKeys {
  /** Hash: the channel. */
  readonly meta: string
  /** Its events. */
  readonly stream: string
}

export const metaKey = ({ base }: Partition, channelId: string) => `${base}m:${channelId}`
export const streamKey = ({ base }: Partition, channelId: string) => `${base}s:${channelId}`

export const channelKeys = (partition: Partition, channelId: string): ChannelKeys => ({
  ...partition.keys,
  meta: metaKey(partition, channelId),
  stream: streamKey(partition, channelId),
})

/** What is published about a channel goes here. */
export const channelNews = ({ base }: Partition, channelId: string) => `${base}c:${channelId}`
/** What one node must hear goes here, behind which comes its name. */
export const nodeNews = ({ base }: Partition) => `${base}n:`
