import { defineScript } from '../script.js'
import { CHANNEL_ARGS, CHANNEL_KEYS, channelLua } from './channel-lua.js'

/**
 * Ends an active channel with what its creation left for that: `closing`, or `lost` for a run whose producer is gone,
 * where nobody else may go on with it. `only` is a node: then only what that node owns. `stem`: only that epoch.
 * Answers the status it has then, or '', and its epoch.
 */
export const finishScript = defineScript({
  does: 'frees',
  keys: [...CHANNEL_KEYS, 'nodes', 'meta', 'stream'],
  args: [...CHANNEL_ARGS, 'news', 'channel', 'how', 'only', 'stem'],
  body: `${channelLua}
if fenced() then return { 'fence' } end
local c = load(channel, meta, stream, news)
if only ~= '' and not (readable(c) and c.status == 'active' and c.owner == only) then
  -- What the index says of it is wrong.
  redis.call('ZREM', owned, only .. '/' .. channel)
  return { 'ok', '', '' }
end
if not readable(c) then return { 'ok', c and 'expired' or '', '' } end
if c.status ~= 'active' or (stem ~= '' and stem ~= c.epoch) then return { 'ok', c.status, c.epoch } end
if how == 'lost' and c.resume and not torn(c) then
  orphan(c, nodes)
  return { 'ok', c.status, c.epoch }
end
if torn(c) then anew(c) how = c.owner and 'lost' or how end
finish(c, how, how == 'lost' and 'error' or c.kind ~= 'feed' and 'stopped' or 'done')
return { 'ok', c.status, c.epoch }
`,
})

/** Somebody has seen events that are no longer there: nobody goes on over the hole, and a run ends as lost. */
export const disownScript = defineScript({
  does: 'frees',
  keys: [...CHANNEL_KEYS, 'meta', 'stream'],
  args: [...CHANNEL_ARGS, 'news', 'channel', 'known_epoch', 'known_gen', 'known_count'],
  body: `${channelLua}
if fenced() then return { 'fence' } end
local c = load(channel, meta, stream, news)
if not readable(c) or known_epoch ~= c.epoch then return { 'ok' } end
if holds(c, known_gen, tonumber(known_count)) ~= false and not torn(c) then return { 'ok' } end
anew(c)
if c.owner and c.status == 'active' then finish(c, 'lost', 'error') end
return { 'ok' }
`,
})

/** Of `stem` only, unless it is ''. Answers whether there was something, and the quota it counted for or ''. */
export const removeScript = defineScript({
  does: 'frees',
  keys: [...CHANNEL_KEYS, 'meta', 'stream'],
  args: [...CHANNEL_ARGS, 'news', 'channel', 'stem'],
  body: `${channelLua}
if fenced() then return { 'fence' } end
local c = load(channel, meta, stream, news)
if not exists(c) or (stem ~= '' and stem ~= c.epoch) then return { 'ok', '0', '' } end
redis.call(publish, news, 'g ' .. c.epoch)
redis.call('DEL', meta)
redis.call('UNLINK', stream)
redis.call('ZREM', kept, channel)
redis.call('ZREM', tombs, channel)
weigh(c.total - c.cum, 0)
leave(c)
if c.status == 'active' then tellOwner(c, 'expired') end
return { 'ok', '1', c.quota }
`,
})

/**
 * Takes away what has expired and trims the rest. Of several channels: hash and stream of each are the keys behind the
 * named ones; id and news of each the arguments.
 */
export const tidyScript = defineScript({
  does: 'frees',
  keys: CHANNEL_KEYS,
  args: CHANNEL_ARGS,
  body: `${channelLua}
if fenced() then return { 'fence' } end
for i = 0, (#KEYS - MORE_KEYS + 1) / 2 - 1 do
  local id, key = ARGV[MORE + 2 * i], MORE_KEYS + 2 * i
  local c = load(id, KEYS[key], KEYS[key + 1], ARGV[MORE + 2 * i + 1])
  if not c or c.status == 'expired' then
    redis.call('ZREM', live, id)
    redis.call('ZREM', kept, id)
  elseif c.due then bury(c)
  elseif not torn(c) then
    local before = c.total - c.cum
    if shrink(c) then
      cut(c)
      save(c)
      weigh(before, c.total - c.cum)
    end
  end
end
return { 'ok' }
`,
})

/** Takes away channels that have ended, one after the other, while there are more bytes than `budget`. As `tidyScript`. */
export const makeRoomScript = defineScript({
  does: 'frees',
  keys: CHANNEL_KEYS,
  args: [...CHANNEL_ARGS, 'budget'],
  body: `${channelLua}
if fenced() then return { 'fence' } end
for i = 0, (#KEYS - MORE_KEYS + 1) / 2 - 1 do
  if tonumber(redis.call('HGET', fence, 'bytes') or 0) <= tonumber(budget) then break end
  local id, key = ARGV[MORE + 2 * i], MORE_KEYS + 2 * i
  local c = load(id, KEYS[key], KEYS[key + 1], ARGV[MORE + 2 * i + 1])
  if not c or c.status == 'expired' then redis.call('ZREM', kept, id)
  elseif c.status ~= 'active' then
    -- It is one that has expired, from now on.
    c.expires = now
    bury(c)
  end
end
return { 'ok' }
`,
})
