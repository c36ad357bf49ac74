import { shallowRef } from 'vue'

const STORAGE_KEY = 'demo-server'

/** The address that was given by hand; empty for none. */
export const chosenServer = shallowRef(String(uni.getStorageSync(STORAGE_KEY) || ''))

/**
 * Where the demo's server stands. H5 is served by it, so the page's own origin; elsewhere an address is needed:
 * from the build (`VITE_DEMO_SERVER`), or one given by hand, which is kept.
 */
export function demoServer(): string {
  if (chosenServer.value) return chosenServer.value
  // #ifdef H5
  return ''
  // #endif
  // #ifndef H5
  return (import.meta.env.VITE_DEMO_SERVER as string | undefined) ?? 'http://127.0.0.1:3000'
  // #endif
}

/** @param address empty for the one of the build again */
export function chooseServer(address: string): void {
  chosenServer.value = address.trim().replace(/\/+$/, '')
  uni.setStorageSync(STORAGE_KEY, chosenServer.value)
}

/** An app started with `?server=https://…` uses that one from then on. */
export function adoptServer(query: Record<string, unknown> | undefined): void {
  if (typeof query?.server === 'string') chooseServer(decodeURIComponent(query.server))
}
