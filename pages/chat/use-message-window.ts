import type { ChatMessage } from 'uni-sse-channel'
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'

/** As many as fill a large screen, and more are shown at a time. */
const PAGE = 20

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
  const from = ref(newest())
  watch(id, () => (from.value = newest()), { flush: 'sync' })
  // Another branch may be shorter.
  const start = computed(() => Math.min(from.value, newest()))
  return {
    shown: computed(() => messages.value.slice(start.value)),
    hasEarlier: computed(() => start.value > 0),
    showEarlier() {
      from.value = Math.max(0, start.value - PAGE)
    },
  }
}
