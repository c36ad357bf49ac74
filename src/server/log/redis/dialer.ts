import { within } from '../../within.js'
import type { Link } from './redis-client.js'

export interface DialerOptions {
  readonly open: (onTrouble: (cause: unknown) => void) => Link
  /** A link is there; the one before is closed already. */
  readonly onUp: (link: Link) => void
  /** The link is gone, or a new one could not be made. */
  readonly onTrouble: (cause: unknown) => void
}

/** Keeps one link up: makes the next one when it is lost, or when its user finds it useless. */
export interface Dialer {
  /** The link, while there is one. */
  current(): Link | undefined
  /**
   * Makes a new link in the place of this one. `keep`: it stays in use until the new one is there, as it may only be
   * slow; else it is closed at once. Nothing where that is under way, or the link is not the current one.
   */
  renew(link: Link, old: 'keep' | 'close'): void
  close(): void
}

const FIRST_MS = 50
const MOST_MS = 1_000
/** How long a link may take until it is up, in milliseconds; doubles up to the second: a new server may be slow, too. The first has the longer time at once: nothing waits yet. */
const UP_MS = 2_000
const UP_MOST_MS = 8_000

export function createDialer({ open, onUp, onTrouble }: DialerOptions): Dialer {
  let link: Link | undefined
  let state: 'dialling' | 'up' | 'closed' = 'dialling'
  /** Since a link has held for a while. */
  let failures = 0
  let upAt: number | undefined
  const isClosed = () => state === 'closed'

  async function tryOnce(): Promise<Link | undefined> {
    let seen: unknown
    let made: Link | undefined
    try {
      const next = open((cause) => {
        seen = cause
        if (isClosed() || !made || link !== made) return
        onTrouble(cause)
        renew(made, 'close')
      })
      made = next
      const up = next.connect().then(() => 'up' as const)
      // Closed while it is on its way, it rejects.
      up.catch(() => undefined)
      const limitMs = upAt === undefined ? UP_MOST_MS : Math.min(UP_MS * 2 ** failures, UP_MOST_MS)
      if ((await within(limitMs, 'late', up)) === 'up') return next
      throw seen ?? new Error('Redis does not answer.')
    } catch (cause) {
      made?.close()
      // Where it is only silent that is told by those who wait.
      if (!isClosed() && !link && (seen !== undefined || cause !== undefined)) onTrouble(seen ?? cause)
    }
    return undefined
  }

  async function dial() {
    state = 'dialling'
    while (!isClosed()) {
      if (failures > 0) await pause(Math.min(FIRST_MS * 2 ** failures, MOST_MS) * (0.5 + Math.random() / 2))
      const next = isClosed() ? undefined : await tryOnce()
      failures++
      if (!next) continue
      if (isClosed()) return next.close()
      const old = link
      link = next
      state = 'up'
      upAt = performance.now()
      old?.close()
      onUp(next)
      return
    }
  }

  function renew(useless: Link, old: 'keep' | 'close') {
    if (state === 'closed' || useless !== link) return
    if (old === 'close') {
      link.close()
      link = undefined
    }
    if (state === 'dialling') return
    // One that was of use for a while is replaced at once.
    if (performance.now() - (upAt ?? 0) > MOST_MS) failures = 0
    void dial()
  }

  void dial()

  return {
    current: () => link,
    renew,
    close() {
      state = 'closed'
      link?.close()
      link = undefined
    },
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
