import { answeringOf, type ChatState } from './chat-state.js'
import type { MessageNode } from './message-tree.js'
import type { ConversationChange, StoredConversation } from './storage/chat-storage.js'
import { changeOf } from './storage/parts-change.js'

/** What is in the storage, as far as it is known here. */
export interface Written {
  readonly nodes: ReadonlyMap<string, MessageNode>
  /** The answer that was being written, as it was: in `nodes` it is an object that goes on changing. */
  readonly live?: MessageNode | undefined
  /** The rest, as text. */
  readonly frame: string
  /** Of which state this was made. */
  readonly from?: ChatState | undefined
}

export const nothingWritten: Written = { nodes: new Map(), frame: '' }

export const writtenOf = ({ nodes, leaf, queue, info }: StoredConversation): Written => ({
  nodes: new Map(nodes.map((node) => [node.key, node])),
  frame: textOf(leaf, { queue, info }),
})

/** Nothing was ever said in it, and nothing waits: there is no conversation to be kept. */
export const isUnsaid = ({ nodes, from }: Written): boolean =>
  nodes.size === 0 && (from?.queue.length ?? 0) === 0

/** The state as it is at this moment, to be written. */
export function toWrite(now: ChatState, { from, frame }: Written): Written {
  const { tree, queue, info } = now
  const answering = answeringOf(now)
  const node = tree.nodes.get(answering?.key ?? '')
  const live = node && answering && { ...node, message: { ...answering.message } }
  const isSame = from?.tree === tree && from.queue === queue && from.info === info
  return { nodes: tree.nodes, live, frame: isSame ? frame : textOf(tree.leaf, now), from: now }
}

/** What leads from the one to the other; undefined where they are the same. */
export function changeBetween(
  former: Written,
  next: Written,
  writer: string,
): ConversationChange | undefined {
  const growth = growthOf(former, next)
  // A long history is not looked through for each piece of an answer.
  const isSameTree = next.from !== undefined && former.from?.tree === next.from.tree
  const nodes = isSameTree ? [] : changedNodes(former, next)
  const removed = isSameTree ? [] : [...former.nodes.keys()].filter((key) => !next.nodes.has(key))
  const isFramed = former.frame !== next.frame
  if (!growth && nodes.length === 0 && removed.length === 0 && !isFramed) return undefined
  if (nodes.length === 0 && removed.length === 0 && !isFramed) return { writer, nodes, growth, removed }
  // With others, the answer is written as a whole too: a piece alone is a piece.
  if (growth && next.live) nodes.push(next.live)
  const isNew = nodes.some(({ key }) => !writtenNode(former, key))
  return isFramed || isNew ? { writer, nodes, removed, frame: frameOf(next) } : { writer, nodes, removed }
}

function frameOf({ from }: Written): NonNullable<ConversationChange['frame']> {
  const { tree, queue, info } = from ?? {}
  return { leaf: tree?.leaf, queue: queue ?? [], info: { ...info, updatedAt: Date.now() } }
}

/** How the answer has grown of which a beginning is stored. */
function growthOf(former: Written, { live }: Written): ConversationChange['growth'] {
  const before = live && writtenNode(former, live.key)
  if (!live || !before || !isSameBut(before, live)) return undefined
  const change = changeOf(before.message, live.message)
  return change && { key: live.key, change }
}

function changedNodes(former: Written, { nodes, live }: Written): MessageNode[] {
  const changed: MessageNode[] = []
  for (const node of nodes.values()) {
    const before = writtenNode(former, node.key)
    if (before === node) continue
    const isLive = node.key === live?.key
    if (before && isSameBut(before, node) && (isLive || before.message === node.message)) continue
    changed.push(isLive ? live : node)
  }
  return changed
}

const writtenNode = ({ nodes, live }: Written, key: string): MessageNode | undefined =>
  live?.key === key ? live : nodes.get(key)

const isSameBut = (a: MessageNode, b: MessageNode): boolean =>
  a.parent === b.parent &&
  a.turn === b.turn &&
  a.origin === b.origin &&
  JSON.stringify(a.request) === JSON.stringify(b.request)

const textOf = (leaf: string | undefined, { queue, info }: Pick<ChatState, 'queue' | 'info'>): string =>
  JSON.stringify([leaf, queue, info.title, info.isPinned, info.isUnread])
