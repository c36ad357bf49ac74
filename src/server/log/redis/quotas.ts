import { quotaError } from '../shared/quota-error.js'
import type { ChannelCalls } from './channel-calls.js'
import { quotaScript } from './lua/quota-script.js'
import { partitionOf } from './partitions.js'

export interface QuotasOptions {
  readonly calls: ChannelCalls
  /** Of each: whether it is active, has ended, or is not there. */
  readonly statesOf: (channelIds: readonly string[]) => Promise<readonly ('active' | 'ended' | 'none')[]>
}

/**
 * Channels that count for a quota, by its key: a set that may hold some that ended. Only when it is full it is asked
 * which: nobody has to tell it of every end, and what was lost with a Redis counts no longer.
 */
export interface Quotas {
  /**
   * Counts a channel that is going to be created.
   * @returns its undo, for when it is not
   * @throws {ChannelError} RATE_LIMITED
   */
  take(key: string, max: number, channelId: string): Promise<() => Promise<void>>
  release(key: string, channelId: string): Promise<void>
}

/** So long a channel may take from its counting to its creation, in milliseconds. */
const CREATED_MS = 60_000

export function createQuotas({ calls, statesOf }: QuotasOptions): Quotas {
  function ask(key: string, channelId: string, max: number, without: readonly string[]) {
    const partition = partitionOf(calls.partitions, key)
    const keys = { fence: partition.keys.fence, quota: `${partition.base}q:${key}` }
    return calls.ask(partition, quotaScript, { keys, args: { channel: channelId, max }, more: without })
  }

  async function release(key: string, channelId: string) {
    await ask(key, channelId, 0, [channelId])
  }

  async function take(key: string, max: number, channelId: string) {
    if (max < 1) throw quotaError()
    let answer = await ask(key, channelId, max, [])
    if (answer[0] === 'over') {
      const counted = answer.slice(1) as (readonly [channelId: string, ageMs: string])[]
      const states = await statesOf(counted.map(([id]) => id))
      const over = counted.filter(
        ([, ageMs], i) => states[i] === 'ended' || (states[i] === 'none' && Number(ageMs) > CREATED_MS),
      )
      if (over.length === 0) throw quotaError()
      answer = await ask(
        key,
        channelId,
        max,
        over.map(([id]) => id),
      )
    }
    if (answer[0] === 'over') throw quotaError()
    // Another call counted it already, and may need it.
    return answer[0] === 'held' ? async () => undefined : () => release(key, channelId)
  }

  return { take, release }
}
