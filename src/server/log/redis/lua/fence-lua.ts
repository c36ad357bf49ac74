/**
 * What every script begins with. Needs the key `fence` and the argument `gen`: the generation that the node believes
 * to be the present one.
 *
 * Time is that of Redis, in milliseconds. Numbers are formatted by hand: Lua would write large ones as 1.7e+12.
 * @see docs/failover.md
 */
export const fenceLua = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local FOREVER = 1e15
local function int(n) return string.format('%d', n) end

-- Another after every start of a server and every promotion of a replica. Who may not ask for INFO has '' always.
local function identity()
  local said = redis.pcall('INFO', 'replication')
  return type(said) == 'string' and string.match(said, 'master_replid:(%w+)') or ''
end

local function fenced()
  local stands = redis.call('HMGET', fence, 'gen', 'run')
  return stands[1] ~= gen or stands[2] ~= identity()
end

-- By which it throws keys away when it is full, or ''.
local function eviction()
  local said = redis.pcall('INFO', 'memory')
  if type(said) ~= 'string' or string.find(said, 'maxmemory:0', 1, true) then return '' end
  local policy = string.match(said, 'maxmemory_policy:([%w-]+)') or ''
  return policy == 'noeviction' and '' or policy
end

-- Runs that go on need what is left: starts are refused a little before everything is.
local function full()
  local said = redis.pcall('INFO', 'memory')
  if type(said) ~= 'string' then return false end
  local max = tonumber(string.match(said, 'maxmemory:(%d+)') or 0)
  if max == 0 or not string.find(said, 'maxmemory_policy:noeviction', 1, true) then return false end
  local used = tonumber(string.match(said, 'used_memory:(%d+)'))
  local not_counted = tonumber(string.match(said, 'mem_not_counted_for_evict:(%d+)') or 0)
  return used - not_counted > 0.97 * max
end
`
