export { redisLimiter, type RedisLimiterOptions } from './redis-limiter.js'
export { redisLog } from './redis-log.js'
export type { RedisLogOptions } from './redis-log-options.js'
export type { LogRetention } from '../shared/log-retention.js'
export type { RedisClient, RedisConnection } from './redis-client.js'
export {
  redisConversations,
  type RedisConversationsOptions,
} from '../../conversations/redis-conversations.js'
