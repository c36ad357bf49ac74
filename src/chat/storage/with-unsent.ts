import type { StoredConversation } from './chat-storage.js'
import { isFurther } from './is-further.js'
import type { MessageNode } from '../message-tree.js'
import { isMarked, type Unsent } from './unsent-changes.js'

/**
 * What the server has of a conversation, with what it does not have yet. Of each message the later state; the path and the
 * queue are those of here if something was said here that the server has not heard of, else the server's.
 */
export function withUnsent(
  served: StoredConversation,
  here: StoredConversation | undefined,
  unsent: Unsent | undefined,
): StoredConversation {
  if (!here) return served
  const own = new Map(here.nodes.map((node) => [node.key, node]))
  const isUnsent = ({ key }: MessageNode) => isMarked(unsent?.nodes, key)
  const known = new Set(served.nodes.map(({ key }) => key))
  const nodes = served.nodes.flatMap((node) => {
    if (isMarked(unsent?.removed, node.key)) return []
    const mine = own.get(node.key)
    return [mine && (isUnsent(mine) || isFurther(mine, node)) ? mine : node]
  })
  const added = here.nodes.filter((node) => !known.has(node.key) && isUnsent(node))
  const all = [...nodes, ...added]
  if (!unsent || unsent.frame === 0) return { ...served, nodes: all }
  const info = { ...served.info, title: here.info.title, isPinned: here.info.isPinned }
  const isSaid = added.length > 0 || unsent.removed.length > 0
  if (!isSaid) return { ...served, info, nodes: all }
  const waiting = new Set(here.queue.map(({ id }) => id))
  const said = new Set(all.map(({ message }) => message.id))
  const others = served.queue.filter(({ id }) => !waiting.has(id) && !said.has(id))
  return { info, nodes: all, leaf: here.leaf, queue: [...here.queue, ...others] }
}
