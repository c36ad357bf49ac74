import { luaCommon } from './lua-common.js'
import { defineScript } from './script.js'

const reap = `
local function reap(node)
  for _, id in ipairs(redis.call('SRANDMEMBER', P .. 'owned:' .. node, 500)) do
    lose(id)
    redis.call('SREM', P .. 'owned:' .. node, id)
  end
  if redis.call('SCARD', P .. 'owned:' .. node) == 0 then redis.call('ZREM', P .. 'nodes', node) end
end
`

/** So many expired channels are taken away by one beat; when there were as many, the next comes soon. */
export const CLEANED_AT_ONCE = 100

/**
 * node, ttlMs, then ids of runs this node has given up.
 * Renews its lease, ends the runs of nodes whose lease ran out, and cleans up: each time a bounded piece.
 * Answers how many channels had expired.
 */
export const beatScript = defineScript(`${luaCommon}${reap}
local node, ttl = ARGV[6], tonumber(ARGV[7])
-- While Redis was away or every node was, nobody could renew: that time counts against none of them.
local last = tonumber(redis.call('GET', P .. 'beat') or now)
if now - last > ttl / 2 then
  for _, other in ipairs(redis.call('ZRANGE', P .. 'nodes', 0, -1)) do
    redis.call('ZINCRBY', P .. 'nodes', int(now - last), other)
  end
end
redis.call('SET', P .. 'beat', int(now))
redis.call('ZADD', P .. 'nodes', int(now + ttl), node)
for i = 8, #ARGV do
  if redis.call('HGET', metaKey(ARGV[i]), 'owner') == node then lose(ARGV[i]) end
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', P .. 'nodes', '-inf', int(now), 'LIMIT', 0, 4)) do reap(dead) end
local expired = redis.call('ZRANGEBYSCORE', P .. 'expiry', '-inf', int(now), 'LIMIT', 0, ${CLEANED_AT_ONCE})
for _, id in ipairs(expired) do bury(id) end
redis.call('ZREMRANGEBYSCORE', P .. 'tombs', '-inf', int(now))
for _, id in ipairs(redis.call('SRANDMEMBER', P .. 'active', 16)) do
  local channel = load(id)
  if trim(channel) then save(channel) end
end
return #expired
`)

/** node. Ends what it still owns and forgets it. */
export const leaveScript = defineScript(`${luaCommon}${reap}
reap(ARGV[6])
if redis.call('SCARD', P .. 'owned:' .. ARGV[6]) > 0 then redis.call('ZADD', P .. 'nodes', int(now), ARGV[6]) end
return 1
`)
