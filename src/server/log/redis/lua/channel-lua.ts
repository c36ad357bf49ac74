import { fenceLua } from './fence-lua.js'

/** Keys that `channelLua` needs beside its channel's own. */
export const CHANNEL_KEYS = ['fence', 'live', 'kept', 'tombs', 'owned'] as const

/** Arguments that `channelLua` needs. */
export const CHANNEL_ARGS = [
  'gen',
  /** `PUBLISH`, or `SPUBLISH` on Redis Cluster. */
  'publish',
  /** This node, and where nodes hear of what is theirs. */
  'node',
  'node_news',
  'tombstone_ms',
  'max_events',
  'max_bytes',
  'max_age_ms',
] as const

/**
 * One channel: a hash and a stream.
 * - The hash holds its state; `w:<node>` in it is the last batch of that node, so that a repeated one is known.
 * - The stream holds entries `<epoch>-<number of the first event>` with `t` time, `s` sizes, `c` bytes of all that came
 *   before, `d` the events, `e` outcome.
 * - `lineage` lists generations with the number each began at, `<generation>:<number>`, oldest first. A cursor is worth
 *   something if its generation is in it and the next one began behind it.
 *
 * A run has an `owner`, a node, or `-` while it waits for one that can go on with it. Each time it is taken over it gets
 * the next number of `claims`: only the owner writes, and only under that number.
 *
 * What is published: `e <epoch> <generation>:<its begin> <number> <outcome or -> <events>`, `g <epoch>` (gone), and to
 * the owner's node `x <outcome> <channel>`, `m <claims> <channel>` (no longer its own).
 */
export const channelLua = `${fenceLua}
local TOMBSTONE_MS, MAX_EVENTS, MAX_BYTES = tonumber(tombstone_ms), tonumber(max_events), tonumber(max_bytes)
local MAX_AGE_MS = tonumber(max_age_ms)
local GENERATIONS = 8

-- What is saved of a channel, in the order in which it is loaded.
local SAVED = { 'status', 'epoch', 'next', 'first', 'total', 'cum', 'oldest', 'gen', 'lineage', 'expires' }

-- mark: a field that is wanted, too
local function load(id, meta, stream, news, mark)
  local h = redis.call('HMGET', meta, 'status', 'epoch', 'next', 'first', 'total', 'cum', 'oldest', 'gen', 'lineage',
    'expires', 'timeout', 'owner', 'kind', 'quota', 'resume', 'claims', mark or 'status')
  if not h[1] then return nil end
  local c = { id = id, meta = meta, stream = stream, news = news, status = h[1], epoch = h[2], next = tonumber(h[3]),
    first = tonumber(h[4]), total = tonumber(h[5]), cum = tonumber(h[6]), oldest = tonumber(h[7]), gen = h[8],
    lineage = h[9], expires = tonumber(h[10]), timeout = h[11], owner = h[12] or nil, kind = h[13], quota = h[14] or '',
    resume = h[15] or nil, claims = h[16] or '0', mark = mark and h[17] or nil }
  c.saved = { c.status, c.epoch, c.next, c.first, c.total, c.cum, c.oldest, c.gen, c.lineage, c.expires or '' }
  c.due = c.status ~= 'expired' and c.expires ~= nil and c.expires <= now
  return c
end

-- Only what is not as it was: all of it would go to the file and to every replica with each event. more: fields and
-- values that go with it.
local function save(c, more)
  local fields, saved = more or {}, c.saved or {}
  local present = { c.status, c.epoch, c.next, c.first, c.total, c.cum, c.oldest, c.gen, c.lineage, c.expires or '' }
  for i = 1, #SAVED do
    local value = present[i]
    if saved[i] ~= value then
      fields[#fields + 1] = SAVED[i]
      fields[#fields + 1] = type(value) == 'number' and int(value) or value
    end
  end
  c.saved = present
  if #fields > 0 then redis.call('HSET', c.meta, unpack(fields)) end
end

local function newEpoch() return clock[1] .. string.format('%06d', clock[2]) end

-- generation and begin of the youngest
local function youngest(c)
  if c.lineage == ':0' then return '', '0' end
  return string.match(c.lineage, '(%w*):(%d+)$')
end

local function fullEpoch(c)
  local generation = youngest(c)
  return generation == '' and c.epoch or c.epoch .. '.' .. generation
end

-- Whether what somebody knows, count events of which the last is of this generation, is still what is stored. Nil where
-- the generation is none that is remembered.
local function holds(c, generation, count)
  if count > c.next then return false end
  if c.lineage == ':0' then return generation == '' or nil end
  local known = false
  for name, from in string.gmatch(c.lineage, '(%w*):(%d+)') do
    if known then return tonumber(from) >= count end
    known = name == generation
  end
  return known or nil
end

-- Nobody can say what this Redis has lost, so what comes gets ids that nothing had. Who proves that nothing is missing
-- (its only writer, who knows what was acknowledged) goes on under the old ones.
local function fork(c, proven)
  if c.gen == gen then return end
  c.gen = gen
  if proven then return end
  local kept = {}
  for item in string.gmatch(c.lineage, '[^,]+') do kept[#kept + 1] = item end
  kept[#kept + 1] = gen .. ':' .. int(c.next)
  c.lineage = table.concat(kept, ',', math.max(1, #kept - GENERATIONS + 1))
end

-- Bytes of all channels of this partition, kept in the fence.
local function weigh(before, after)
  if before ~= after then redis.call('HINCRBY', fence, 'bytes', int(after - before)) end
end

-- A stream that was evicted alone.
local function torn(c) return c.first < c.next and redis.call('EXISTS', c.stream) == 0 end

-- Events are known to be missing: no cursor of before is worth anything.
local function anew(c)
  redis.call(publish, c.news, 'g ' .. c.epoch)
  redis.call('UNLINK', c.stream)
  c.epoch, c.lineage, c.gen = newEpoch(), ':0', gen
  weigh(c.total - c.cum, 0)
  c.first, c.cum = c.next, c.total
  save(c)
end

-- time, bytes before, and number of the first of its entry
local function eventAt(c, seq)
  local entry = redis.call('XREVRANGE', c.stream, c.epoch .. '-' .. int(seq), '-', 'COUNT', 1)[1]
  if not entry then return nil end
  local from = tonumber(string.match(entry[1], '%-(%d+)$'))
  local at, before = from, tonumber(entry[2][6])
  for size in string.gmatch(entry[2][4], '%d+') do
    if at >= seq then break end
    before, at = before + tonumber(size), at + 1
  end
  return tonumber(entry[2][2]), before, from
end

-- Moves the first event on to what may be kept, without a write. In steps that double: mostly little is to go.
local function shrink(c)
  if c.first >= c.next then return false end
  if c.next - c.first <= MAX_EVENTS and c.total - c.cum <= MAX_BYTES and now - c.oldest < MAX_AGE_MS then
    return false
  end
  local low, high, step = math.max(c.first, c.next - MAX_EVENTS), c.next, 1
  c.cum, c.cut = c.total, nil
  while low < high do
    local probe = step and math.min(low + step - 1, high - 1) or math.floor((low + high) / 2)
    local at, before, from = eventAt(c, probe)
    if at and c.total - before <= MAX_BYTES and now - at < MAX_AGE_MS then
      high, step, c.oldest, c.cum, c.cut = probe, nil, at, before, from
    else
      low, step = probe + 1, step and step * 2
    end
  end
  c.first = low
  return true
end

local function cut(c)
  if c.cut then redis.call('XTRIM', c.stream, 'MINID', c.epoch .. '-' .. int(c.cut))
  elseif c.first >= c.next then redis.call('UNLINK', c.stream) end
end

local function leave(c)
  redis.call('ZREM', live, c.id)
  if c.owner then redis.call('ZREM', owned, c.owner .. '/' .. c.id) end
end

local function tellOwner(c, outcome)
  if c.owner and c.owner ~= node then redis.call(publish, node_news .. c.owner, 'x ' .. outcome .. ' ' .. c.id) end
end

-- chunks: { count, bytes, sizes, events, ... }, from one index to another. more: see save
local function write(c, chunks, at, to, outcome, more)
  local before = c.total - c.cum
  for i = at, to, 4 do
    local count = tonumber(chunks[i])
    local ended = outcome ~= '' and i + 4 > to
    if count > 0 or ended then
      local fields = { 't', int(now), 's', chunks[i + 2], 'c', int(c.total), 'd', chunks[i + 3] }
      if ended then fields[9] = 'e' fields[10] = outcome end
      local seq, generation, from = int(c.next), youngest(c)
      redis.call('XADD', c.stream, c.epoch .. '-' .. seq, unpack(fields))
      redis.call(publish, c.news, 'e ' .. c.epoch .. ' ' .. generation .. ':' .. from .. ' ' .. seq .. ' '
        .. (ended and outcome or '-') .. ' ' .. chunks[i + 3])
      if c.first == c.next then c.oldest, c.cum = now, c.total end
      c.next = c.next + count
      c.total = c.total + tonumber(chunks[i + 1])
    end
  end
  if shrink(c) then cut(c) end
  weigh(before, c.total - c.cum)
  if outcome ~= '' then
    c.status = outcome
    c.expires = MAX_AGE_MS < FOREVER and now + MAX_AGE_MS or nil
    redis.call('HDEL', c.meta, 'lost', 'closing', 'input')
    leave(c)
    if c.expires then redis.call('ZADD', kept, int(c.expires), c.id) end
    tellOwner(c, outcome)
  elseif c.timeout ~= '' then
    c.expires = now + tonumber(c.timeout)
    redis.call('ZADD', live, int(c.expires), c.id)
  end
  save(c, more)
end

-- Ends a channel with what its creation left for that.
local function finish(c, left, outcome)
  local chunks = redis.call('HGET', c.meta, left)
  chunks = chunks and chunks ~= '' and cjson.decode(chunks) or { '0', '0', '', '[]' }
  fork(c, false)
  write(c, chunks, 1, #chunks, outcome)
end

-- Takes a run from its owner.
local function disown(c)
  redis.call('ZREM', owned, c.owner .. '/' .. c.id)
  if c.owner ~= node then redis.call(publish, node_news .. c.owner, 'm ' .. c.claims .. ' ' .. c.id) end
end

-- Leaves a run to whoever can go on with it. Of scripts that have the key nodes.
local function orphan(c, nodes)
  disown(c)
  redis.call('HSET', c.meta, 'owner', '-', 'orphaned', int(now))
  redis.call('ZADD', owned, '0', '-/' .. c.id)
  redis.call('ZADD', nodes, int(now), '-')
end

-- Takes everything of an expired channel but that it was.
local function bury(c)
  redis.call(publish, c.news, 'g ' .. c.epoch)
  redis.call('UNLINK', c.stream)
  redis.call('ZREM', kept, c.id)
  weigh(c.total - c.cum, 0)
  leave(c)
  if c.status == 'active' then tellOwner(c, 'expired') end
  local forgotten = (c.expires or now) + TOMBSTONE_MS
  if forgotten <= now then redis.call('DEL', c.meta) return end
  redis.call('HDEL', c.meta, 'lost', 'closing', 'input')
  c.status, c.first, c.cum = 'expired', c.next, c.total
  save(c)
  if forgotten < FOREVER then redis.call('PEXPIREAT', c.meta, int(forgotten)) end
  redis.call('ZADD', tombs, int(math.min(forgotten, FOREVER)), c.id)
end

-- As entry.ts reads it.
local function view(c)
  local h = redis.call('HMGET', c.meta, 'format', 'metadata', 'created')
  local status = c.status
  if c.due then status = 'expired' c.first = c.next c.cum = c.total end
  return { status, c.kind, c.epoch, c.lineage, h[1], h[2], h[3], c.expires and int(c.expires) or '', int(c.first),
    int(c.next), int(c.total - c.cum) }
end

local function exists(c)
  if not c or not c.due then return c ~= nil end
  return c.expires + TOMBSTONE_MS > now
end

local function readable(c) return c ~= nil and c.status ~= 'expired' and not c.due end
`
