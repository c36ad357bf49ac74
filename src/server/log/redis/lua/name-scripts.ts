import { defineScript } from '../script.js'
import { fenceLua } from './fence-lua.js'

/** Lets a name point at a channel, for so long. */
export const pointScript = defineScript({
  does: 'writes',
  keys: ['fence', 'name'],
  args: ['gen', 'channel', 'kept_ms'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
redis.call('SET', name, channel, 'PX', kept_ms)
return { 'ok' }
`,
})

/** The channel that a name points at, or ''. */
export const pointedScript = defineScript({
  does: 'reads',
  keys: ['fence', 'name'],
  args: ['gen'],
  body: `${fenceLua}
if fenced() then return { 'fence' } end
return { 'ok', redis.call('GET', name) or '' }
`,
})
