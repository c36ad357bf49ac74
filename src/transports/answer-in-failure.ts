/** What `uni.request` tells of an answer. */
export interface UniAnswer {
  readonly statusCode: number
  readonly header: Readonly<Record<string, unknown>>
  readonly data: unknown
}

/**
 * Alipay reports an answer with another status than 200 as a failure (its error 19), with status, headers and body.
 * Undefined for a failure that is one.
 * @see https://github.com/NervJS/taro/pull/14366
 */
export function answerInFailure(failure: unknown): UniAnswer | undefined {
  const { statusCode, header, data } = (failure ?? {}) as Partial<UniAnswer>
  // Its own error codes, such as 13 for a timeout, come in the same place. With 200 the body is what broke.
  if (typeof statusCode !== 'number' || statusCode < 100 || statusCode === 200) return undefined
  return { statusCode, header: typeof header === 'object' ? header : {}, data }
}
