import { systemClock } from '../platform/system-clock.js'
import { pushClient } from './push-client.js'
import type { ReadLog } from './receiver.js'

/** Watches who this app is for the push service while one channel is open. */
export interface ClientFollower {
  readonly pushClientId: string
  /** Asks again; when the id changed, the running function is told where to push from now on. */
  check(): void
}

const TIMEOUT_MS = 8_000

/** @param pushClientId empty when there is none yet */
export function createClientFollower(
  channelId: string,
  pushClientId: string,
  readLog: ReadLog,
): ClientFollower {
  let current = pushClientId
  let checking = false

  async function check() {
    checking = true
    try {
      const { pushClientId: now } = await pushClient(systemClock, TIMEOUT_MS)
      if (now === current) return
      await readLog({ action: 'move', channelId, pushClientId: now })
      current = now
    } catch {
      // The log is read all the same, and the next check asks again.
    } finally {
      checking = false
    }
  }

  return {
    get pushClientId() {
      return current
    },
    check() {
      if (!checking) void check()
    },
  }
}
