import { defineScript } from '../log/redis/script.js'

/*
 * The hash of a conversation: `r` its revision, `w` which write made it, `h` its head, `c` how many nodes there ever were,
 * and of each node `s:KEY` its number and `n:KEY` itself.
 */

/** Answers 1, 0 where the revision is another one, 'full' where the user has as many as may be. After its arguments: the keys of removed nodes, then keys and nodes. */
export const writeScript = defineScript({
  does: 'writes',
  keys: ['chat', 'list', 'infos'],
  args: ['ifRev', 'id', 'score', 'info', 'head', 'removals', 'most', 'nonce'],
  body: `
local stands = redis.call('HMGET', chat, 'r', 'w')
local rev = tonumber(stands[1] or '0')
-- The answer to the same call may have been lost with a connection.
if rev == tonumber(ifRev) + 1 and stands[2] == nonce then return 1 end
if rev ~= tonumber(ifRev) then return 0 end
if rev == 0 and most ~= '' and redis.call('ZCARD', list) >= tonumber(most) then return 'full' end
redis.call('HSET', chat, 'r', rev + 1, 'w', nonce, 'h', head)
local at = MORE
for _ = 1, tonumber(removals) do
  redis.call('HDEL', chat, 's:' .. ARGV[at], 'n:' .. ARGV[at])
  at = at + 1
end
while ARGV[at] do
  local key = ARGV[at]
  if redis.call('HEXISTS', chat, 's:' .. key) == 0 then
    redis.call('HSET', chat, 's:' .. key, redis.call('HINCRBY', chat, 'c', 1))
  end
  redis.call('HSET', chat, 'n:' .. key, ARGV[at + 1])
  at = at + 2
end
redis.call('ZADD', list, score, id)
redis.call('HSET', infos, id, info)
return 1
`,
})

/** Answers the revision, the head, then numbers and nodes by turns; nothing where there is no such conversation. */
export const loadScript = defineScript({
  does: 'reads',
  keys: ['chat'],
  args: ['wish'],
  body: `
local found = redis.call('HMGET', chat, 'r', 'h')
if not found[1] then return false end
local function add(number, node)
  if not number or not node then return end
  found[#found + 1] = number
  found[#found + 1] = node
end
if wish == 'some' then
  for at = MORE, #ARGV do
    local pair = redis.call('HMGET', chat, 's:' .. ARGV[at], 'n:' .. ARGV[at])
    add(pair[1], pair[2])
  end
  return found
end
local all = redis.call('HGETALL', chat)
local numbers = {}
for at = 1, #all, 2 do
  if string.sub(all[at], 1, 2) == 's:' then numbers[string.sub(all[at], 3)] = all[at + 1] end
end
for at = 1, #all, 2 do
  if string.sub(all[at], 1, 2) == 'n:' then add(numbers[string.sub(all[at], 3)], all[at + 1]) end
end
return found
`,
})

/** Answers what the list shows of conversations, from the place behind this score and id on; from its beginning without. */
export const listScript = defineScript({
  does: 'reads',
  keys: ['list', 'infos'],
  args: ['limit', 'score', 'id'],
  body: `
local found = {}
local from = 0
if score ~= '' then from = redis.call('ZCOUNT', list, '(' .. score, '+inf') end
while #found < tonumber(limit) do
  local some = redis.call('ZREVRANGE', list, from, from + 63, 'WITHSCORES')
  if #some == 0 then break end
  for at = 1, #some, 2 do
    local isBefore = score ~= '' and tonumber(some[at + 1]) == tonumber(score) and some[at] >= id
    local info = not isBefore and #found < tonumber(limit) and redis.call('HGET', infos, some[at])
    if info then found[#found + 1] = info end
  end
  from = from + 64
end
return found
`,
})

/** Answers how many there were. */
export const removeScript = defineScript({
  does: 'frees',
  keys: ['chat', 'list', 'infos'],
  args: ['id'],
  body: `
redis.call('ZREM', list, id)
redis.call('HDEL', infos, id)
return redis.call('DEL', chat)
`,
})
