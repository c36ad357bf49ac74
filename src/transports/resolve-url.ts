/**
 * The absolute address; undefined when it is none. Where the realm has no `URL` only absolute ones are.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
 */
export function resolveUrl(url: string): string | undefined {
  if (typeof URL !== 'function') return withoutUrl(url)
  try {
    const { href, protocol, hostname } = new URL(url, baseUrl())
    // Chromium takes "http://this is none/"; the standard does not.
    return /^https?:$/.test(protocol) && hostname.includes('%') ? undefined : href
  } catch {
    return undefined
  }
}

/** A page may name another base than its own address. */
function baseUrl(): string | undefined {
  if (typeof document === 'object') return document.baseURI
  return typeof location === 'object' ? location.href : undefined
}

function withoutUrl(url: string): string | undefined {
  const tidy = url
    .replace(/[\t\n\r]/g, '')
    .trim()
    .replace(/ /g, '%20')
  const isHttp = /^https?:/i.test(tidy)
  return (isHttp ? /^https?:\/\/[^/?#@]/i : /^[a-z][a-z0-9+.-]*:/i).test(tidy) ? tidy : undefined
}

/** `https://example.com:8443` of an absolute address; empty where it names no host. */
export function originOf(url: string): string {
  const [, scheme = '', host = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#@]*@)?([^/?#]+)/i.exec(url) ?? []
  return scheme + host
}

/** Whether a page here may ask that address only by the rules for other origins. */
export const isOfAnotherOrigin = (url: string): boolean =>
  typeof location === 'object' && originOf(url) !== location.origin

/** Whether asking that address can give an answer at all. */
export const isFetchable = (url: string): boolean => /^(?:https?|data|blob):/i.test(url)
