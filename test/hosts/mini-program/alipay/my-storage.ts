// Stand-in for Alipay's storage: objects in, objects out. From github.com/AlipayDocs/open-docs,
// mini/api/基础API/缓存: my.getStorageSync, my.setStorageSync (200 KB for a key, error 14).
import { answer, type ApiCallbacks } from '../shell/api-answer.js'
import type { NativeShell } from '../shell/native-shell.js'

interface Entry {
  key: string
  data?: unknown
}

type Act = (entry: Entry) => object
const LARGEST_CHARS = 200 * 1024

export function createMyStorage({ process, storage }: NativeShell): Record<string, unknown> {
  const done = { success: true }
  const acts: Record<string, Act> = {
    setStorage({ key, data }) {
      const text = JSON.stringify(data ?? null)
      if (text.length > LARGEST_CHARS) return { error: 14, errorMessage: 'data is too long' }
      storage.set(key, text)
      return done
    },
    getStorage: ({ key }) => ({ data: JSON.parse(storage.get(key) ?? 'null') as unknown, ...done }),
    removeStorage({ key }) {
      storage.delete(key)
      return done
    },
    clearStorage() {
      storage.clear()
      return done
    },
    getStorageInfo: () => ({ keys: [...storage.keys()], currentSize: 1, limitSize: 10_240, ...done }),
  }
  const methods = Object.entries(acts).flatMap(([name, act]) => [
    [`${name}Sync`, act],
    [
      name,
      (options: Entry & ApiCallbacks) => {
        const result = act(options)
        answer(process, options, 'error' in result ? 'fail' : 'success', result)
      },
    ],
  ])
  return Object.fromEntries(methods) as Record<string, unknown>
}
