import { ChannelError } from '../../core/channel-error.js'
import type { AccessRequest } from '../access/authorize.js'
import type { GuardedHub } from '../access/guarded-hub.js'
import type { ChannelInfo } from '../log/event-log.js'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1_000

/** A page of the channels of all users, newest first. */
export interface ChannelList {
  readonly total: number
  readonly channels: readonly ChannelInfo[]
}

/**
 * Query: `status` (`active`, the default, or `expired`), `limit` (100; at most 1,000), `offset` (0).
 * @throws {ChannelError} BAD_REQUEST, and what the gate says
 */
export async function listChannels(guarded: GuardedHub, request: AccessRequest): Promise<ChannelList> {
  const status = request.query.get('status') ?? 'active'
  if (status !== 'active' && status !== 'expired')
    throw new ChannelError('BAD_REQUEST', 'status takes active or expired.')
  const limit = Math.min(numberOf(request.query, 'limit', DEFAULT_LIMIT), MAX_LIMIT)
  const offset = numberOf(request.query, 'offset', 0)
  const all = [...(await guarded.list(request, status))].sort((a, b) => b.createdAt - a.createdAt)
  return { total: all.length, channels: all.slice(offset, offset + limit) }
}

function numberOf(query: URLSearchParams, name: string, fallback: number): number {
  const wanted = query.get(name)
  if (wanted === null) return fallback
  if (!/^\d{1,9}$/.test(wanted)) throw new ChannelError('BAD_REQUEST', `${name} takes a number.`)
  return Number(wanted)
}
