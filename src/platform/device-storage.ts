import { quietly } from './quietly.js'

/** What the device keeps of an app: texts by key. Reading and writing are done when the call returns. */
export interface DeviceStorage {
  /** Undefined where nothing is kept under this key, or it can't be read. */
  get(key: string): string | undefined
  /** @throws what the platform throws, of no room above all */
  set(key: string, text: string): void
  remove(key: string): void
  /** Tells which key another tab has changed. Returns its undo. */
  subscribe(listener: (key: string) => void): () => void
}

let device: DeviceStorage | undefined

/**
 * The device's storage; one for the whole app. `uni`'s where there is one, else the browser's; where there is neither, the
 * memory, which lasts as long as the process.
 */
export function deviceStorage(): DeviceStorage {
  device ??= detect()
  return device
}

function detect(): DeviceStorage {
  if (typeof uni === 'object' && typeof uni.getStorageSync === 'function') return uniDevice
  return hasLocalStorage() ? webDevice : createMemoryDevice()
}

/** Browsers throw at the mere mention where storage is forbidden. */
function hasLocalStorage(): boolean {
  return quietly(() => typeof localStorage === 'object' && localStorage !== null) === true
}

const asText = (kept: unknown) => (typeof kept === 'string' && kept !== '' ? kept : undefined)

const uniDevice: DeviceStorage = {
  get: (key) => asText(quietly<unknown>(() => uni.getStorageSync(key))),
  set: (key, text) => uni.setStorageSync(key, text),
  remove: (key) => void quietly(() => uni.removeStorageSync(key)),
  subscribe: onOtherTab,
}

const webDevice: DeviceStorage = {
  get: (key) => asText(quietly(() => localStorage.getItem(key))),
  set: (key, text) => localStorage.setItem(key, text),
  remove: (key) => void quietly(() => localStorage.removeItem(key)),
  subscribe: onOtherTab,
}

/** @see https://html.spec.whatwg.org/multipage/webstorage.html#the-storageevent-interface */
function onOtherTab(listener: (key: string) => void): () => void {
  if (typeof window !== 'object' || typeof window.addEventListener !== 'function') return () => undefined
  const told = ({ key }: StorageEvent) => key !== null && listener(key)
  window.addEventListener('storage', told)
  return () => window.removeEventListener('storage', told)
}

export function createMemoryDevice(): DeviceStorage {
  const kept = new Map<string, string>()
  return {
    get: (key) => kept.get(key),
    set: (key, text) => void kept.set(key, text),
    remove: (key) => void kept.delete(key),
    subscribe: () => () => undefined,
  }
}
