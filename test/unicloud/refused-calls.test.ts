import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReaderAnswer, ReaderRequest } from '../../src/cloud/wire.js'
import type { Observer } from '../../src/core/source.js'
import { uniCloudSource } from '../../src/unicloud/uni-cloud-source.js'

// The cloud's answers as the uniCloud client hands them on: an error of the cloud carries its request id.
const refusal = (message: string) =>
  Object.assign(new Error(message), { code: 'FunctionBizError', requestId: 'r1' })
const offline = () => Object.assign(new Error('request:fail'), { code: 'SYS_ERR' })
const nothing: ReaderAnswer = { entries: [], more: false, beatAt: 0 }

let told: unknown[]
let reads: number
let call: () => Promise<{ result: unknown }>
let read: (request: ReaderRequest) => Promise<ReaderAnswer>
let push: (entry: object) => void
let cloud: { config?: object }
let hangUp: () => void

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  reads = 0
  read = () => Promise.resolve(nothing)
  const listeners: ((push: unknown) => void)[] = []
  push = (message) => listeners.forEach((each) => each({ type: 'receive', data: { payload: message } }))
  vi.stubGlobal('uni', {
    getAppBaseInfo: () => ({ appId: '__UNI__1' }),
    getPushClientId: ({ success }: { success(result: { cid: string }): void }) => success({ cid: 'cid-1' }),
    getNetworkType: ({ success }: { success(result: { networkType: string }): void }) =>
      success({ networkType: 'wifi' }),
    onPushMessage: (listener: (push: unknown) => void) => listeners.push(listener),
    offPushMessage: () => listeners.splice(0),
    onAppShow: () => undefined,
    onNetworkStatusChange: () => undefined,
  })
  cloud = { config: {} }
  vi.stubGlobal('uniCloud', cloud)
  Object.assign(cloud, {
    callFunction({ name, data }: { name: string; data: ReaderRequest }) {
      if (name !== 'sse-channel-reader') return call()
      if (data.action === 'read') reads++
      return read(data).then((result) => ({ result }))
    },
  })
})
afterEach(() => {
  hangUp()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function connect(kind: 'start' | 'read') {
  const observer: Observer = {
    opened: () => undefined,
    activity: () => undefined,
    unsent: () => undefined,
    retry: () => undefined,
    event: ({ data }) => told.push(JSON.parse(data)),
    finished: () => told.push('finished'),
    ended: () => told.push('ended'),
    lost: ({ code, message, retryable }) => told.push([code, retryable, message]),
  }
  const source = uniCloudSource({ function: 'massive-task' })
  hangUp = source.connect(
    kind === 'start'
      ? { kind, channelId: 'channel-1', input: {} }
      : { kind, channelId: 'channel-1', cursor: undefined },
    observer,
  )
}
const entry = (messageId: number, action: 'message' | 'end', message: unknown) =>
  push({ channel: 'UNI_CLOUD_SSE', seqId: 'channel-1', messageId, action, message })

test.each(['[massive-task]: CHANNEL_CLAIMED:Another call …', '[500] CHANNEL_CLAIMED: Another call …'])(
  'the refusal of a repeated call does not end the run: the first call goes on (%s)',
  async (message) => {
    call = () => Promise.reject(refusal(message))
    connect('start')
    await vi.advanceTimersByTimeAsync(40_000)
    expect(told).toEqual([])
    expect(reads).toBeGreaterThan(0)
    entry(0, 'message', { a: 1 })
    entry(1, 'end', undefined)
    expect(told).toEqual([{ a: 1 }, { outcome: 'done' }])
  },
)

test('the refusal of a repeated call after the end finds the whole run in the log', async () => {
  call = () => Promise.reject(refusal('CHANNEL_CLAIMED:Another call …'))
  read = () =>
    Promise.resolve({
      entries: [
        { seq: 0, kind: 'message', message: { a: 1 } },
        { seq: 1, kind: 'end', message: null },
      ],
      more: false,
      beatAt: 1,
    })
  connect('start')
  await vi.advanceTimersByTimeAsync(100)
  expect(told).toEqual([{ a: 1 }, { outcome: 'done' }])
})

test('an error that the function threw keeps its code, and names the function', async () => {
  call = () => Promise.reject(refusal('[massive-task]: LOG_FAILED:The log … (not found collection)'))
  connect('start')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([['LOG_FAILED', false, expect.stringMatching(/massive-task.*not found collection/)]])
})

test('any other error of the function is a PRODUCER_ERROR that names it', async () => {
  call = () => Promise.reject(refusal('[massive-task]: no cloud function massive-task'))
  connect('start')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([
    ['PRODUCER_ERROR', false, expect.stringMatching(/massive-task failed: no cloud function/)],
  ])
})

test('a function that returned without end() has finished, if the log was read', async () => {
  call = () => Promise.resolve({ result: {} })
  connect('start')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual(['finished'])
})

test('a run whose log cannot be read is never taken for finished: a missing reader is named', async () => {
  call = () => Promise.resolve({ result: {} })
  read = () => Promise.reject(refusal('no cloud function sse-channel-reader'))
  connect('start')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([
    ['READER_FAILED', true, expect.stringMatching(/Deploy .*no cloud function sse-channel/)],
  ])
})

test('a run whose log cannot be reached is read on later', async () => {
  call = () => Promise.resolve({ result: {} })
  read = () => Promise.reject(offline())
  connect('start')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([['CONNECTION_LOST', true, expect.any(String)]])
})

test('reading on without a reader is told as such, not as a channel that does not exist', async () => {
  read = () => Promise.reject(refusal('no cloud function sse-channel-reader'))
  connect('read')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([['READER_FAILED', true, expect.any(String)]])
})

test('a channel that the log does not know is CHANNEL_NOT_FOUND', async () => {
  connect('read')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([['CHANNEL_NOT_FOUND', false, expect.any(String)]])
})

test.each([{ silenceMs: 10 }, { reader: 'none' }])(
  'options that cannot be used are refused when the source is made: %j',
  (options) => {
    hangUp = () => undefined
    expect(() => uniCloudSource({ function: 'massive-task', ...options })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS' }),
    )
  },
)

test('an app without a service space is told so at once', async () => {
  delete cloud.config
  call = () => Promise.reject(Object.assign(new Error('no space'), { code: 'SYS_ERR' }))
  read = () => Promise.reject(Object.assign(new Error('no space'), { code: 'SYS_ERR' }))
  connect('start')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([['CLOUD_UNAVAILABLE', false, expect.stringContaining('(no space)')]])
})
