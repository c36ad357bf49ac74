import { shallowRef, type ShallowRef } from 'vue'
import { answeringOf, resting, type ChatState } from './chat-state.js'
import type { ChatMessage } from './chat-message.js'
import type { QueuedMessage } from './message-queue.js'
import { pathOf, treeOf, type MessageNode } from './message-tree.js'

type Readable<T> = Readonly<ShallowRef<T>>

/** A conversation's state, and what pages see of it. */
export interface ShownState {
  /** Plain: a watcher of one ref may look and act before the next ref has changed. */
  readonly now: ChatState
  /** The last message that is shown. */
  readonly last: MessageNode | undefined
  readonly messages: Readable<readonly ChatMessage[]>
  readonly queue: Readable<readonly QueuedMessage[]>
  /** True until the answer is complete in `messages`. */
  readonly isAnswering: Readable<boolean>
  /** Shows this, then calls `changed`. */
  set(change: Partial<ChatState>): void
}

export function createShownState(first: readonly ChatMessage[], changed: () => void): ShownState {
  let now: ChatState = { tree: treeOf(first), queue: [], info: {}, stage: resting }
  const messages = shallowRef(first)
  const queue = shallowRef<readonly QueuedMessage[]>([])
  const isAnswering = shallowRef(false)

  function show() {
    const path = pathOf(now.tree).map(({ message }) => message)
    const before = messages.value
    // Whoever lists them renders when a message comes or is complete, and not for what is not shown.
    const isSame = path.length === before.length && path.every((message, index) => message === before[index])
    queue.value = now.queue
    if (!isSame) messages.value = path
    isAnswering.value = answeringOf(now) !== undefined
  }

  return {
    get now() {
      return now
    },
    get last() {
      const { nodes, leaf } = now.tree
      return leaf === undefined ? undefined : nodes.get(leaf)
    },
    messages,
    queue,
    isAnswering,
    set(change) {
      now = { ...now, ...change }
      show()
      changed()
    },
  }
}
