import { defineScript } from '../script.js'
import { fenceLua } from './fence-lua.js'

/** Longer than anything stays active that nobody asks about. */
const FORGET_MS = 30 * 86_400_000

/**
 * Counts a channel for a quota: `held` (it counts already), `ok`, or `over` with each that counts and for how long, in
 * milliseconds. Before that it lets go of the channels behind the named arguments. `max` 0: only that.
 */
export const quotaScript = defineScript({
  does: 'frees',
  keys: ['fence', 'quota'],
  args: ['gen', 'channel', 'max'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
for i = MORE, #ARGV do redis.call('ZREM', quota, ARGV[i]) end
if max == '0' then return { 'ok' } end
if redis.call('ZSCORE', quota, channel) then return { 'held' } end
if redis.call('ZCARD', quota) < tonumber(max) then
  redis.call('ZADD', quota, int(now), channel)
  redis.call('PEXPIRE', quota, ${FORGET_MS})
  return { 'ok' }
end
local answer = { 'over' }
local all = redis.call('ZRANGE', quota, 0, -1, 'WITHSCORES')
for i = 1, #all, 2 do answer[#answer + 1] = { all[i], int(now - tonumber(all[i + 1])) } end
return answer
`,
})
