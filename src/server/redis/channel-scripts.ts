import { luaCommon } from './lua-common.js'
import { defineScript } from './script.js'

// Arguments after the five of luaCommon are ARGV[6] and on.

/** id, kind, format, metadata, timeoutMs or '', tombstone, nonce, owner or '', lost or '', quota or '', its limit. */
export const createScript = defineScript(`${luaCommon}
local id, nonce = ARGV[6], ARGV[12]
local status = statusOf(id)
if status and status ~= 'expired' then
  -- The answer to the same call may have been lost with a connection.
  if redis.call('HGET', metaKey(id), 'nonce') == nonce then return { 'ok', infoOf(id) } end
  return { 'exists' }
end
if status == 'expired' and ARGV[11] == 'refuse' then return { 'expired' } end
if redis.call('SCARD', P .. 'active') >= MAX_CHANNELS then return { 'busy' } end
if ARGV[15] ~= '' and redis.call('SCARD', P .. 'quota:' .. ARGV[15]) >= tonumber(ARGV[16]) then return { 'quota' } end
redis.call('DEL', metaKey(id))
redis.call('ZREM', P .. 'tombs', id)
local epoch = newEpoch()
redis.call('HSET', metaKey(id), 'kind', ARGV[7], 'format', ARGV[8], 'metadata', ARGV[9], 'timeout', ARGV[10],
  'nonce', nonce, 'status', 'active', 'epoch', epoch, 'created', int(now), 'next', '0', 'first', '0', 'bytes', '0',
  'oldest', int(now))
redis.call('SADD', P .. 'active', id)
if ARGV[10] ~= '' then redis.call('ZADD', P .. 'expiry', int(now + tonumber(ARGV[10])), id) end
if ARGV[13] ~= '' then
  redis.call('HSET', metaKey(id), 'owner', ARGV[13], 'lost', ARGV[14])
  redis.call('SADD', P .. 'owned:' .. ARGV[13], id)
end
if ARGV[15] ~= '' then
  redis.call('HSET', metaKey(id), 'quota', ARGV[15])
  redis.call('SADD', P .. 'quota:' .. ARGV[15], id)
end
return { 'ok', infoOf(id) }
`)

/** id, node, number of the batch, epoch and number of the last one known to have arrived, outcome or '', then chunks. */
export const appendScript = defineScript(`${luaCommon}
local id, writer, number = ARGV[6], 'w:' .. ARGV[7], tonumber(ARGV[8])
local status = statusOf(id)
if not status or status == 'expired' then return { 'none' } end
local last, seq = string.match(redis.call('HGET', metaKey(id), writer) or '0:0', '(%d+):(%d+)')
if number <= tonumber(last) then return { 'ok', redis.call('HGET', metaKey(id), 'epoch'), seq } end
if status ~= 'active' then return { 'closed' } end
local channel = load(id)
if channel.epoch == ARGV[9] and tonumber(last) < tonumber(ARGV[10]) then
  channel = beginAnew(channel)
  if lose(id) then return { 'closed' } end
end
seq = int(channel.next)
redis.call('HSET', metaKey(id), writer, int(number) .. ':' .. seq)
write(channel, ARGV, 12, ARGV[11])
return { 'ok', channel.epoch, seq }
`)

/** id, epoch or '', seq, maxEvents, maxBytes. */
export const readScript = defineScript(`${luaCommon}
local id, epoch = ARGV[6], ARGV[7]
local status = statusOf(id)
if not status or status == 'expired' then return { 'none' } end
local channel = load(id)
if trim(channel) then save(channel) end
local info = infoOf(id)
local first, next = channel.first, channel.next
-- An ended channel has at least its end: to begin with nothing would hide that everything is gone.
if epoch == '' and status ~= 'active' and first == next and next > 0 then return { 'gap', info } end
if epoch ~= '' and epoch ~= channel.epoch then return { 'gap', info } end
local seq = epoch == '' and first or tonumber(ARGV[8]) + 1
if seq > next then return { 'ahead' } end
if seq < first then return { 'gap', info } end
local entries, events, bytes = {}, 0, 0
if seq < next then
  local at = redis.call('XREVRANGE', streamKey(id), channel.epoch .. '-' .. int(seq), '-', 'COUNT', 1)[1][1]
  local maxEvents, maxBytes = tonumber(ARGV[9]), tonumber(ARGV[10])
  while events < maxEvents and bytes < maxBytes do
    local page = redis.call('XRANGE', streamKey(id), at, '+', 'COUNT', 8)
    if #page == 0 then break end
    for _, entry in ipairs(page) do
      entries[#entries + 1] = entry
      local behind = tonumber(string.match(entry[1], '%-(%d+)$')) - seq
      for size in string.gmatch(entry[2][4], '%d+') do
        behind = behind + 1
        if behind > 0 then events = events + 1 bytes = bytes + tonumber(size) end
      end
    end
    at = '(' .. page[#page][1]
  end
end
return { 'events', info, int(seq), entries }
`)

/** ids. Answers each with its status, or ''; its epoch; the sequence number of the next event. */
export const statusScript = defineScript(`${luaCommon}
local answer = {}
for i = 6, #ARGV do
  local status = statusOf(ARGV[i])
  local h = redis.call('HMGET', metaKey(ARGV[i]), 'epoch', 'next')
  answer[#answer + 1] = { status or '', h[1] or '', h[2] or '' }
end
return answer
`)

/** ids. Answers each that exists, tombstones too. */
export const infoScript = defineScript(`${luaCommon}
local answer = {}
for i = 6, #ARGV do
  if statusOf(ARGV[i]) then
    local channel = load(ARGV[i])
    if trim(channel) then save(channel) end
    answer[#answer + 1] = { ARGV[i], infoOf(ARGV[i]) }
  end
end
return answer
`)

/** id. */
export const removeScript = defineScript(`${luaCommon}
local id = ARGV[6]
local status = statusOf(id)
if not status then return 0 end
if status ~= 'expired' then drop(id) end
redis.call('DEL', metaKey(id))
redis.call('ZREM', P .. 'tombs', id)
return 1
`)

export const countScript = defineScript(`${luaCommon}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'expiry', '-inf', int(now))) do bury(id) end
return redis.call('SCARD', P .. 'active')
`)

/** `active` or `expired`. Answers ids. */
export const listScript = defineScript(`${luaCommon}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'expiry', '-inf', int(now))) do bury(id) end
if ARGV[6] == 'active' then return redis.call('SMEMBERS', P .. 'active') end
return redis.call('ZRANGEBYSCORE', P .. 'tombs', '(' .. int(now), '+inf')
`)
