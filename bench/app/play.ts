import { onUnmounted, ref, shallowRef, type Ref } from 'vue'

interface Order {
  readonly pieces: readonly string[]
  readonly everyMs: number
}

/** The text that storage orders, growing piece by piece at the pace it orders. */
export function usePlay(): { text: Ref<string>; status: Ref<'streaming' | 'done'> } {
  const { pieces, everyMs } = uni.getStorageSync('play') as Order
  const text = shallowRef('')
  const status = ref<'streaming' | 'done'>('streaming')
  let next = 0
  const timer = setInterval(() => {
    const piece = pieces[next++]
    if (piece !== undefined) text.value += piece
    else {
      clearInterval(timer)
      status.value = 'done'
    }
  }, everyMs)
  onUnmounted(() => clearInterval(timer))
  return { text, status }
}
