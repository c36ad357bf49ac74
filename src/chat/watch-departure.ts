import { effectScope, watch } from 'vue'
import { platformLifecycle } from '../platform/platform-lifecycle.js'
import type { Channel } from '../run/channel.js'
import { answeringOf } from './chat-state.js'
import { withNode } from './message-tree.js'
import type { ShownState } from './shown-state.js'

/** Notes of a request that was kept for want of a network that it has left: from now on it is read, not sent. */
export function watchDeparture(channel: Channel, shown: ShownState): void {
  const note = (connection: string) => {
    const { tree } = shown.now
    const node = tree.nodes.get(answeringOf(shown.now)?.key ?? '')
    // Dialled with a network, or answered.
    const hasLeft = connection === 'open' || (connection === 'connecting' && platformLifecycle().isOnline())
    if (!hasLeft || !node?.request?.isUnsent) return
    shown.set({ tree: withNode(tree, { ...node, request: { ...node.request, isUnsent: undefined } }) })
  }
  effectScope(true).run(() => watch(channel.connection, note, { flush: 'sync' }))
}
