import { ChannelError } from '../../core/channel-error.js'
import type { Identity } from './authorize.js'

const roles: ReadonlySet<unknown> = new Set([undefined, 'owner', 'user', 'operator'])

/**
 * The user that an application names: text that is not empty, or a number as its digits. Undefined for all else, and for
 * 0, by which many a system means a visitor who is nobody.
 */
export function userIdOf(value: unknown): string | undefined {
  if (!value) return undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/**
 * What an application's `authorize` answered, read strictly: whatever is none of its forms lets nobody in. `{}` is
 * somebody without a name.
 * @throws {ChannelError} UNAUTHORIZED
 */
export function identityOf(answer: unknown): Identity {
  const refused = (what: string) => new ChannelError('UNAUTHORIZED', `authorize answered ${what}.`)
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw refused('no identity')
  const { userId, role, expiresAt } = answer as Readonly<Record<string, unknown>>
  if (userId !== undefined && userIdOf(userId) === undefined) throw refused('a userId that names nobody')
  if (!roles.has(role)) throw refused('a role that there is not')
  if (expiresAt !== undefined && !(typeof expiresAt === 'number' && expiresAt > Date.now()))
    throw refused('with credentials that have expired')
  return {
    ...(userId !== undefined && { userId: userIdOf(userId) }),
    ...(role !== undefined && { role: role as Identity['role'] }),
    ...(expiresAt !== undefined && { expiresAt }),
  } as Identity
}
