import { ChannelError } from '../core/channel-error.js'
import { channelIdOf, type ChannelDescriptor } from './wire.js'

/**
 * The descriptor a client sent with its call: an object, or its JSON text as uni-app x sends it.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function readDescriptor(value: unknown): ChannelDescriptor {
  const { appId, pushClientId, seqId } = Object(parse(value)) as Record<string, unknown>
  if (
    typeof appId === 'string' &&
    typeof pushClientId === 'string' &&
    typeof seqId === 'string' &&
    channelIdOf(seqId) !== ''
  )
    return { appId, pushClientId, seqId }
  throw new ChannelError(
    'BAD_OPTIONS',
    'This is no channel: pass the `channel` of the call, and await channel.open() in the client before the call.',
  )
}

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
