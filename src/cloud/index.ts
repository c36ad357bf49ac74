export { ChannelError } from '../core/channel-error.js'
export type { ErrorCode } from '../core/error-codes.js'
export {
  deserializeSSEChannel,
  type CloudChannel,
  type CloudChannelOptions,
} from './deserialize-sse-channel.js'
export { createReader, type Reader, type ReaderOptions } from './reader.js'
export { databaseLog, type CloudDatabase } from './database-log.js'
export { redisLog, type CloudRedis } from './cloud-redis-log.js'
export type { ChannelControl, ChannelLog, ControlName } from './channel-log.js'
export type {
  ChannelDescriptor,
  EntryKind,
  LogEntry,
  PushEnvelope,
  ReaderAnswer,
  ReaderRequest,
} from './wire.js'
