/**
 * The user that a channel's `metadata.userId` names: a number, as many tables have them, is the same as its digits.
 * Undefined: nobody is named. What is neither text nor number names no user there is.
 */
export function ownerOf(userId: unknown): string | symbol | undefined {
  if (userId === undefined || typeof userId === 'string') return userId
  return Number.isFinite(userId) ? String(userId) : NO_USER
}

const NO_USER = Symbol('no user')
