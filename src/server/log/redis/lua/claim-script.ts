import { defineScript } from '../script.js'
import { CHANNEL_ARGS, CHANNEL_KEYS, channelLua } from './channel-lua.js'

/** A run that is taken over so often without an event ends as lost: it may be what kills the processes. */
const MAX_TRIES = 5

/**
 * What becomes of a run whose node is dead. Behind the named arguments come the names of what this node can go on with:
 * where the run's is among them, it is this node's from now on. Otherwise it waits for `grace_ms` for another one, and
 * then, or where nobody can go on with it, it ends as lost.
 * Answers `claimed`, the channel, how often it was taken over now, the name and the input; or `none`.
 */
export const claimScript = defineScript({
  does: 'frees',
  keys: [...CHANNEL_KEYS, 'nodes', 'meta', 'stream'],
  args: [...CHANNEL_ARGS, 'news', 'channel', 'dead', 'nonce', 'lease_ms', 'grace_ms'],
  body: `${channelLua}
if fenced() then return { 'fence' } end
local c = load(channel, meta, stream, news)
local h = redis.call('HMGET', meta, 'input', 'tries', 'reached', 'orphaned', 'claim_nonce')
local function claimed() return { 'claimed', view(c), c.claims, c.resume, h[1] or '' } end
local active = readable(c) and c.status == 'active'
-- The answer to the same call may have been lost with a connection.
if active and c.owner == node and h[5] == nonce then return claimed() end
if not active or c.owner ~= dead then
  redis.call('ZREM', owned, dead .. '/' .. channel)
  return { 'none' }
end
local lease = redis.call('ZSCORE', nodes, dead)
if dead ~= '-' and lease and tonumber(lease) > now then return { 'none' } end
local function lose()
  finish(c, 'lost', 'error')
  return { 'none' }
end
if torn(c) then
  anew(c)
  return lose()
end
if not c.resume then return lose() end
local tries = h[3] == int(c.next) and tonumber(h[2]) or 0
if tries >= ${MAX_TRIES} then return lose() end
local able = false
for i = MORE, #ARGV do able = able or ARGV[i] == c.resume end
if not able then
  if dead ~= '-' then orphan(c, nodes)
  elseif now - tonumber(h[4] or 0) > tonumber(grace_ms) then return lose() end
  return { 'none' }
end
disown(c)
c.owner, c.claims = node, int(tonumber(c.claims) + 1)
redis.call('HSET', meta, 'owner', node, 'claims', c.claims, 'claim_nonce', nonce, 'tries', int(tries + 1),
  'reached', int(c.next))
redis.call('ZADD', owned, '0', node .. '/' .. channel)
redis.call('ZADD', nodes, 'GT', int(now + tonumber(lease_ms)), node)
-- Who was the writer may know of events that this Redis has lost: theirs are not the next ids.
fork(c, false)
save(c)
return claimed()
`,
})
