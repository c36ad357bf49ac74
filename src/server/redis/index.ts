export { redisLog, type RedisLogOptions, type RedisRetention } from './redis-log.js'
export { redisLimiter, type RedisLimiterOptions } from './redis-limiter.js'
