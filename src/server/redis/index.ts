export { redisLimiter, type RedisLimiterOptions } from './redis-limiter.js'
export { redisLog } from './redis-log.js'
export type { RedisLogOptions, RedisRetention } from './redis-log-options.js'
export type { RedisClient, RedisConnection } from './redis-client.js'
