import type { Transport, TransportRequest } from './transport.js'

/** What is known of one transport towards one server. */
interface Experience {
  /** It has delivered something, and has not failed twice since. */
  proven: boolean
  /** Connections in a row that broke before anything came. */
  failures: number
  /** It connects, but nothing comes before the answer is complete: the platform or a proxy holds it back. */
  silent: boolean
}

/** What an app has learned of one server, for as long as it lives. */
export interface TransportMemory {
  /** The best of these for the request; the order decides between equals. */
  choose(candidates: readonly Transport[], request: TransportRequest): Transport | undefined
  isProven(transport: Transport): boolean
  worked(transport: Transport): void
  failed(transport: Transport): void
  fellSilent(transport: Transport): void
  /** `ours`: it has named a channel, so it speaks docs/protocol.md. `foreign`: it has answered without. */
  server: 'unknown' | 'ours' | 'foreign'
}

/** A proven transport may fail once: networks do. */
const FAILURES_FORGIVEN = 1

export function createTransportMemory(): TransportMemory {
  const experiences = new Map<string, Experience>()

  function of(transport: Transport): Experience {
    const known = experiences.get(transport.name)
    if (known) return known
    const fresh: Experience = { proven: false, failures: 0, silent: false }
    experiences.set(transport.name, fresh)
    return fresh
  }

  // A start may be billed and can't be repeated, so it takes what is proven; a read may try what once failed.
  function penalty(transport: Transport, request: TransportRequest): number {
    const { proven, failures, silent } = of(transport)
    if (silent) return 1_000 + failures
    if (proven) return failures - FAILURES_FORGIVEN
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
    isProven: (transport) => of(transport).proven,
    worked(transport) {
      Object.assign(of(transport), { proven: true, failures: 0, silent: false })
    },
    failed(transport) {
      const known = of(transport)
      known.failures++
      known.proven = known.proven && known.failures <= FAILURES_FORGIVEN
    },
    fellSilent(transport) {
      Object.assign(of(transport), { proven: false, silent: true })
      of(transport).failures++
    },
  }
}
