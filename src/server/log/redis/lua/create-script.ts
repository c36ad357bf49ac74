import { defineScript } from '../script.js'
import { CHANNEL_ARGS, CHANNEL_KEYS, channelLua } from './channel-lua.js'

/** Answers `ok` and what the channel is, or why not: `exists` and who its owner is, `expired`, `busy`, `full`. */
export const createScript = defineScript({
  does: 'writes',
  keys: [...CHANNEL_KEYS, 'nodes', 'meta', 'stream'],
  args: [
    ...CHANNEL_ARGS,
    'news',
    'channel',
    'kind',
    'format',
    'metadata',
    /** Milliseconds, or '' for never. */
    'timeout',
    /** What is done with a tombstone: `refuse` or `replace`. */
    'tombstone',
    /** The same in every try of one call. */
    'nonce',
    /** The node that ends it when it dies, or ''. */
    'owner',
    /** Packed events that end it when its owner is lost, and when somebody else ends it. */
    'lost',
    'closing',
    'quota',
    /** Who can go on with it and what with, or ''. */
    'resume',
    'input',
    'max_channels',
    'lease_ms',
  ],
  body: `${channelLua}
if fenced() then return { 'fence' } end
local c = load(channel, meta, stream, news)
if c and c.due then bury(c) c = load(channel, meta, stream, news) end
if c and c.status ~= 'expired' then
  -- The answer to the same call may have been lost with a connection.
  if redis.call('HGET', meta, 'nonce') == nonce then return { 'ok', view(c) } end
  return { 'exists', c.owner or '' }
end
if c and tombstone == 'refuse' then return { 'expired' } end
if redis.call('ZCARD', live) >= tonumber(max_channels) then return { 'busy' } end
if full() then return { 'full' } end
redis.call('DEL', meta)
redis.call('UNLINK', stream)
redis.call('ZREM', tombs, channel)
c = { id = channel, meta = meta, stream = stream, news = news, status = 'active', kind = kind, epoch = newEpoch(),
  next = 0, first = 0, total = 0, cum = 0, oldest = now, gen = gen, lineage = ':0',
  expires = timeout ~= '' and now + tonumber(timeout) or nil }
redis.call('HSET', meta, 'kind', kind, 'format', format, 'metadata', metadata, 'timeout', timeout, 'nonce', nonce,
  'created', int(now), 'closing', closing, 'quota', quota)
save(c)
redis.call('ZADD', live, c.expires and int(c.expires) or '+inf', channel)
if owner ~= '' then
  redis.call('HSET', meta, 'owner', owner, 'lost', lost)
  if resume ~= '' then redis.call('HSET', meta, 'resume', resume, 'input', input) end
  redis.call('ZADD', owned, '0', owner .. '/' .. channel)
  -- Its node may have slept over its lease and not have said yet that it is back.
  redis.call('ZADD', nodes, 'GT', int(now + tonumber(lease_ms)), owner)
end
return { 'ok', view(c) }
`,
})
