import { answer, type ApiCallbacks, succeeding } from './api-answer.js'
import type { NativeShell } from './native-shell.js'

interface KeyOption {
  key: string
}

/** Key-value storage, kept as JSON text so that nothing is shared by reference, as on a phone. */
export function createStorageApi({ process, storage }: NativeShell): Record<string, unknown> {
  const read = (key: string) => JSON.parse(storage.get(key) ?? '""') as unknown
  const write = (key: string, value: unknown): undefined => void storage.set(key, JSON.stringify(value ?? ''))
  const remove = (key: string): undefined => void storage.delete(key)
  const info = () => ({ keys: [...storage.keys()], currentSize: 1, limitSize: 10_240 })
  return {
    getStorageSync: read,
    setStorageSync: write,
    removeStorageSync: remove,
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: info,
    getStorageInfo: succeeding(process, 'getStorageInfo', info),
    setStorage: succeeding(process, 'setStorage', ({ key, data }: KeyOption & { data: unknown }) =>
      write(key, data),
    ),
    removeStorage: succeeding(process, 'removeStorage', ({ key }: KeyOption) => remove(key)),
    clearStorage: succeeding(process, 'clearStorage', () => void storage.clear()),
    getStorage: (options: KeyOption & ApiCallbacks) =>
      storage.has(options.key)
        ? answer(process, options, 'success', { data: read(options.key), errMsg: 'getStorage:ok' })
        : answer(process, options, 'fail', { errMsg: 'getStorage:fail data not found' }),
  }
}
