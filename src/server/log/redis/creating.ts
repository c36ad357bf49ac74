import { randomBytes } from 'node:crypto'
import { ChannelError } from '../../../core/channel-error.js'
import type { ChannelInfo, EventDraft, NewChannel } from '../event-log.js'
import { quotaError } from '../shared/quota-error.js'
import { finite, type ChannelCalls } from './channel-calls.js'
import type { ChannelWriter } from '../shared/channel-writer.js'
import type { Connection } from './connection.js'
import { packEvents, readChannelInfo, type RawChannel } from '../shared/entry.js'
import { createScript } from './lua/create-script.js'
import type { OwnedRuns } from '../shared/owned-runs.js'
import type { Partition } from './partitions.js'
import { LEASE_PART } from './membership.js'
import type { Quotas } from './quotas.js'

export interface CreatingOptions {
  readonly calls: ChannelCalls
  readonly connectionOf: (partition: Partition) => Connection
  readonly runs: OwnedRuns
  readonly writer: ChannelWriter
  readonly quotas: Quotas
  readonly node: string
  readonly leaseMs: number
  /** In one partition. */
  readonly maxChannels: number
  /** Redis may take a run for one of this node that is none. */
  readonly doubt: (partition: Partition) => void
  /** Undefined or '': there is no such channel. */
  readonly statusOf: (channelId: string) => Promise<string | undefined>
}

/** Creates channels, each counted for its quota before it is there. */
export function createCreating(options: CreatingOptions): (spec: NewChannel) => Promise<ChannelInfo> {
  const { calls, connectionOf, runs, writer, quotas, node, leaseMs, maxChannels, doubt, statusOf } = options

  async function create(spec: NewChannel, release: () => Promise<void>): Promise<ChannelInfo> {
    const { channelId, kind, format, metadata, timeoutMs, tombstone, ifLost, ifFinished, quota, resume } =
      spec
    // Before Redis knows: whoever compares must not take it for one whose end was lost.
    const own = ifLost !== undefined && !runs.owns(channelId)
    if (own) runs.own(channelId)
    let created: 'no' | 'yes' | 'unknown' = 'unknown'
    try {
      const answer = await calls.one(channelId, createScript, {
        kind,
        format,
        metadata: JSON.stringify(metadata),
        timeout: timeoutMs === Infinity ? '' : Math.ceil(timeoutMs),
        tombstone,
        nonce: randomBytes(9).toString('hex'),
        owner: ifLost ? node : '',
        lost: packed(ifLost),
        closing: packed(ifFinished),
        quota: quota?.key ?? '',
        resume: resume?.name ?? '',
        input: resume?.input ?? '',
        max_channels: finite(maxChannels),
        lease_ms: Math.round(leaseMs * LEASE_PART),
      })
      created = answer[0] === 'ok' ? 'yes' : 'no'
      const connection = connectionOf(calls.partition(channelId))
      // Of an earlier call whose answer never came, and that was told to have failed.
      if (answer[0] === 'exists' && answer[1] === node && own) created = 'unknown'
      if (answer[0] === 'full') throw connection.isFull()
      connection.hasRoom()
      if (answer[0] === 'exists') throw new ChannelError('CHANNEL_EXISTS')
      if (answer[0] === 'expired') throw new ChannelError('HISTORY_EXPIRED')
      if (answer[0] === 'busy') throw new ChannelError('SERVER_BUSY')
      const info = readChannelInfo(channelId, answer[1] as RawChannel)
      if (ifLost) writer.begins(channelId, { epoch: info.epoch, count: 0 })
      return info
    } finally {
      if (created !== 'yes') {
        if (own) runs.disown(channelId)
        if (own && created === 'unknown') doubt(calls.partition(channelId))
        await release().catch(() => undefined)
      }
    }
  }

  return async (spec) => {
    const { quota, channelId } = spec
    if (!quota) return create(spec, async () => undefined)
    try {
      return await create(spec, await quotas.take(quota.key, quota.max, channelId))
    } catch (error) {
      // Over the quota and taken: the one that exists is what the caller is told of.
      const taken = error instanceof ChannelError && error.code === 'RATE_LIMITED'
      if (!taken) throw error
      const status = await statusOf(channelId)
      throw status && status !== 'expired' ? new ChannelError('CHANNEL_EXISTS') : quotaError()
    }
  }
}

const packed = (events: readonly EventDraft[] | undefined) =>
  events ? JSON.stringify(packEvents(events)) : ''
