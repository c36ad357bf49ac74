/**
 * The absolute address; undefined when it is none. Where the realm has no `URL` only absolute ones are.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
 */
export function resolveUrl(url: string): string | undefined {
  if (typeof URL !== 'function') return /^https?:\/\/[^\s/?#]+(?:[/?#]\S*)?$/i.test(url) ? url : undefined
  try {
    return typeof location === 'object' ? new URL(url, location.href).href : new URL(url).href
  } catch {
    return undefined
  }
}

/** `https://example.com:8443` of an absolute address. */
export function originOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.exec(url)?.[0] ?? ''
}

/**
 * Whether a connection that failed before its head will fail again: another origin that answers, but not to this page.
 * A refused origin looks like a lost network; that the server answers at all shows which it was.
 */
export async function isRefusedByCors(url: string, withCredentials: boolean): Promise<boolean> {
  if (typeof location !== 'object' || typeof fetch !== 'function' || originOf(url) === location.origin)
    return false
  const abort = new AbortController()
  try {
    const credentials = withCredentials ? 'include' : 'omit'
    await fetch(url, { mode: 'no-cors', credentials, cache: 'no-store', signal: abort.signal })
    abort.abort()
    return true
  } catch {
    return false
  }
}
