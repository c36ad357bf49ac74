type Done = (result?: unknown) => void

/** `plus.storage`: strings by key. */
export function createPlusStorage(kept: Map<string, string>): object {
  const set = (key: string, value: unknown) => void kept.set(key, String(value))
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: set,
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
    key: (index: number) => [...kept.keys()][index],
    getLength: () => kept.size,
    getItemAsync: (key: string, done: Done, failed?: Done) =>
      kept.has(key) ? done({ data: kept.get(key) }) : failed?.({ code: -1, message: 'not found' }),
    setItemAsync(key: string, value: unknown, done?: Done) {
      set(key, value)
      done?.()
    },
    removeItemAsync(key: string, done?: Done) {
      kept.delete(key)
      done?.()
    },
    clearAsync(done?: Done) {
      kept.clear()
      done?.()
    },
  }
}

/** Values as `uni.setStorageSync` would have stored them. */
export function toStored(values: Record<string, unknown>): Map<string, string> {
  return new Map(
    Object.entries(values).map(([key, data]) => [key, JSON.stringify({ type: typeof data, data })]),
  )
}
