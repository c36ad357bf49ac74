import { luaCommon } from './lua-common.js'
import { defineScript } from './script.js'

/** A name is kept for so long, in milliseconds, if its channel is not forgotten before. */
const NAME_KEPT_MS = 86_400_000

/** name, channel. */
export const pointScript = defineScript(`${luaCommon}
redis.call('SET', P .. 'name:' .. ARGV[6], ARGV[7], 'PX', ${NAME_KEPT_MS})
return 1
`)

/** name. Answers the channel, or an empty text. */
export const pointedScript = defineScript(`${luaCommon}
local id = redis.call('GET', P .. 'name:' .. ARGV[6])
if not id then return '' end
local status = statusOf(id)
return (status and status ~= 'expired') and id or ''
`)
