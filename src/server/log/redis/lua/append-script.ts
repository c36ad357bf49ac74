import { defineScript } from '../script.js'
import { CHANNEL_ARGS, CHANNEL_KEYS, channelLua } from './channel-lua.js'

/** After the named ones, the chunks of entry.ts. Answers `ok`, epoch and number of the first; or `closed`, `moved`, `none`. */
export const appendLua = `${channelLua}
if fenced() then return { 'fence' } end
local c = load(channel, meta, stream, news)
local mark = 'w:' .. node
local last, seq, epoch = string.match(c and redis.call('HGET', meta, mark) or '0:0:', '^(%d+):(%d+):(.*)$')
-- It may have expired since: it was written all the same.
if tonumber(number) <= tonumber(last) then return { 'ok', epoch, seq } end
if not readable(c) then
  -- Whoever follows what was here has not heard of that, if Redis lost it.
  if not c then redis.call(publish, news, 'g ' .. known_epoch) end
  return { 'none' }
end
if c.status ~= 'active' then return { 'closed', c.status } end
-- Another goes on with it, or this node does anew: what was on its way before comes too late.
if c.owner and (c.owner ~= node or c.claims ~= claim) then return { 'moved' } end
local count = tonumber(known_count)
local known = known_epoch == c.epoch
if torn(c) or (known and holds(c, known_gen, count) == false) then
  anew(c)
  if c.owner then finish(c, 'lost', 'error') return { 'closed', 'error' } end
end
fork(c, known and c.owner == node and c.next == count and holds(c, known_gen, count))
epoch, seq = fullEpoch(c), int(c.next)
redis.call('HSET', meta, mark, number .. ':' .. seq .. ':' .. epoch)
write(c, ARGV, MORE, outcome)
return { 'ok', epoch, seq }
`

const keys = [...CHANNEL_KEYS, 'meta', 'stream'] as const
const args = [
  ...CHANNEL_ARGS,
  'news',
  'channel',
  /** Larger than that of every earlier write of this node. */
  'number',
  /** What this node knows of the channel: so many events were acknowledged, the last of this epoch and generation. */
  'known_epoch',
  'known_gen',
  'known_count',
  /** How often the run had been taken over when this was given to be written. */
  'claim',
  'outcome',
] as const

export const appendScript = defineScript({ does: 'writes', keys, args, body: appendLua })

/** With an outcome: a full Redis takes ends, which let it make room again. */
export const endScript = defineScript({ does: 'frees', keys, args, body: appendLua })
