import type { ConversationInfo } from 'uni-sse-channel'
import { computed, type ComputedRef, type Ref } from 'vue'

/**
 * The storage tells of each piece of an answer: this list stays the same object until something that is shown of it
 * changes.
 */
export function listedConversations(
  all: Readonly<Ref<readonly ConversationInfo[]>>,
): ComputedRef<readonly ConversationInfo[]> {
  let former: readonly ConversationInfo[] = []
  let shown = ''
  return computed(() => {
    const now = all.value
    const next = JSON.stringify(
      now.map(({ id, title, isPinned, isUnread }) => [id, title, isPinned, isUnread]),
    )
    if (next !== shown) {
      shown = next
      former = now
    }
    return former
  })
}
