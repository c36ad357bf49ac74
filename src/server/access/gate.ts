import { ChannelError } from '../../core/channel-error.js'
import type { ChannelInfo } from '../log/event-log.js'
import type { Hub } from '../hub/hub.js'
import type { Bucket } from '../limits/rate-limiter.js'
import type { AccessRequest, Action, Authorize, Identity, Wish } from './authorize.js'
import { identityOf } from './identity-of.js'
import { ownerOf } from './owner-of.js'

export interface GateOptions {
  /** Without it nobody is asked: whoever knows an id may read, start and stop; nobody may send or list. */
  readonly authorize?: Authorize | undefined
  /** Requests of one user, or of one address where no user is named. */
  readonly requests?: Bucket | undefined
}

/** What lists or writes what is everybody's, and what is somebody's. */
const closed: ReadonlySet<Action> = new Set<Action>(['admin', 'write', 'load', 'save'])

/** Who was let in. */
export interface Visitor {
  readonly userId: string | undefined
  /** As of `Identity`. */
  readonly expiresAt: number | undefined
  /** Where they ask from: of the other end of the connection. */
  readonly address: string | undefined
  /** Every channel is theirs to use. */
  readonly mayUseAll: boolean
  /** Whether a channel is theirs to use. */
  mayUse(channel: ChannelInfo): boolean
}

/** Where every request passes, whatever it came over. */
export interface Gate {
  /** @throws {ChannelError} UNAUTHORIZED, FORBIDDEN, RATE_LIMITED, or what `authorize` throws */
  enter(request: AccessRequest, wish: Wish): Promise<Visitor>
}

export function createGate(hub: Hub, { authorize, requests }: GateOptions): Gate {
  const limit = async (key: string) => requests && hub.take(key, requests)

  async function identify(request: AccessRequest, wish: Wish): Promise<Identity> {
    if (authorize) return identityOf(await authorize(request, wish))
    // Open to nobody until somebody says to whom.
    if (closed.has(wish.action)) throw new ChannelError('FORBIDDEN')
    return { role: 'operator' }
  }

  return {
    async enter(request, wish) {
      const address = `address:${request.address ?? ''}`
      const { userId, role, expiresAt } = await identify(request, wish).catch(async (thrown: unknown) => {
        // Whoever guesses tokens is limited, too.
        await limit(address)
        throw thrown
      })
      await limit(userId === undefined ? address : `user:${userId}`)
      // Also where `authorize` says who asks and forgets to look at what for.
      if (wish.action === 'admin' && role !== 'operator') throw new ChannelError('FORBIDDEN')
      return {
        userId,
        expiresAt,
        address: request.address,
        mayUseAll: role === 'operator',
        mayUse({ metadata }) {
          if (role === 'operator') return true
          const owner = ownerOf(metadata.userId)
          return owner === undefined ? role !== 'owner' : owner === userId
        },
      }
    },
  }
}
