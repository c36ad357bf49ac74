import { afterEach, expect, test, vi } from 'vitest'
import { callUniRequest } from '../../src/transports/call-uni-request.js'
import { eventually } from '../helpers/eventually.js'

interface Callbacks {
  success(told?: unknown): void
  fail(told?: unknown): void
  complete(told?: unknown): void
}

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A platform that says just this, once the call is made. */
function call(say: (callbacks: Callbacks) => unknown) {
  const heard: string[] = []
  vi.stubGlobal('uni', { request: (options: Callbacks) => say(options) })
  const hangUp = callUniRequest(
    { url: 'http://127.0.0.1', method: 'GET', header: {}, timeout: 1_000 },
    {
      answered: ({ status, data }) => heard.push(`answered ${status} ${JSON.stringify(data)}`),
      failed: ({ code }, unsent) => heard.push(`failed ${code}${unsent ? ' unsent' : ''}`),
    },
  )
  return { heard, hangUp }
}

const answer = { statusCode: 401, header: {}, data: 'no', errMsg: 'request:ok' }
const failure = { errMsg: 'request:fail timeout' }

test.each<[string, (callbacks: Callbacks) => unknown, string]>([
  ['success with the answer', ({ success }) => success(answer), 'answered 401 "no"'],
  [
    'success twice',
    ({ success }) => {
      success(answer)
      success({ ...answer, statusCode: 200 })
    },
    'answered 401 "no"',
  ],
  [
    'success with nothing, then complete',
    ({ success, complete }) => {
      success()
      complete(answer)
    },
    'answered 401 "no"',
  ],
  [
    'complete, then success with nothing',
    ({ success, complete }) => {
      complete(answer)
      setTimeout(success, 5)
    },
    'answered 401 "no"',
  ],
  [
    'complete, then what an interceptor made of the answer',
    ({ success, complete }) => {
      complete(answer)
      setTimeout(() => success({ ...answer, data: 'decrypted' }), 5)
    },
    'answered 401 "decrypted"',
  ],
  ['success with nothing at all', ({ success }) => success(), 'answered NaN undefined'],
  ['complete alone', ({ complete }) => complete(answer), 'answered 401 "no"'],
  ['complete with a failure', ({ complete }) => complete(failure), 'failed CONNECTION_LOST'],
  ['complete with nothing', ({ complete }) => complete(), 'failed CONNECTION_LOST'],
  ['fail', ({ fail }) => fail(failure), 'failed CONNECTION_LOST'],
  ['fail with nothing', ({ fail }) => fail(), 'failed CONNECTION_LOST'],
  ['fail with an answer (Alipay)', ({ fail }) => fail({ ...answer, error: 19 }), 'answered 401 "no"'],
  ['a status as text', ({ success }) => success({ ...answer, statusCode: '401' }), 'answered 401 "no"'],
  [
    'a throw',
    () => {
      throw new TypeError('of undefined')
    },
    'failed PLATFORM_REFUSED',
  ],
  ['a rejection', () => Promise.reject(new TypeError('of undefined')), 'failed PLATFORM_REFUSED'],
])('%s ends the request once', async (_, say, outcome) => {
  const { heard } = call(say)
  await eventually('it ended', () => heard.length > 0)
  expect(heard).toEqual([outcome])
})

test('hung up, whatever comes late is not told', async () => {
  let callbacks: Callbacks | undefined
  const { heard, hangUp } = call((given) => void (callbacks = given))
  hangUp()
  callbacks?.success(answer)
  callbacks?.complete(answer)
  await new Promise((resolve) => setTimeout(resolve))
  expect(heard).toEqual([])
})
