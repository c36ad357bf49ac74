import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest, Authorize } from './authorize.js'

/**
 * An `authorize` that lets users get at their own channels and at no others: those whose `metadata.userId` names them.
 * @param identify the user a request is from, as a session or a token of the application says; undefined for nobody
 * @example createHandler(hub, { start, authorize: ownerOnly(({ headers }) => userOf(headers.cookie)) })
 */
export function ownerOnly(
  identify: (request: AccessRequest) => string | undefined | Promise<string | undefined>,
): Authorize {
  return async (request, { action }) => {
    const userId = await identify(request)
    if (userId === undefined) throw new ChannelError('UNAUTHORIZED')
    if (action === 'admin') throw new ChannelError('FORBIDDEN')
    return { userId, role: 'owner' }
  }
}
