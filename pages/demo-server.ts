const STORAGE_KEY = 'demo-server'

/**
 * Where the demo's server stands. H5 is served by it, so the page's own origin; elsewhere an address is needed:
 * from the build (`VITE_DEMO_SERVER`), or one given by hand, which is kept.
 */
export function demoServer(): string {
  const chosen = uni.getStorageSync(STORAGE_KEY) as string
  if (chosen) return chosen
  // #ifdef H5
  return ''
  // #endif
  // #ifndef H5
  return (import.meta.env.VITE_DEMO_SERVER as string | undefined) ?? 'http://127.0.0.1:3000'
  // #endif
}

export function chooseServer(address: string): void {
  uni.setStorageSync(STORAGE_KEY, address.trim().replace(/\/+$/, ''))
}

/** An app started with `?server=https://…` uses that one from then on. */
export function adoptServer(query: Record<string, unknown> | undefined): void {
  if (typeof query?.server === 'string') chooseServer(decodeURIComponent(query.server))
}
