import type { Asked, Answer, Fence } from './fence.js'
import type { Partition } from './partitions.js'
import { channelKeys, channelNews, metaKey, nodeNews, partitionOf, streamKey } from './partitions.js'
import type { CHANNEL_ARGS } from './lua/channel-lua.js'
import { CHANNEL_KEYS } from './lua/channel-lua.js'
import type { Script } from './script.js'

export interface Bounds {
  readonly tombstoneMs: number
  readonly maxEvents: number
  readonly maxBytes: number
  readonly maxAgeMs: number
}

/** Scripts about channels, with what all of them are given. */
export interface ChannelCalls {
  readonly partitions: readonly Partition[]
  /** Of a channel, or of a user's quota. */
  partition(name: string): Partition
  one<Key extends string, Arg extends string>(
    channelId: string,
    script: Script<Key, Arg>,
    args: Readonly<Record<Exclude<Arg, CommonArg>, string | number>>,
    more?: readonly string[],
  ): Promise<Answer>
  /** @param more what the script takes of each channel: of the one with this id, at this place of the list */
  many<Key extends string, Arg extends string>(
    partition: Partition,
    script: Script<Key, Arg>,
    channelIds: readonly string[],
    more: (channelId: string, index: number) => readonly string[],
    args?: Readonly<Record<Exclude<Arg, CommonArg>, string | number>>,
  ): Promise<Answer>
  /** For scripts that are about no channel. */
  ask: Fence['ask']
}

type CommonArg = (typeof CHANNEL_ARGS)[number] | 'news' | 'channel'

export interface ChannelCallsOptions {
  readonly fence: Fence
  readonly partitions: readonly Partition[]
  readonly node: string
  readonly publish: 'PUBLISH' | 'SPUBLISH'
  readonly bounds: Bounds
}

export function createChannelCalls({
  fence,
  partitions,
  node,
  publish,
  bounds,
}: ChannelCallsOptions): ChannelCalls {
  const common = {
    publish,
    node,
    tombstone_ms: finite(bounds.tombstoneMs),
    max_events: finite(bounds.maxEvents),
    max_bytes: finite(bounds.maxBytes),
    max_age_ms: finite(bounds.maxAgeMs),
  }
  const partition = (name: string) => partitionOf(partitions, name)

  return {
    partitions,
    partition,
    ask: fence.ask,
    one(channelId, script, args, more = []) {
      const where = partition(channelId)
      const all = {
        ...common,
        node_news: nodeNews(where),
        news: channelNews(where, channelId),
        channel: channelId,
      }
      const call = {
        keys: { ...channelKeys(where, channelId) },
        args: { ...all, ...args },
        more,
      }
      return fence.ask(where, script as Script, call as Asked<string, string>)
    },
    many(where, script, channelIds, more, args) {
      const keys = Object.fromEntries(CHANNEL_KEYS.map((name) => [name, where.keys[name]]))
      return fence.ask(
        where,
        script as Script,
        {
          keys,
          args: { ...common, node_news: nodeNews(where), ...args },
          moreKeys: channelIds.flatMap((id) => [metaKey(where, id), streamKey(where, id)]),
          more: channelIds.flatMap(more),
        } as Asked<string, string>,
      )
    },
  }
}

/** Lua reads it as a number beyond every other. */
export const finite = (value: number) => (value === Infinity ? '1e300' : String(value))
