// Stand-in for Alipay's network stack, over real HTTP. From github.com/AlipayDocs/open-docs, mini/api/基础API/网络:
// my.request (names, error codes, abort), my.request 常见问题 (timeout 30 s, 60 s at most). That every status but 200 is a
// failure with `status`, `headers` and `data`: github.com/NervJS/taro/pull/14366; the docs say both.
import type { ApiCallbacks } from '../shell/api-answer.js'
import type { RequestOptions } from '../shell/encode-request.js'
import type { NativeShell } from '../shell/native-shell.js'
import { createWholeRequest } from '../shell/request-api.js'

interface MyRequestOptions extends Omit<RequestOptions, 'header'>, ApiCallbacks {
  headers?: Record<string, string>
}

/** What the request of the shell answers with, success or not. */
interface Told {
  errMsg: string
  data?: string
  statusCode?: number
  header?: Record<string, string>
}

const DEFAULT_TIMEOUT_MS = 30_000
const LONGEST_TIMEOUT_MS = 60_000
const [ABORTED, NO_NETWORK, TIMED_OUT, NOT_DECODED, HTTP_ERROR] = [9, 12, 13, 14, 19]

export function createMyRequest(shell: NativeShell): (options: MyRequestOptions) => object {
  const request = createWholeRequest(shell)
  return ({ headers, success, fail, complete, dataType = 'json', timeout, ...options }) => {
    const answered = (outcome: 'success' | 'fail', result: object) => {
      try {
        ;(outcome === 'success' ? success : fail)?.(result)
      } finally {
        complete?.(result)
      }
    }
    return request({
      ...options,
      ...(headers && { header: headers }),
      dataType: 'text',
      timeout: Math.min(timeout ?? DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS),
      success(result) {
        const { data = '', statusCode: status, header } = result as Told
        const answer = { data, status, headers: header }
        if (status !== 200)
          return answered('fail', { ...answer, error: HTTP_ERROR, errorMessage: 'http status error' })
        if (dataType !== 'json') return answered('success', answer)
        const parsed = parse(data)
        if (parsed === undefined)
          return answered('fail', { ...answer, error: NOT_DECODED, errorMessage: 'JSON parse data error' })
        answered('success', { ...answer, data: parsed })
      },
      fail(result) {
        const { errMsg: errorMessage } = result as Told
        const error = /abort/.test(errorMessage)
          ? ABORTED
          : /timeout/.test(errorMessage)
            ? TIMED_OUT
            : NO_NETWORK
        answered('fail', { error, errorMessage })
      },
    })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
