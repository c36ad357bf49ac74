import { randomBytes } from 'node:crypto'
import { ChannelError } from '../core/channel-error.js'

const named = /^[A-Za-z0-9_-][A-Za-z0-9_.:~-]{0,127}$/
const proposed = /^[A-Za-z0-9_-]{16,64}$/

/** 144 random bits: whoever knows an id may read the channel unless the application asks for more. */
export function createChannelId(): string {
  return randomBytes(18).toString('base64url')
}

/** 72 random bits, letters and digits only. */
export function createEpoch(): string {
  return randomBytes(9).toString('hex')
}

/**
 * 1 to 128 of `A-Za-z0-9_.:~-`, no dot first: safe in a path, a header, a log line and a Redis key.
 * @throws {ChannelError} BAD_REQUEST
 */
export function checkChannelId(id: unknown): string {
  if (typeof id === 'string' && named.test(id)) return id
  throw new ChannelError(
    'BAD_REQUEST',
    'A channel id has 1 to 128 letters, digits or _ - . : ~ and does not begin with a dot.',
  )
}

const chat = /^[A-Za-z0-9_-]{1,128}$/

/** Clients name their chats with letters, digits, _ and -: what else is in an id, an application has put there. */
export const isChatId = (id: unknown): id is string => typeof id === 'string' && chat.test(id)

/** An id that may be logged; undefined for what is none. */
export const knownForm = (id: string) => (named.test(id) ? id : undefined)

/**
 * Ids that clients propose must be unguessable, so short ones are refused.
 * @throws {ChannelError} BAD_REQUEST
 */
export function checkProposedId(id: string): string {
  if (proposed.test(id)) return id
  throw new ChannelError('BAD_REQUEST', 'x-channel-id takes 16 to 64 letters, digits, _ or -.')
}
