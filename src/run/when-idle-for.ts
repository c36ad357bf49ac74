import { effectScope, watch } from 'vue'
import type { Channel } from './channel.js'

/** Longer delays overflow to 1 ms in every runtime. */
const MAX_DELAY_MS = 0x7fffffff

/**
 * Calls once when no run of the channel has been going for so long, in milliseconds. Returns its undo.
 * The limit is a politeness towards memory: a timer that a suspension delays is early enough.
 */
export function whenIdleFor(channel: Channel, idleMs: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  // Of its own: the page in which it happens to be made may go first.
  const scope = effectScope(true)

  function end() {
    clearTimeout(timer)
    scope.stop()
  }

  function wait() {
    clearTimeout(timer)
    if (channel.isLive) return
    timer = setTimeout(
      () => {
        end()
        run()
      },
      Math.min(idleMs, MAX_DELAY_MS),
    )
    // Node waits for its timers; a script that has nothing else to do need not wait for this one.
    ;(timer as { unref?: () => void }).unref?.()
  }

  scope.run(() => watch(channel.status, wait, { flush: 'sync' }))
  wait()
  return end
}
