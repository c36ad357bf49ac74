import { ChannelError } from '../../../core/channel-error.js'

/** A log's answer to a channel over its quota. */
export const quotaError = () =>
  new ChannelError('RATE_LIMITED', 'This user has as many active channels as one may have.')
