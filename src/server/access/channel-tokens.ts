import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest, Action, Authorize } from './authorize.js'

/** What `channelTokens()` takes. */
export interface ChannelTokensOptions {
  /**
   * At least 32 bytes, kept on the server. Of several the first signs and all are accepted, so that one can be replaced
   * while tokens of the old one are still about.
   */
  readonly secrets: readonly (string | Uint8Array)[]
  /** Name of the query parameter for those that can set no header. Default `token`. */
  readonly queryName?: string
  /** How long a token is good unless it says otherwise, in milliseconds. Default 300,000 (five minutes). */
  readonly lifetimeMs?: number
}

/** Who a token is for, and what it allows. */
export interface ChannelGrant {
  readonly userId: string
  /** The one channel it is good for. Default: every channel this user may use. */
  readonly channelId?: string
  /** Default: `read` and `stop`; `start` must be said. */
  readonly actions?: readonly Action[]
  readonly lifetimeMs?: number
}

/** Signed tokens (JWT, HS256) that name a user, what they may do, and perhaps the one channel. Needs the package `jose`. */
export interface ChannelTokens {
  sign(grant: ChannelGrant): Promise<string>
  /** For `createHandler({ authorize })`. Takes `authorization: Bearer …`, or the query. */
  readonly authorize: Authorize
}

const AUDIENCE = 'uni-sse-channel'
const MIN_SECRET_BYTES = 32
const MAX_TOKEN_CHARS = 4_096

/**
 * Signs and checks tokens for those whose session another server keeps.
 * @throws {ChannelError} BAD_OPTIONS: no secret, or one too short
 */
export function channelTokens(options: ChannelTokensOptions): ChannelTokens {
  const { queryName = 'token', lifetimeMs = 300_000 } = options
  const secrets = options.secrets.map((secret) =>
    typeof secret === 'string' ? new TextEncoder().encode(secret) : secret,
  )
  const [signing] = secrets
  if (!signing || secrets.some((secret) => secret.length < MIN_SECRET_BYTES))
    throw new ChannelError(
      'BAD_OPTIONS',
      `secrets takes at least one, each of ${MIN_SECRET_BYTES} bytes or more.`,
    )

  async function verify(token: string) {
    const { jwtVerify } = await import('jose')
    const rules = { algorithms: ['HS256'], audience: AUDIENCE, requiredClaims: ['exp', 'sub'] }
    let cause: unknown
    for (const secret of secrets) {
      try {
        return (await jwtVerify(token, secret, rules)).payload
      } catch (thrown) {
        cause = thrown
      }
    }
    throw new ChannelError('UNAUTHORIZED', 'The token is expired or not ours.', { cause })
  }

  return {
    async sign({ userId, channelId, actions = ['read', 'stop'], lifetimeMs: own = lifetimeMs }) {
      const { SignJWT } = await import('jose')
      const now = Date.now() / 1000
      return new SignJWT({ actions, ...(channelId !== undefined && { channelId }) })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setAudience(AUDIENCE)
        .setIssuedAt(Math.floor(now))
        .setExpirationTime(Math.ceil(now + own / 1000))
        .sign(signing)
    },

    async authorize(request, { action, channelId }) {
      const token = tokenOf(request, queryName)
      if (token === undefined || token.length > MAX_TOKEN_CHARS) throw new ChannelError('UNAUTHORIZED')
      const { sub, exp, actions, channelId: only } = await verify(token)
      if (!Array.isArray(actions) || !actions.includes(action))
        throw new ChannelError('FORBIDDEN', `This token is not good for ${action}.`)
      if (only !== undefined && only !== channelId)
        throw new ChannelError('FORBIDDEN', 'This token is for another channel.')
      // Whoever signed `admin` meant it.
      const role = action === 'admin' ? 'operator' : 'user'
      return { userId: sub as string, role, expiresAt: (exp as number) * 1000 }
    },
  }
}

function tokenOf({ headers, query }: AccessRequest, queryName: string): string | undefined {
  const bearer = /^Bearer +([A-Za-z0-9_.~+/=-]+) *$/i.exec(headers.authorization ?? '')
  return bearer?.[1] ?? query.get(queryName) ?? undefined
}
