import type { ChannelLog } from './channel-log.js'

export interface ControlWatch {
  end(): void
}

const POLL_MS = 1_000
const BEAT_MS = 10_000
/** Without a write. A function that returned without end() must not poll for as long as its container lives. */
const FORGOTTEN_AFTER_MS = 600_000

export interface ControlListener {
  /** When the function last wrote, in clock time. */
  usedAt(): number
  stop(): void
  moved(pushClientId: string): void
}

/**
 * Looks once a second whether the client asked to stop or changed its push id, and shows readers every ten that
 * the function is alive. A storage that fails is asked again at the next turn.
 */
export function watchControl(
  log: ChannelLog,
  channelId: string,
  expiresAt: () => number,
  listener: ControlListener,
): ControlWatch {
  let ended = false
  let beatAt = 0
  let client: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  async function turn() {
    try {
      await look()
    } catch {
      // The next turn asks again.
    }
    if (ended || Date.now() > listener.usedAt() + FORGOTTEN_AFTER_MS) return
    timer = setTimeout(() => void turn(), POLL_MS)
    // Node must be able to end although a channel was never ended.
    timer.unref()
  }

  async function look() {
    if (Date.now() - beatAt >= BEAT_MS) {
      beatAt = Date.now()
      await log.setControl(channelId, 'beatAt', String(beatAt), expiresAt())
    }
    const control = await log.control(channelId)
    if (ended) return
    if (control.pushClientId !== undefined && control.pushClientId !== client) {
      listener.moved(control.pushClientId)
      client = control.pushClientId
    }
    if (!control.stop) return
    ended = true
    listener.stop()
  }

  void turn()
  return {
    end() {
      ended = true
      clearTimeout(timer)
    },
  }
}
