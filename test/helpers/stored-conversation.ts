import type { MessageNode } from '../../src/chat/message-tree.js'
import { keyValueStorage } from '../../src/chat/storage/key-value-storage.js'

/** What the browser's storage holds when the demo's chat was left in a conversation of so many answers. */
export function storedConversation(
  answers: number,
  answer: (index: number) => string,
): Readonly<Record<string, string>> {
  const id = 'long'
  const entries = new Map<string, string>([['demo-conversation', id]])
  const device = {
    get: (key: string) => entries.get(key),
    set: (key: string, text: string) => void entries.set(key, text),
    remove: (key: string) => void entries.delete(key),
    subscribe: () => () => undefined,
  }
  const nodes: readonly MessageNode[] = Array.from({ length: answers * 2 }, (_, index) => ({
    key: `m${index}`,
    parent: index === 0 ? undefined : `m${index - 1}`,
    message: {
      id: `m${index}`,
      role: index % 2 ? ('assistant' as const) : ('user' as const),
      parts: [{ type: 'text' as const, text: index % 2 ? answer(index >> 1) : `第 ${index >> 1} 个问题` }],
      ...(index % 2 && { status: 'done' as const }),
    },
  }))
  const frame = { leaf: `m${answers * 2 - 1}`, queue: [], info: { title: '很长的对话', updatedAt: 1 } }
  void keyValueStorage(device, 'uni-sse-channel:').save(id, { writer: 'before', nodes, removed: [], frame })
  return Object.fromEntries(entries)
}
