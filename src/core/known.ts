import type { ChannelEvent } from './channel-event.js'
import { parseCursor, succession } from './cursor.js'
import type { Aftermath } from './error-codes.js'

/**
 * Whose server answers a run.
 * - `ours`: it has named the channel (`x-channel-id`), has gone on from a cursor of ours, or, where heads are hidden,
 *   gives ids as only our server makes them. Its ids are cursors, it can
 *   be read on, it takes a stop, it sends heartbeats.
 * - `foreign`: it has answered without a name. Its ids mean nothing to us, and none of the above holds.
 * - `unknown`: nothing has answered, or the platform hides heads.
 */
export type ServerKind = 'unknown' | 'ours' | 'foreign'

/**
 * What is known of one run. It belongs to the run's channel id and not to a connection: it outlives them all, and what
 * may be asked next (read on, start, stop, give up) is decided from it alone.
 */
export interface Known {
  /** As proposed, until the server names another. */
  readonly channelId: string
  readonly server: ServerKind
  /** A head has come, so there is, or was, such a run. */
  readonly accepted: boolean
  /** When a start that may have arrived was first dialled, in clock time; undefined: there is none. */
  readonly startedAt: number | undefined
  /** Id of the last event delivered; always undefined where ids are not ours. */
  readonly cursor: string | undefined
  /** Something was delivered that left no cursor: there is no telling where we are, so nothing can be read on. */
  readonly blind: boolean
  /** An event has been delivered; with a cursor that was given there may be a place without one. */
  readonly delivered: boolean
  readonly fate: Aftermath
}

/** A run of which nothing is known but its id, and where to read it from. */
export const knownOf = (channelId: string, cursor?: string): Known => ({
  channelId,
  server: 'unknown',
  accepted: false,
  startedAt: undefined,
  cursor,
  blind: false,
  delivered: false,
  fate: 'alive',
})

/** What an answer's head tells of whose it is. */
export interface Head {
  /** Absent where the server names none. */
  readonly channelId?: string | undefined
  /** The platform does not show heads, so that no name means nothing. */
  readonly isHidden?: boolean
}

export function afterHead(known: Known, { channelId, isHidden = false }: Head): Known {
  const accepted = { ...known, accepted: true }
  if (channelId !== undefined) return { ...accepted, channelId, server: 'ours' }
  return isHidden || known.server === 'ours' ? accepted : { ...accepted, server: 'foreign' }
}

/** Can a lost connection be read on? */
export const isReadable = ({ server, blind }: Known, canRead: boolean): boolean =>
  canRead && server !== 'foreign' && !blind

export interface Ruling {
  readonly known: Known
  /** `missing`: there is a hole before it. `other-run`: it belongs to another life of the channel. */
  readonly verdict: 'deliver' | 'seen' | 'missing' | 'other-run'
}

const verdicts = {
  next: 'deliver',
  opaque: 'deliver',
  duplicate: 'seen',
  gap: 'missing',
  'other-epoch': 'other-run',
} as const

/**
 * What to do with an event, and what it tells.
 * @param isReadOn it answers a read from a cursor
 */
export function rule(known: Known, { id }: ChannelEvent, isReadOn: boolean): Ruling {
  const order = id === '' ? 'opaque' : succession(known.cursor, id)
  const isOurs = (isReadOn && goesOn(known, id)) || (known.server === 'unknown' && ofOurMaking.test(id))
  const server = isOurs ? 'ours' : known.server
  // As long as it is not known whose they are, ids are cursors only while they count as ours would.
  if (server === 'foreign' || (server === 'unknown' && order !== 'next')) {
    const foreign = { ...known, server: 'foreign', cursor: undefined, blind: true, delivered: true } as const
    return { known: foreign, verdict: 'deliver' }
  }
  const verdict = verdicts[order]
  if (verdict !== 'deliver') return { known: { ...known, server }, verdict }
  const cursor = id || known.cursor
  return { known: { ...known, server, cursor, blind: id === '', delivered: true }, verdict }
}

/** A cursor whose epoch has the 72 random bits that our server gives it: where heads are hidden, it names itself so. */
const ofOurMaking = /^[0-9a-f]{18}(?:\.[A-Za-z0-9]+)?_\d+$/

/** Asked for what comes after a cursor of ours, it answers with ids of ours. */
function goesOn({ server, cursor }: Known, id: string): boolean {
  const before = parseCursor(cursor ?? '')
  const after = parseCursor(id)
  if (!before || !after) return false
  return server === 'unknown' || before.epoch === after.epoch
}
