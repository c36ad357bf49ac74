import { effectScope, watch } from 'vue'
import { platformLifecycle } from '../platform/platform-lifecycle.js'
import type { Channel } from '../run/channel.js'
import { onLetGo } from '../run/let-go.js'
import { answeringOf } from './chat-state.js'
import type { ConversationRecord } from './conversation-record.js'
import type { Hearing } from './hearing.js'
import { mergeTrees } from './merge-trees.js'
import type { NeighbourTab } from './neighbour-tab.js'
import type { ShownState } from './shown-state.js'
import type { StoredConversation } from './storage/chat-storage.js'

/**
 * Shows what is stored of the conversation, and what others write of it later; stores the answer while it is written. As
 * long as the channel is there, whoever shows it: an answer is stored while no page is open.
 * @param removed nobody wants what is still being written of it
 * @returns undefined when the conversation is there already
 */
export function keepStored(
  record: ConversationRecord,
  channel: Channel,
  shown: ShownState,
  hearing: Hearing,
  neighbour: NeighbourTab,
  removed: () => void,
): PromiseLike<void> | undefined {
  function take(stored: StoredConversation, unwritten?: ReadonlySet<string>) {
    const { tree, stage } = shown.now
    shown.set({
      info: { ...stored.info, ...(hearing.isHeard && { isUnread: false }) },
      queue: stored.queue,
      tree: mergeTrees(tree, stored, answeringOf({ stage })?.key, unwritten),
    })
  }

  const loading = record.load((stored) => {
    if (stored) take(stored)
    else if (shown.now.tree.nodes.size > 0) record.save()
  })
  onLetGo(
    channel,
    record.subscribe({
      changed(stored, unwritten) {
        take(stored, unwritten)
        neighbour.heard()
      },
      removed,
    }),
  )
  onLetGo(channel, () => neighbour.leave())
  // Who is hidden may be killed.
  onLetGo(
    channel,
    platformLifecycle().subscribe((change) => change === 'background' && record.save()),
  )
  const pieceCame = () => answeringOf(shown.now) && record.saveSoon()
  effectScope(true).run(() => {
    watch([channel.answer, channel.status, channel.channelId], pieceCame, { flush: 'sync' })
  })
  return loading
}
