import type { ChatStorage } from './storage/chat-storage.js'

/** Ceases to write; gives what is being written just now. */
type Removed = (id: string) => PromiseLike<void> | undefined

const listening = new WeakMap<ChatStorage, Set<Removed>>()

/** Calls when a conversation is about to be removed from the storage by somebody in this app. Returns its undo. */
export function onRemoval(storage: ChatStorage, removed: Removed): () => void {
  const all = listening.get(storage) ?? new Set()
  listening.set(storage, all)
  all.add(removed)
  return () => void all.delete(removed)
}

/** Tells whoever has the conversation open to cease. Gives the writes that are to be waited for before it is removed. */
export const tellRemoval = (storage: ChatStorage, id: string): readonly PromiseLike<void>[] =>
  [...(listening.get(storage) ?? [])].flatMap((removed) => removed(id) ?? [])
