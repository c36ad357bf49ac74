import type { StoredConversation } from './storage/chat-storage.js'
import { isFurther } from './storage/is-further.js'
import type { MessageNode, MessageTree } from './message-tree.js'

/**
 * What is shown here and what somebody else has stored, together: of each message the later state.
 * @param answering the answer that is being written here: it is ahead of any storage
 * @param unwritten keys of what only this tab has: there was no room for it
 */
export function mergeTrees(
  here: MessageTree,
  stored: StoredConversation,
  answering: string | undefined,
  unwritten: ReadonlySet<string> = new Set(),
): MessageTree {
  const nodes = new Map<string, MessageNode>()
  for (const node of stored.nodes) {
    const own = here.nodes.get(node.key)
    const isOwn = own && (node.key === answering || isFurther(own, node))
    nodes.set(node.key, isOwn ? own : node)
  }
  const { leaf } = here
  const own = [...unwritten, ...(answering === undefined ? [] : [answering])]
  for (const node of own.flatMap((key) => chainOf(here, key)))
    if (!nodes.has(node.key)) nodes.set(node.key, node)
  return { nodes, leaf: answering !== undefined || unwritten.has(leaf ?? '') ? leaf : stored.leaf }
}

function chainOf({ nodes }: MessageTree, key: string): readonly MessageNode[] {
  const chain: MessageNode[] = []
  for (let node = nodes.get(key); node; node = node.parent === undefined ? undefined : nodes.get(node.parent))
    chain.unshift(node)
  return chain
}
