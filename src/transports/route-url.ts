/** The address of a route below a base; a query of the base stays a query. `path` begins with a slash, or is empty. */
export function routeUrl(base: string, path: string): string {
  const [address = '', ...query] = base.split('?')
  return address.replace(/\/+$/, '') + path + (query.length ? `?${query.join('?')}` : '')
}

/** The address with these in its query. */
export function addQuery(url: string, values: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(values).map((name) => `${name}=${inUtf8(values[name] as string)}`)
  if (pairs.length === 0) return url
  return url + (url.includes('?') ? '&' : '?') + pairs.join('&')
}

/** Percent-encoded UTF-8; half a character, which `encodeURIComponent` refuses, becomes U+FFFD. */
export const inUtf8 = (text: string): string =>
  encodeURIComponent(
    text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
      found.length === 2 ? found : '\ufffd',
    ),
  )
