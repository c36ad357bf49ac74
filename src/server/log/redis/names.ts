import type { ChannelInfo } from '../event-log.js'
import type { ChannelCalls } from './channel-calls.js'
import { pointedScript, pointScript } from './lua/name-scripts.js'

export interface NamesOptions {
  readonly calls: ChannelCalls
  readonly infoOf: (channelId: string) => Promise<ChannelInfo | undefined>
}

/** Names that point at channels, each in the partition of the name: the channel may be in another. */
export interface Names {
  point(name: string, channelId: string): Promise<void>
  pointed(name: string): Promise<string | undefined>
}

/** A name is kept for so long at the most, in milliseconds: longer than channels usually are. */
const KEPT_MS = 7 * 86_400_000

export function createNames({ calls, infoOf }: NamesOptions): Names {
  const keysOf = (name: string) => {
    const { base, keys } = calls.partition(name)
    return { fence: keys.fence, name: `${base}p:${name}` }
  }

  return {
    async point(name, channelId) {
      const args = { channel: channelId, kept_ms: KEPT_MS }
      await calls.ask(calls.partition(name), pointScript, { keys: keysOf(name), args })
    },

    async pointed(name) {
      const [, channelId] = await calls.ask(calls.partition(name), pointedScript, {
        keys: keysOf(name),
        args: {},
      })
      if (typeof channelId !== 'string' || channelId === '') return undefined
      const info = await infoOf(channelId)
      return info && info.status !== 'expired' ? channelId : undefined
    },
  }
}
