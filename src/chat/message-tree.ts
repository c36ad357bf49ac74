import type { Origin } from '../messages/message-of.js'
import type { ChatMessage } from './chat-message.js'
import type { RequestExtras } from './message-queue.js'

/** A message and what it follows. `key` stays the same, even where the server gives the message another id. */
export interface MessageNode {
  readonly key: string
  /** The key of the message before it. */
  readonly parent: string | undefined
  readonly message: ChatMessage
  /** What the message was before the run that goes on with it. */
  readonly origin?: Origin | undefined
  /** How often it was asked for again under this key, or gone on with: what is of a later turn is further. */
  readonly turn?: number | undefined
  /** How this answer was asked for, until it is complete. */
  readonly request?: PendingRequest | undefined
}

/** A request whose answer is not complete: enough to ask again after a restart. */
export interface PendingRequest extends RequestExtras {
  readonly trigger: Trigger
  readonly messageId: string | undefined
  /** It has not left: there was no network. Asked again under the same channel id it is one run. */
  readonly isUnsent?: boolean | undefined
}

/** Why an answer is asked for, in the AI SDK's words. */
export type Trigger = 'submit-message' | 'regenerate-message'

/**
 * All that was ever said in a conversation: an edited question and an answer that was asked for again are siblings of
 * the former ones. Never changed; each function gives another.
 */
export interface MessageTree {
  /** In the order they were made. */
  readonly nodes: ReadonlyMap<string, MessageNode>
  /** The last message of what is shown. */
  readonly leaf: string | undefined
}

export const emptyTree: MessageTree = { nodes: new Map(), leaf: undefined }

/** A conversation without branches. */
export function treeOf(messages: readonly ChatMessage[], former: MessageTree = emptyTree): MessageTree {
  const nodes = new Map<string, MessageNode>()
  let leaf: string | undefined
  for (const message of messages) {
    const known = pathOf(former).find((node) => node.message === message || node.message.id === message.id)
    const key = uniqueKey(known?.key ?? message.id, nodes)
    const { origin, turn } = known ?? {}
    nodes.set(key, { key, parent: leaf, message, ...(origin && { origin }), ...(turn && { turn }) })
    leaf = key
  }
  return { nodes, leaf }
}

/** A node of this key that is asked for once more. */
export function nextTurn({ nodes }: MessageTree, node: MessageNode): MessageNode {
  const former = nodes.get(node.key)
  return former ? { ...node, turn: (former.turn ?? 0) + 1 } : node
}

export function uniqueKey(wanted: string, nodes: ReadonlyMap<string, unknown>): string {
  let key = wanted
  for (let count = 2; nodes.has(key); count++) key = `${wanted}~${count}`
  return key
}

/** From the first message to this one, or to the last that is shown. */
export function pathOf({ nodes, leaf }: MessageTree, to = leaf): readonly MessageNode[] {
  const path: MessageNode[] = []
  const seen = new Set<string>()
  for (let node = to === undefined ? undefined : nodes.get(to); node && !seen.has(node.key);) {
    seen.add(node.key)
    path.push(node)
    node = node.parent === undefined ? undefined : nodes.get(node.parent)
  }
  return path.reverse()
}

/** With this node, which is the last that is shown. */
export function withLeaf(tree: MessageTree, node: MessageNode): MessageTree {
  return { nodes: new Map(tree.nodes).set(node.key, node), leaf: node.key }
}

/** With this node in place of the former one with its key. */
export function withNode({ nodes, leaf }: MessageTree, node: MessageNode): MessageTree {
  return { nodes: new Map(nodes).set(node.key, node), leaf }
}

/** The messages that stand in the same place, the oldest first. */
export function siblingsOf({ nodes }: MessageTree, key: string): readonly MessageNode[] {
  const node = nodes.get(key)
  if (!node) return []
  return [...nodes.values()].filter(({ parent }) => parent === node.parent)
}

/** Shows this message and the newest of what follows it. */
export function shownAt(tree: MessageTree, key: string): MessageTree {
  let leaf = key
  const newest = new Map<string, string>()
  for (const { key: child, parent } of tree.nodes.values())
    if (parent !== undefined) newest.set(parent, child)
  for (let next = newest.get(leaf); next !== undefined && next !== leaf; next = newest.get(leaf)) leaf = next
  return { nodes: tree.nodes, leaf }
}
