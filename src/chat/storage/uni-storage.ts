import { createMemoryDevice, deviceStorage } from '../../platform/device-storage.js'
import type { ChatStorage } from './chat-storage.js'
import { keyValueStorage } from './key-value-storage.js'
import { nameStorage } from './storage-name.js'

const storages = new Map<string, ChatStorage>()

/**
 * Conversations on the device: `uni.setStorageSync` where there is `uni`, else `localStorage`; where there is neither, in
 * memory. The tabs of a browser see what the others write.
 * @param prefix before each key; another one for another user. Default `uni-sse-channel:`
 */
export function uniStorage({ prefix = 'uni-sse-channel:' }: { readonly prefix?: string } = {}): ChatStorage {
  const storage = storages.get(prefix) ?? nameStorage(keyValueStorage(deviceStorage(), prefix), prefix)
  storages.set(prefix, storage)
  return storage
}

/** Conversations that last as long as this object does: for tests, and for apps that store nothing. */
export const memoryStorage = (): ChatStorage => keyValueStorage(createMemoryDevice(), '')
