/** What `uni.request` tells of an answer. */
export interface UniAnswer {
  /** NaN where the platform does not tell it. */
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: unknown
}

/** The answer in what a callback was given; undefined where there is none. */
export function readAnswer(told: unknown): UniAnswer | undefined {
  if (typeof told !== 'object' || told === null) return undefined
  const { statusCode, data } = told as Readonly<Record<string, unknown>>
  if (statusCode === undefined && data === undefined) return undefined
  // HarmonyOS: no status, or 0.
  return { status: Number(statusCode) || NaN, headers: headersIn(told), data }
}

/** Of an answer or a head; none where the platform does not tell them. */
export function headersIn(told: unknown): Readonly<Record<string, unknown>> {
  const header = isObject(told) ? told['header'] : undefined
  return isObject(header) ? header : {}
}

/**
 * Alipay reports an answer with another status than 200 as a failure (its error 19), with status, headers and body.
 * Undefined for a failure that is one.
 * @see https://github.com/NervJS/taro/pull/14366
 */
export function readFailedAnswer(told: unknown): UniAnswer | undefined {
  const answer = readAnswer(told)
  // Its own error codes, such as 13 for a timeout, come in the same place. With 200 the body is what broke.
  return answer && answer.status >= 100 && answer.status !== 200 ? answer : undefined
}

/** Whether what came to `complete` says that it failed. */
export const isFailed = (told: unknown): boolean =>
  isObject(told) && typeof told['errMsg'] === 'string' && /:\s*fail/i.test(told['errMsg'])

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
