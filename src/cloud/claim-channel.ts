import { ChannelError } from '../core/channel-error.js'
import { explain } from '../core/explain.js'
import { attempt } from './attempt.js'
import type { ChannelLog } from './channel-log.js'

/** A browser may repeat a request as late as the first one's answer would have come. */
const SHORTEST_KEEP_MS = 3_600_000

/**
 * Makes this call of a cloud function the only one that fills the channel.
 * @param keepMs how long entries of the channel are kept
 * @throws {ChannelError} CHANNEL_CLAIMED when another call was first, LOG_FAILED when the log can't tell
 */
export async function claimChannel(log: ChannelLog, channelId: string, keepMs: number): Promise<void> {
  const owner = `${Date.now()}-${Math.random()}`
  const until = Date.now() + Math.max(keepMs, SHORTEST_KEEP_MS)
  const isMine = await attempt(() => log.claim(channelId, owner, until))
  // Not every cloud hands an error's code to the client, but each its text.
  if (!isMine) throw new ChannelError('CHANNEL_CLAIMED', `${explain('CHANNEL_CLAIMED')} (CHANNEL_CLAIMED)`)
}
