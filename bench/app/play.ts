import { onUnmounted, ref, shallowRef, type Ref } from 'vue'

interface Order {
  readonly pieces: readonly string[]
  readonly everyMs: number
  /** Bring pieces by the clock: who is slow gets several at once, as from a network. */
  readonly byClock?: boolean
  /** Milliseconds before the first piece, for what measures from there. Default 0. */
  readonly waitMs?: number
  /** All of it is there at once, and complete. */
  readonly restored?: boolean
}

/** The text that storage orders, growing piece by piece at the pace it orders. */
export function usePlay(): { text: Ref<string>; status: Ref<'streaming' | 'done'> } {
  const {
    pieces,
    everyMs,
    byClock = false,
    waitMs = 0,
    restored = false,
  } = uni.getStorageSync('play') as Order
  const text = shallowRef('')
  const status = ref<'streaming' | 'done'>('streaming')
  const begun = Date.now() + waitMs
  let next = 0
  const timer = setInterval(() => {
    if (Date.now() < begun) return
    if (restored) status.value = 'done'
    if (next >= pieces.length) {
      clearInterval(timer)
      status.value = 'done'
      return
    }
    // For traces: mini-programs have no marks.
    if (next === 0 && typeof performance !== 'undefined') performance.mark?.('first piece')
    const due = byClock ? Math.ceil((Date.now() - begun) / everyMs) : next + 1
    text.value += pieces.slice(next, due).join('')
    next = due
  }, everyMs)
  onUnmounted(() => clearInterval(timer))
  return { text, status }
}
