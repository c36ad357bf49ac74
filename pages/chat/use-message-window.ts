import type { ChatMessage } from 'uni-sse-channel'
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'

/** As many as fill a large screen. */
const PAGE = 20

/** So many more at a time. On H5 the list asks again in the next frame, as long as it needs more: none takes long. */
let earlier = PAGE
// #ifdef H5
earlier = 1
// #endif

export interface MessageWindow {
  readonly shown: ComputedRef<readonly ChatMessage[]>
  readonly hasEarlier: ComputedRef<boolean>
  showEarlier(): void
}

/** The newest messages of a conversation, and earlier ones on demand: a long conversation opens as fast as a short one. */
export function useMessageWindow(
  messages: Readonly<Ref<readonly ChatMessage[]>>,
  id: Readonly<Ref<string>>,
): MessageWindow {
  const newest = () => Math.max(0, messages.value.length - PAGE)
  /** Of an empty conversation nothing is known: its messages may only be on their way. */
  const from = ref<number>()
  const begin = () => (from.value = messages.value.length ? newest() : undefined)
  watch([id, () => messages.value.length === 0], begin, { flush: 'sync', immediate: true })
  // Another branch may be shorter.
  const start = computed(() => Math.min(from.value ?? Infinity, newest()))
  return {
    shown: computed(() => messages.value.slice(start.value)),
    hasEarlier: computed(() => start.value > 0),
    showEarlier() {
      from.value = Math.max(0, start.value - earlier)
    },
  }
}
