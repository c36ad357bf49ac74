/**
 * What every script begins with. Redis runs a script as a whole or not at all, so each operation of the log is one.
 *
 * Keys, all behind the prefix in KEYS[1] (a hash tag, so that they share a slot):
 * - `m:<id>` hash: the channel. `w:<node>` in it is the last batch of that node, so that a repeated one is known.
 * - `s:<id>` stream: entries `<epoch>-<seq of the first event>` with `t` time, `s` sizes, `d` the events, `e` outcome.
 * - `active` set; `expiry` and `tombs` sorted by time; `quota:<user>` set of channels; `owned:<node>` set of runs;
 *   `nodes` sorted by end of lease.
 * - `control` stream: ends and removals, read by every node.
 *
 * Time is that of Redis, in milliseconds. Numbers are formatted by hand: Lua would write large ones as 1.7e+12.
 */
export const luaCommon = `
local P = KEYS[1]
local TOMBSTONE_MS, MAX_EVENTS, MAX_BYTES = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local MAX_AGE_MS, MAX_CHANNELS = tonumber(ARGV[4]), tonumber(ARGV[5])
local FOREVER = 1e15
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function int(n) return string.format('%.0f', n) end
local function metaKey(id) return P .. 'm:' .. id end
local function streamKey(id) return P .. 's:' .. id end

local function tell(kind, id, epoch)
  redis.call('XADD', P .. 'control', 'MAXLEN', '~', '10000', '*', 'k', kind, 'i', id, 'e', epoch)
end

local function leaveIndexes(id, owner, quota)
  redis.call('SREM', P .. 'active', id)
  if quota then redis.call('SREM', P .. 'quota:' .. quota, id) end
  if owner then redis.call('SREM', P .. 'owned:' .. owner, id) end
end

local function drop(id)
  local m = redis.call('HMGET', metaKey(id), 'owner', 'epoch', 'quota')
  redis.call('DEL', streamKey(id))
  redis.call('ZREM', P .. 'expiry', id)
  leaveIndexes(id, m[1], m[3])
  tell('gone', id, m[2])
end

local function bury(id)
  drop(id)
  local key = metaKey(id)
  if TOMBSTONE_MS <= 0 then redis.call('DEL', key) return nil end
  local next = redis.call('HGET', key, 'next')
  redis.call('HSET', key, 'status', 'expired', 'buried', int(now), 'first', next, 'bytes', '0')
  redis.call('HDEL', key, 'lost')
  if TOMBSTONE_MS < FOREVER then redis.call('PEXPIRE', key, int(TOMBSTONE_MS)) end
  redis.call('ZADD', P .. 'tombs', int(math.min(now + TOMBSTONE_MS, FOREVER)), id)
  return 'expired'
end

local function statusOf(id)
  local status = redis.call('HGET', metaKey(id), 'status')
  if not status or status == 'expired' then return status or nil end
  local expiry = redis.call('ZSCORE', P .. 'expiry', id)
  if expiry and tonumber(expiry) <= now then return bury(id) end
  return status
end

local function infoOf(id)
  return { redis.call('HGETALL', metaKey(id)), redis.call('ZSCORE', P .. 'expiry', id) or '' }
end

local function load(id)
  local h = redis.call('HMGET', metaKey(id), 'epoch', 'next', 'first', 'bytes', 'oldest', 'timeout', 'owner',
    'quota')
  return { id = id, epoch = h[1], next = tonumber(h[2]), first = tonumber(h[3]), bytes = tonumber(h[4]),
    oldest = tonumber(h[5]), timeout = h[6], owner = h[7], quota = h[8] }
end

local function save(c)
  redis.call('HSET', metaKey(c.id), 'next', int(c.next), 'first', int(c.first), 'bytes', int(c.bytes),
    'oldest', int(c.oldest))
end

local function over(c)
  return c.first < c.next
    and (c.next - c.first > MAX_EVENTS or c.bytes > MAX_BYTES or now - c.oldest >= MAX_AGE_MS)
end

local function trim(c)
  if not over(c) then return false end
  while c.first < c.next do
    local entry = redis.call('XRANGE', streamKey(c.id), '-', '+', 'COUNT', 1)[1]
    if not entry then c.first = c.next c.bytes = 0 break end
    local seq = tonumber(string.match(entry[1], '%-(%d+)$'))
    c.oldest = tonumber(entry[2][2])
    for size in string.gmatch(entry[2][4], '%d+') do
      if seq >= c.first then
        if not over(c) then return true end
        c.first = c.first + 1
        c.bytes = c.bytes - tonumber(size)
      end
      seq = seq + 1
    end
    redis.call('XDEL', streamKey(c.id), entry[1])
  end
  return true
end

-- chunks: { count, bytes, sizes, events, ... }, from index at on
local function write(c, chunks, at, outcome)
  for i = at, #chunks, 4 do
    local count = tonumber(chunks[i])
    local fields = { 't', int(now), 's', chunks[i + 2], 'd', chunks[i + 3] }
    if outcome ~= '' and i + 4 > #chunks then fields[7] = 'e' fields[8] = outcome end
    redis.call('XADD', streamKey(c.id), c.epoch .. '-' .. int(c.next), unpack(fields))
    if c.first == c.next then c.oldest = now end
    c.next = c.next + count
    c.bytes = c.bytes + tonumber(chunks[i + 1])
  end
  trim(c)
  save(c)
  if outcome ~= '' then
    redis.call('HSET', metaKey(c.id), 'status', outcome)
    redis.call('HDEL', metaKey(c.id), 'lost')
    leaveIndexes(c.id, c.owner, c.quota)
    redis.call('ZREM', P .. 'expiry', c.id)
    if MAX_AGE_MS < FOREVER then redis.call('ZADD', P .. 'expiry', int(now + MAX_AGE_MS), c.id) end
    tell('ended', c.id, c.epoch)
  elseif c.timeout ~= '' then
    redis.call('ZADD', P .. 'expiry', int(now + tonumber(c.timeout)), c.id)
  end
end

local function newEpoch() return clock[1] .. string.format('%06d', clock[2]) end

-- Redis came back without events it had acknowledged. Under the old epoch others would take their numbers, and whoever
-- had read them would not notice.
local function beginAnew(c)
  tell('gone', c.id, c.epoch)
  redis.call('DEL', streamKey(c.id))
  redis.call('HSET', metaKey(c.id), 'epoch', newEpoch(), 'first', int(c.next), 'bytes', '0')
  return load(c.id)
end

-- Ends a run whose producer is gone, as its start said. False for a channel that nobody owns.
local function lose(id)
  if statusOf(id) ~= 'active' then return false end
  local lost = redis.call('HGET', metaKey(id), 'lost')
  if lost then write(load(id), cjson.decode(lost), 1, 'error') end
  return lost
end
`
