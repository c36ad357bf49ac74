import type { ConversationNode } from './conversation-store.js'

export type Nodes = ReadonlyMap<string, ConversationNode>

export const nodesByKey = (nodes: readonly ConversationNode[]): Nodes =>
  new Map(nodes.map((node) => [node.key, node]))

/** From the first message to this one. A client's tree may be broken: what goes round in it ends. */
export function nodePath(nodes: Nodes, key: string | undefined): readonly ConversationNode[] {
  const path: ConversationNode[] = []
  const seen = new Set<string>()
  for (let next = key; next !== undefined && !seen.has(next);) {
    const node = nodes.get(next)
    if (!node) break
    seen.add(next)
    path.unshift(node)
    next = node.parent
  }
  return path
}

/** The node of a message or a key: of several that of the path which is shown, else the newest. */
export function findNode(nodes: Nodes, leaf: string | undefined, id: string): ConversationNode | undefined {
  const isIt = ({ key, message }: ConversationNode) => message.id === id || key === id
  return nodePath(nodes, leaf).find(isIt) ?? [...nodes.values()].reverse().find(isIt)
}

/** A key that no node has. */
export function freeKey(nodes: Nodes, wanted: string): string {
  let key = wanted
  for (let count = 2; nodes.has(key); count++) key = `${wanted}~${count}`
  return key
}
