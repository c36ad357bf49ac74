import type { ChatStorage } from './chat-storage.js'

const names = new WeakMap<ChatStorage, string>()
let unnamed = 0

/** Storages of one name keep the same conversations: pages that make their own share them all the same. */
export function nameStorage<Storage extends ChatStorage>(storage: Storage, name: string): Storage {
  names.set(storage, name)
  return storage
}

/** What tells a storage from all others of this app: two users' may both have a conversation of the same id. */
export function storageName(storage: ChatStorage): string {
  const name = names.get(storage) ?? `storage ${++unnamed}`
  names.set(storage, name)
  return name
}
