import { defineScript } from '../script.js'
import { fenceLua } from './fence-lua.js'

/**
 * Which generation this is; a new one, by the name proposed, where Redis is another than the one before, or where that
 * can't be seen and is `doubted`. Answers its name, for how long it has been in milliseconds, and who Redis says it is.
 */
export const attachScript = defineScript({
  does: 'frees',
  keys: ['fence'],
  args: ['gen', 'proposed', 'doubted', 'publish', 'node_news'],
  body: `${fenceLua}
-- Before anything is written: what a user may not tell would be half done, and nobody would hear of it.
redis.call(publish, node_news, '')
local stands = redis.call('HMGET', fence, 'gen', 'run', 'since')
local run = identity()
if not stands[1] or stands[2] ~= run or (doubted == 'doubted' and run == '') then
  stands = { proposed, run, int(now) }
  redis.call('HSET', fence, 'gen', proposed, 'run', run, 'since', int(now))
end
return { stands[1], int(now - tonumber(stands[3])), run }
`,
})

/** Whether something can be written and told: `ok` or `full`. */
export const readyScript = defineScript({
  does: 'writes',
  keys: ['fence'],
  args: ['gen', 'publish', 'node_news'],
  body: `${fenceLua}
redis.call(publish, node_news, '')
if fenced() then return { 'fence' } end
if full() then return { 'full' } end
redis.call('HSET', fence, 'ready', int(now))
return { 'ok' }
`,
})

/** So many expired channels are found by one beat; when there were as many, the next comes soon. */
export const FOUND_AT_ONCE = 100

/**
 * Renews a node's lease, and answers what is to be done, a bounded piece of it: runs of dead nodes as `<node>/<channel>`,
 * channels that have expired, and a few that are active, to be trimmed; the policy of a Redis that throws keys away; and
 * where there are more bytes than `budget`, those that ended first.
 * Tells the node, so that it knows that it hears.
 */
export const beatScript = defineScript({
  does: 'frees',
  keys: ['fence', 'nodes', 'owned', 'live', 'kept', 'tombs'],
  args: ['gen', 'publish', 'node', 'node_news', 'lease_ms', 'budget'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
local lease = tonumber(lease_ms)
-- While Redis was away or every node was, nobody could renew: that time counts against none of them.
local last = tonumber(redis.call('HGET', fence, 'beat') or now)
if now - last > lease / 2 then
  for _, other in ipairs(redis.call('ZRANGE', nodes, 0, -1)) do
    redis.call('ZINCRBY', nodes, int(now - last), other)
  end
end
redis.call('HSET', fence, 'beat', int(now))
redis.call('ZADD', nodes, int(now + lease), node)
local lost = {}
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', int(now), 'LIMIT', 0, 16)) do
  local runs = redis.call('ZRANGEBYLEX', owned, '[' .. dead .. '/', '(' .. dead .. '0', 'LIMIT', 0, ${FOUND_AT_ONCE})
  if #runs == 0 then redis.call('ZREM', nodes, dead) end
  for _, run in ipairs(runs) do lost[#lost + 1] = run end
end
local due = redis.call('ZRANGEBYSCORE', live, '-inf', int(now), 'LIMIT', 0, ${FOUND_AT_ONCE})
for _, id in ipairs(redis.call('ZRANGEBYSCORE', kept, '-inf', int(now), 'LIMIT', 0, ${FOUND_AT_ONCE})) do
  due[#due + 1] = id
end
local old = redis.call('ZRANGEBYSCORE', tombs, '-inf', int(now), 'LIMIT', 0, 500)
if #old > 0 then redis.call('ZREM', tombs, unpack(old)) end
redis.call(publish, node_news .. node, 'b')
local over = {}
if tonumber(redis.call('HGET', fence, 'bytes') or 0) > tonumber(budget) then over = redis.call('ZRANGE', kept, 0, 24) end
return { 'ok', lost, due, redis.call('ZRANDMEMBER', live, 16), eviction(), over }
`,
})

/** A node goes: what it still owns is left to the others at once. */
export const farewellScript = defineScript({
  does: 'frees',
  keys: ['fence', 'nodes', 'owned'],
  args: ['gen', 'node'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
local left = redis.call('ZRANGEBYLEX', owned, '[' .. node .. '/', '(' .. node .. '0', 'LIMIT', 0, 1)
if #left == 0 then redis.call('ZREM', nodes, node) else redis.call('ZADD', nodes, int(now), node) end
return { 'ok' }
`,
})
