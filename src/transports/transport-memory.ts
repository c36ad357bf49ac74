import type { Clock } from '../core/clock.js'
import type { Transport, TransportRequest } from './transport.js'

/** What is known of one transport towards one server. */
interface Experience {
  /** It has delivered something. */
  proven: boolean
  /** Connections in a row that broke before anything came. */
  failures: number
  failedAt: number
}

/** What an app has learned of one server. Verdicts are forgotten in time: networks and servers change. */
export interface TransportMemory {
  /** The best of these for the request; the order decides between equals. */
  choose(candidates: readonly Transport[], request: TransportRequest): Transport | undefined
  /** It has delivered something, and has not failed twice since. */
  isProven(transport: Transport): boolean
  worked(transport: Transport): void
  /** Nothing was heard. That says little: of everything nothing may have been heard. */
  failed(transport: Transport): void
  /**
   * The server has sent something that the transport has not given: it is held back, by the platform (`alone`), or on
   * the way, where it happens to every transport of the same path.
   */
  fellSilent(transport: Transport, alone: boolean): void
  /** `ours`: it has named a channel, so it speaks docs/protocol.md. `foreign`: it has answered without. */
  server: 'unknown' | 'ours' | 'foreign'
}

/** A proven transport may fail once: networks do. */
const FAILURES_FORGIVEN = 1

/** For so long a verdict counts, in milliseconds. */
const VERDICT_MS = 5 * 60_000

export function createTransportMemory(clock: Pick<Clock, 'now'>): TransportMemory {
  const experiences = new Map<string, Experience>()
  /** When a transport, or a path, was found to hold back what was sent. */
  const silences = new Map<string, number>()

  const isFresh = (at: number | undefined) => at !== undefined && clock.now() - at < VERDICT_MS

  function of(transport: Transport): Experience {
    const known = experiences.get(transport.name)
    if (known) {
      if (known.failures > 0 && !isFresh(known.failedAt)) known.failures = 0
      return known
    }
    const fresh: Experience = { proven: false, failures: 0, failedAt: 0 }
    experiences.set(transport.name, fresh)
    return fresh
  }

  const isSilent = ({ name, path }: Transport) =>
    isFresh(silences.get(name)) || isFresh(silences.get(`path ${path ?? name}`))

  const isProven = (transport: Transport) =>
    of(transport).proven && of(transport).failures <= FAILURES_FORGIVEN && !isSilent(transport)

  // A start may be billed and can't be repeated, so it takes what is proven; a read may try what once failed.
  function penalty(transport: Transport, request: TransportRequest): number {
    const { failures } = of(transport)
    if (isSilent(transport)) return 1_000 + failures
    if (isProven(transport)) return failures - FAILURES_FORGIVEN
    return failures + (request.method === 'POST' ? 0.5 : 0)
  }

  return {
    server: 'unknown',
    choose: (candidates, request) =>
      candidates.reduce<Transport | undefined>(
        (best, candidate) =>
          best && penalty(best, request) <= penalty(candidate, request) ? best : candidate,
        undefined,
      ),
    isProven,
    worked(transport) {
      // What failed and now works shows that it was the network, or the server: the failures of all were of that time.
      if (of(transport).failures > 0) for (const each of experiences.values()) each.failures = 0
      of(transport).proven = true
      silences.delete(transport.name)
      silences.delete(`path ${transport.path ?? transport.name}`)
    },
    failed(transport) {
      const known = of(transport)
      known.failures++
      known.failedAt = clock.now()
    },
    fellSilent(transport, alone) {
      of(transport).proven = false
      silences.set(alone ? transport.name : `path ${transport.path ?? transport.name}`, clock.now())
    },
  }
}
