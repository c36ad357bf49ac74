import { ChannelError } from '../core/channel-error.js'
import type { ErrorCode } from '../core/error-codes.js'
import { textOf } from '../core/explain.js'

/** What platforms say when no second try can help, first match counts. All in their own words, as developers report them. */
const refusals: readonly (readonly [ErrorCode, RegExp])[] = [
  [
    'DOMAIN_NOT_ALLOWED',
    /\b(?:url|host|domain)\b.*\bnot\b.*\b(?:list|whitelist|domains?|configured|allowed|legal)\b|\bnot in\b.*\bdomains?\b|\b(?:invalid|illegal) domain\b|域名|无权跨域|\b600002\b/i,
  ],
  [
    'CERTIFICATE_REFUSED',
    /(?:^|[^a-z])(?:ssl|tls)|certif|\bcert\b|cert_|certpath|trust anchor|app transport security|cleartext|证书|-(?:120[0-6]|1022)\b/i,
  ],
  [
    'PLATFORM_REFUSED',
    /\b(?:invalid|illegal|bad) (?:url|parameters?|arguments?)\b|\bparameter error\b|\burl (?:is )?(?:invalid|illegal)\b|\bpermission\b|\bprivacy\b|\bnot authorized\b|无权/i,
  ],
]

/** Nothing of the request can have left: there was no network, no address, or nobody to connect to. */
const NOT_LEFT =
  /ERR_(?:INTERNET_DISCONNECTED|NAME_NOT_RESOLVED|ADDRESS_UNREACHABLE|CONNECTION_REFUSED|CONNECTION_TIMED_OUT|PROXY_CONNECTION_FAILED)|unable to resolve host|-(?:1009|1003|1004)\b/i

export interface PlatformFailure {
  readonly error: ChannelError
  /** It is known that nothing of the request has left. */
  readonly unsent: boolean
}

/**
 * What a platform's call failed with, as an error: a refusal that no second try can change, else a lost connection.
 * @param name of the call, as `uni.request`
 * @param failure whatever came: an `errMsg`, text, nothing
 */
export function platformFailure(name: string, failure: unknown): PlatformFailure {
  const words = wordsOf(failure)
  for (const [code, pattern] of refusals)
    if (pattern.test(words)) return { error: inItsWords(code, name, words, failure), unsent: true }
  return {
    error: new ChannelError('CONNECTION_LOST', undefined, { cause: failure }),
    unsent: NOT_LEFT.test(words),
  }
}

/** What a call threw, or its promise was rejected with. Whether anything has left is not known. */
export function platformThrow(name: string, thrown: unknown): ChannelError {
  if (thrown instanceof ChannelError) return thrown
  const words = wordsOf(thrown)
  const [code] = refusals.find(([, pattern]) => pattern.test(words)) ?? ['PLATFORM_REFUSED' as const]
  return inItsWords(code, name, words, thrown)
}

function inItsWords(code: ErrorCode, name: string, words: string, cause: unknown): ChannelError {
  const { why, fix } = textOf(code)
  return new ChannelError(code, `${why} ${name}: "${words || 'no reason given'}". ${fix}`.trim(), { cause })
}

/** How much of what a platform says is repeated, in characters. */
const MAX_WORDS = 300

function wordsOf(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null) return failure === undefined ? '' : String(failure)
  const told = failure as Record<string, unknown>
  const parts = ['errMsg', 'message', 'errorMessage', 'errno', 'errCode', 'error', 'code']
    .map((name) => told[name])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
  return [...new Set(parts)].join(' ').slice(0, MAX_WORDS)
}
