import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/platform/system-clock.js'
import { pushClient } from '../../src/unicloud/push-client.js'
import { pushPort } from '../../src/unicloud/push-port/index.js'

let failLate: () => void

beforeEach(() => {
  vi.useFakeTimers()
  // As the plugin does with the vendor's SDK: the port is guarded from here on.
  pushPort.adopt({ init() {}, enableSocket() {} })
  vi.stubGlobal('uni', {
    getAppBaseInfo: () => ({ appId: '__UNI__1' }),
    getPushClientId: ({ fail }: { fail(reason: object): void }) =>
      void (failLate = () => fail({ errMsg: 'refused' })),
    getNetworkType: ({ success }: { success(result: object): void }) => success({ networkType: 'wifi' }),
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a refusal that comes after the wait is over leaves no listener behind', async () => {
  const subscribe = vi.spyOn(pushPort, 'subscribe')
  const asked = pushClient(systemClock, 1_000)
  asked.catch(() => undefined)
  await vi.advanceTimersByTimeAsync(1_100)
  await expect(asked).rejects.toMatchObject({ code: 'PUSH_NO_CLIENT_ID' })
  failLate()
  expect(subscribe).not.toHaveBeenCalled()
})

/** What an app has put around the call. */
const wrapped = {
  throws: () => {
    throw new Error('a wrapper broke')
  },
  'answers with a promise that is rejected': () => Promise.reject(new Error('a wrapper broke')),
  'tells a failure with nothing in hand': ({ fail }: { fail(): void }) => fail(),
  'tells a success with nothing in hand': ({ success }: { success(): void }) => success(),
}

test.each(Object.entries(wrapped))(
  'a call that %s ends as PUSH_NO_CLIENT_ID, within the time',
  async (_what, call) => {
    vi.stubGlobal('uni', {
      getPushClientId: call,
      getAppBaseInfo: () => ({ appId: '1' }),
      getNetworkType: call,
    })
    const asked = pushClient(systemClock, 1_000)
    const refused = expect(asked).rejects.toMatchObject({ code: 'PUSH_NO_CLIENT_ID' })
    await vi.advanceTimersByTimeAsync(1_100)
    await refused
  },
)

test('an app whose information can not be read has no appid, and says so', async () => {
  vi.stubGlobal('uni', {
    getAppBaseInfo: () => {
      throw new Error('a wrapper broke')
    },
  })
  await expect(pushClient(systemClock, 1_000)).rejects.toMatchObject({ code: 'PUSH_UNAVAILABLE' })
})
