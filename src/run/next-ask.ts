import type { ErrorCode } from '../core/error-codes.js'
import { isReadable, type Known } from '../core/known.js'

/**
 * What a retry does.
 * - `read`: the run may still be going, so it is read on; a second one would be paid for.
 * - `same`: nothing answered the start. It is sent again under its id: should both arrive, a server of ours runs one.
 * - `new`: a new run, of the same input.
 * - `nothing`: the run is over, and what it was asked is not known here.
 */
export type NextAsk = 'read' | 'same' | 'new' | 'nothing'

const meansTheId: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FORBIDDEN',
  'BAD_REQUEST',
  'CHANNEL_CLAIMED',
  'CHANNEL_CLOSED',
  'CHANNEL_STOPPED',
  'HISTORY_EXPIRED',
])

/**
 * Decided from what is known of the run, never from what a page shows of it.
 * @param refusal how the run ended last
 * @param hasInput it was started here
 */
export function nextAsk(
  known: Known,
  refusal: ErrorCode | undefined,
  hasInput: boolean,
  canRead: boolean,
): NextAsk {
  if (!hasInput) return known.fate === 'alive' ? 'read' : 'nothing'
  if (known.accepted) return known.fate === 'alive' && isReadable(known, canRead) ? 'read' : 'new'
  // The start itself was refused, and its id may be why. What refused a read says nothing of the start.
  const isRefused = known.startedAt === undefined && refusal !== undefined && meansTheId.has(refusal)
  return known.fate === 'over' || isRefused ? 'new' : 'same'
}
