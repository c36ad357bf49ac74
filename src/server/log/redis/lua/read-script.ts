import { defineScript } from '../script.js'
import { CHANNEL_ARGS, CHANNEL_KEYS, channelLua } from './channel-lua.js'

/** Answers `none`, `ahead`, `gap` and the channel, or `events`, the channel, the first number and stream entries. */
export const readScript = defineScript({
  does: 'reads',
  keys: [...CHANNEL_KEYS, 'meta', 'stream'],
  args: [...CHANNEL_ARGS, 'channel', 'after_epoch', 'after_gen', 'after', 'page_events', 'page_bytes'],
  body: `${channelLua}
if fenced() then return { 'fence' } end
local c = load(channel, meta, stream, '')
if not readable(c) then return { 'none' } end
if torn(c) then c.first = c.next return { 'gap', view(c) } end
shrink(c)
local seq = c.first
if after_epoch == '' then
  -- An ended channel has at least its end: to begin with nothing would hide that everything is gone.
  if c.status ~= 'active' and c.first == c.next and c.next > 0 then return { 'gap', view(c) } end
else
  seq = tonumber(after) + 1
  if after_epoch ~= c.epoch then return { 'gap', view(c) } end
  if seq > c.next and after_gen == youngest(c) then return { 'ahead' } end
  if seq < c.first or not holds(c, after_gen, seq) then return { 'gap', view(c) } end
end
local entries, events, bytes = {}, 0, 0
if seq < c.next then
  local at = redis.call('XREVRANGE', stream, c.epoch .. '-' .. int(seq), '-', 'COUNT', 1)[1][1]
  local most, most_bytes = tonumber(page_events), tonumber(page_bytes)
  while events < most and bytes < most_bytes do
    local page = redis.call('XRANGE', stream, at, '+', 'COUNT', 8)
    if #page == 0 then break end
    for _, entry in ipairs(page) do
      if events >= most or bytes >= most_bytes then break end
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
return { 'events', view(c), int(seq), entries }
`,
})
