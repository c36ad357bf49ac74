import { plainOrigin } from './origin.js'

/**
 * Which pages of other origins may use the handler: their origins (`https://app.example.com`), which then may send
 * credentials too, or `'*'` for all without credentials. Default: none.
 */
export type CorsPolicy = readonly string[] | '*'

const DEFAULT_REQUEST_HEADERS = 'content-type, last-event-id, x-channel-id, authorization'
const headerList = /^[A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+)*$/

/** Headers for every answer; without `access-control-allow-origin` for an origin that is not on the list. */
export function corsHeaders(policy: CorsPolicy, origin: string | undefined): Record<string, string> {
  const exposed = { 'access-control-expose-headers': 'x-channel-id, retry-after, date' }
  if (policy === '*') return { 'access-control-allow-origin': '*', ...exposed }
  if (policy.length === 0) return {}
  // Caches must not give one origin's answer to another.
  const vary = { vary: 'origin' }
  if (origin === undefined || !policy.includes(plainOrigin(origin))) return vary
  const allow = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
  return { ...vary, ...allow, ...exposed }
}

/** On top of `corsHeaders` for an OPTIONS request. @param requested `access-control-request-headers` */
export function preflightHeaders(
  methods: readonly string[],
  requested: string | undefined,
): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers':
      requested && headerList.test(requested) ? requested : DEFAULT_REQUEST_HEADERS,
    'access-control-max-age': '600',
  }
}
