import { defineScript } from '../script.js'
import { CHANNEL_ARGS, CHANNEL_KEYS, channelLua } from './channel-lua.js'
import { fenceLua } from './fence-lua.js'

// Of several channels: hash and stream of each are the keys behind the named ones.

/**
 * Behind the named arguments, four of each channel: its id, and epoch, generation and count of events somebody knows.
 * Answers of each: status or '', epoch, generation, count; `lost` where what is known is not there any more; its owner,
 * and how often it was taken over.
 */
export const statusScript = defineScript({
  does: 'reads',
  keys: CHANNEL_KEYS,
  args: CHANNEL_ARGS,
  body: `${channelLua}
if fenced() then return { 'fence' } end
local answer = { 'ok' }
for i = 0, (#KEYS - MORE_KEYS + 1) / 2 - 1 do
  local at = MORE + 4 * i
  local c = load(ARGV[at], KEYS[MORE_KEYS + 2 * i], KEYS[MORE_KEYS + 2 * i + 1], '')
  if not exists(c) then answer[#answer + 1] = { '', '', '', '0', '', '', '0' }
  else
    local lost = readable(c) and (torn(c)
      or (ARGV[at + 1] == c.epoch and holds(c, ARGV[at + 2], tonumber(ARGV[at + 3])) == false))
    answer[#answer + 1] = { c.due and 'expired' or c.status, c.epoch, (youngest(c)), int(c.next), lost and 'lost' or '',
      c.owner or '', c.claims }
  end
end
return answer
`,
})

/** Behind the named arguments the ids. Answers those that exist, tombstones too, each with its id. */
export const infoScript = defineScript({
  does: 'reads',
  keys: CHANNEL_KEYS,
  args: CHANNEL_ARGS,
  body: `${channelLua}
if fenced() then return { 'fence' } end
local answer = { 'ok' }
for i = 0, (#KEYS - MORE_KEYS + 1) / 2 - 1 do
  local c = load(ARGV[MORE + i], KEYS[MORE_KEYS + 2 * i], KEYS[MORE_KEYS + 2 * i + 1], '')
  if exists(c) then
    if readable(c) then
      if torn(c) then c.first, c.cum = c.next, c.total else shrink(c) end
    end
    answer[#answer + 1] = { c.id, view(c) }
  end
end
return answer
`,
})

export const countScript = defineScript({
  does: 'reads',
  keys: ['fence', 'live'],
  args: ['gen'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
return { 'ok', redis.call('ZCOUNT', live, '(' .. int(now), '+inf') }
`,
})

/** A page of ids: `which` is `live` (active), `late` (expired and not yet taken away: in `live` or `kept`) or `tombs`. */
export const listScript = defineScript({
  does: 'reads',
  keys: ['fence', 'index'],
  args: ['gen', 'which', 'offset', 'count'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
local from, to = '(' .. int(now), '+inf'
if which == 'late' then from, to = '-inf', int(now) end
return { 'ok', redis.call('ZRANGEBYSCORE', index, from, to, 'LIMIT', offset, count) }
`,
})

/** Runs that a node owns, a page. */
export const runsScript = defineScript({
  does: 'reads',
  keys: ['fence', 'owned'],
  args: ['gen', 'of', 'offset', 'count'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
return { 'ok', redis.call('ZRANGEBYLEX', owned, '[' .. of .. '/', '(' .. of .. '0', 'LIMIT', offset, count) }
`,
})
