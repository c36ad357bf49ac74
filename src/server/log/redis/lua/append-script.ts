import { defineScript } from '../script.js'
import { CHANNEL_ARGS, CHANNEL_KEYS, channelLua } from './channel-lua.js'

/**
 * Writes to many channels at once: most of what a script costs, to Redis as to the node, it costs once. What fails of
 * one channel fails of it alone.
 *
 * Hash and stream of each channel are the keys behind the named ones. Behind the named arguments come of each its id, one
 * argument of words, and its events: the chunks of entry.ts. Of each argument Redis and the node have work; the words
 * are, behind a space each
 * - `number`: larger than that of every earlier write of this node to it
 * - what this node knows of the channel: so many events were acknowledged, the last of this epoch and generation
 * - how often the run had been taken over when this was given to be written
 * - the outcome, or nothing
 * - how many arguments its events are
 *
 * Answers of each: `ok`, epoch and number of the first; or `closed`, `moved`, `none`; or `failed` and why.
 */
const appendLua = `${channelLua}
if fenced() then return { 'fence' } end
local mark = 'w:' .. node

-- What all of them weigh is said once.
local weight = 0
weigh = function(before, after) weight = weight + after - before end

local function append(key, id, number, known_count, known_epoch, known_gen, claim, outcome, from, to)
  local meta, stream, news = KEYS[key], KEYS[key + 1], news_base .. id
  local c = load(id, meta, stream, news, mark)
  local last, seq, epoch = string.match(c and c.mark or '0:0:', '^(%d+):(%d+):(.*)$')
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
  -- Nil where nothing is known of this epoch.
  local held
  if known_epoch == c.epoch then held = holds(c, known_gen, count) end
  if torn(c) or held == false then
    anew(c)
    if c.owner then finish(c, 'lost', 'error') return { 'closed', 'error' } end
  end
  fork(c, held and c.owner == node and c.next == count)
  epoch, seq = fullEpoch(c), int(c.next)
  write(c, ARGV, from, to, outcome, { mark, number .. ':' .. seq .. ':' .. epoch })
  return { 'ok', epoch, seq }
end

local answer, at = { 'ok' }, MORE
for key = MORE_KEYS, #KEYS, 2 do
  local number, count, epoch, generation, claim, outcome, size =
    string.match(ARGV[at + 1], '^ (%d+) (%d+) (%w*) (%w*) (%d*) (%w*) (%d+)$')
  local from, to = at + 2, at + 1 + tonumber(size)
  local went, said = pcall(append, key, ARGV[at], number, count, epoch, generation, claim, outcome, from, to)
  answer[#answer + 1] = went and said or { 'failed', type(said) == 'table' and said.err or tostring(said) }
  at = to + 1
end
if weight ~= 0 then redis.call('HINCRBY', fence, 'bytes', int(weight)) end
return answer
`

const keys = CHANNEL_KEYS
/** `news_base`: where what is published about a channel goes, behind which comes its id. */
const args = [...CHANNEL_ARGS, 'news_base'] as const

export const appendScript = defineScript({ does: 'writes', keys, args, body: appendLua })

/** With outcomes: a full Redis takes ends, which let it make room again. */
export const endScript = defineScript({ does: 'frees', keys, args, body: appendLua })
