export { redisLog, type RedisLogOptions, type RedisRetention } from './redis-log.js'
