import type { AccessRequest } from '../access/authorize.js'
import type { CorsPolicy } from './cors.js'
import { isOfHost, plainOrigin } from './origin.js'

type Headers = AccessRequest['headers']

/**
 * Does a request come from a page of this server, from one that may use it, or from no page at all? A browser names its
 * page's origin and asks nobody; native clients name none. `'*'` names no page: to those, browsers give no credentials.
 */
export function isOwnPage(headers: Headers, policy: CorsPolicy): boolean {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  // The browser's own word, also where a proxy has changed the host.
  if (site === 'same-origin' || site === 'none') return true
  if (origin === undefined) return site === undefined
  if (policy !== '*' && policy.includes(plainOrigin(origin))) return true
  if (site !== undefined) return false
  // HTTP/2 has a name of its own for it. Of several proxies the first was asked by the browser.
  const host = headers.host ?? headers[':authority']
  return isOfHost(origin, host) || isOfHost(origin, headers['x-forwarded-host']?.split(',')[0])
}

/**
 * Credentials that a browser sends by itself, whatever page makes it send: cookies, and what it was told in its own
 * dialogue. A script that says Bearer has got a token.
 */
export const hasAmbientCredentials = ({ cookie, authorization }: Headers): boolean =>
  cookie !== undefined || (authorization !== undefined && !/^Bearer /i.test(authorization))
