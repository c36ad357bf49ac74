import type { Connection } from './connection.js'
import { beatScript, CLEANED_AT_ONCE, leaveScript } from './node-scripts.js'

export interface MembershipOptions {
  readonly connection: Connection
  readonly prefix: string
  readonly node: string
  /** The first arguments of every script. */
  readonly settings: readonly string[]
  readonly leaseMs: number
}

/**
 * This node among the others: renews its lease, ends the runs of those that are dead, cleans up.
 * A lease runs out after 0.7 of `leaseMs` and is looked at every tenth, so that the rest is left for the news to travel.
 */
export interface Membership {
  /** This node will write no more of a run. It is ended as soon as Redis can be reached. */
  abandon(channelId: string): void
  /** Ends what it still runs and forgets this node. */
  leave(): Promise<void>
}

/** To the next beat while there is more to clean up than one takes, in milliseconds. */
const SOON_MS = 50

export function createMembership(options: MembershipOptions): Membership {
  const { connection, prefix, node, settings, leaseMs } = options
  const abandoned = new Set<string>()
  const ttlMs = Math.round(leaseMs * 0.7)
  const everyMs = leaseMs / 10
  let state: 'beating' | 'left' = 'beating'
  let timer: NodeJS.Timeout | undefined
  let beating: Promise<void> = beat()

  async function beat() {
    const given = [...abandoned]
    let delayMs = everyMs
    try {
      const cleaned = await connection.script(beatScript, prefix, [
        ...settings,
        node,
        String(ttlMs),
        ...given,
      ])
      for (const channelId of given) abandoned.delete(channelId)
      if (Number(cleaned) >= CLEANED_AT_ONCE) delayMs = Math.min(everyMs, SOON_MS)
    } catch {
      // Reported by the connection; the next beat comes anyway.
    }
    if (state === 'beating') timer = setTimeout(() => (beating = beat()), delayMs).unref()
  }

  return {
    abandon: (channelId) => void abandoned.add(channelId),
    async leave() {
      state = 'left'
      clearTimeout(timer)
      await beating
      await connection.script(leaveScript, prefix, [...settings, node])
    },
  }
}
