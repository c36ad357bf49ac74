import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest, Authorize } from './authorize.js'
import { userIdOf } from './identity-of.js'

/** Nobody is `undefined`, `null`, 0 and the empty text: what a look-up that finds nobody answers. */
type UserId = string | number | null | undefined

/**
 * An `authorize` that lets users get at their own channels and at no others: those whose `metadata.userId` names them.
 * @param identify the user a request is from, as a session or a token of the application says; nothing for nobody
 * @example createHandler(hub, { start, authorize: ownerOnly(({ headers }) => userOf(headers.cookie)) })
 */
export function ownerOnly(identify: (request: AccessRequest) => UserId | Promise<UserId>): Authorize {
  return async (request, { action }) => {
    const userId = userIdOf(await identify(request))
    if (userId === undefined) throw new ChannelError('UNAUTHORIZED')
    if (action === 'admin') throw new ChannelError('FORBIDDEN')
    return { userId, role: 'owner' }
  }
}
