import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { channelIdOf, type ReaderRequest } from '../../src/cloud/wire.js'
import { SSEChannel } from '../../src/unicloud/sse-channel.js'

// The platform's push calls as uni-app's runtime has them: one list of listeners, a client id that may not come.
type Listener = (push: unknown) => void

let listeners: Listener[]
let answerClientId: ((result: { cid: string }) => void) | undefined
let clientId: string | undefined
let network: string
const channels: SSEChannel[] = []

beforeEach(() => {
  vi.useFakeTimers()
  listeners = []
  clientId = 'cid-1'
  network = 'wifi'
  vi.stubGlobal('uni', {
    getAppBaseInfo: () => ({ appId: '__UNI__1' }),
    getPushClientId: ({ success }: { success: (result: { cid: string }) => void }) => {
      if (clientId === undefined) answerClientId = success
      else success({ cid: clientId })
    },
    getNetworkType: ({ success }: { success: (result: { networkType: string }) => void }) =>
      success({ networkType: network }),
    onPushMessage: (listener: Listener) => {
      if (!listeners.includes(listener)) listeners.push(listener)
    },
    offPushMessage: (listener?: Listener) => {
      listeners = listener ? listeners.filter((each) => each !== listener) : []
    },
    onAppShow: () => undefined,
    onNetworkStatusChange: () => undefined,
  })
})
afterEach(() => {
  channels.splice(0).forEach((channel) => channel.close())
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const asObject = (payload: object): unknown => ({ payload })
const push = (
  channel: SSEChannel,
  messageId: number,
  message: unknown,
  action = 'message',
  shape = asObject,
) => {
  const { seqId } = channel.toJSON()
  const data = shape({ channel: 'UNI_CLOUD_SSE', seqId, messageId, action, message })
  listeners.forEach((listener) => listener({ type: 'receive', data }))
}

function create(options = {}): SSEChannel {
  const channel = new SSEChannel(options)
  channels.push(channel)
  return channel
}

/** A channel without a log, and what it told. */
async function open(options = {}) {
  const told: unknown[] = []
  const channel = create({ reader: 'none', ...options })
  channel.on('message', (message) => told.push(message))
  channel.on('end', (message) => told.push(['end', message]))
  channel.on('error', ({ code }) => told.push(code))
  channel.on('close', () => told.push('close'))
  await channel.open()
  return { channel, told }
}

describe('rows of the vendor channel that need no network', () => {
  test('row 15: an instance is opened again after its end and delivers again', async () => {
    const { channel, told } = await open()
    const { seqId } = channel.toJSON()
    push(channel, 0, 'a', 'end')
    await channel.open()
    expect(channel.toJSON().seqId).not.toBe(seqId)
    push(channel, 0, 'b')
    expect(told).toEqual([['end', 'a'], 'close', 'b'])
  })

  test('row 16: close() before open() settles rejects it and leaves no listener', async () => {
    clientId = undefined
    const channel = new SSEChannel()
    const opened = channel.open()
    channel.close()
    answerClientId?.({ cid: 'cid-1' })
    await expect(opened).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
    expect(listeners).toEqual([])
  })

  test('row 17: removing a listener that was never added removes no other', async () => {
    const { channel, told } = await open()
    channel.off('message', () => undefined)
    push(channel, 0, 'a')
    expect(told).toEqual(['a'])
  })

  test('row 18: a listener that throws keeps nothing from the others, and its error surfaces', async () => {
    const channel = create({ reader: 'none' })
    const told: unknown[] = []
    channel.on('message', () => {
      throw new Error('mine')
    })
    channel.on('message', (message) => told.push(message))
    await channel.open()
    push(channel, 1, 'b')
    push(channel, 0, 'a')
    expect(told).toEqual(['a', 'b'])
    expect(() => vi.advanceTimersByTime(10)).toThrow('mine')
  })

  test.each([
    ['payload', (payload: object) => ({ payload: JSON.stringify(payload) })],
    ['push', (payload: object) => JSON.stringify({ payload })],
  ])('row 20: a %s that is JSON text is read', async (_what, shape) => {
    const { channel, told } = await open()
    push(channel, 0, { a: 1 }, 'message', shape)
    expect(told).toEqual([{ a: 1 }])
  })

  test('one listener serves all channels, and goes with the last', async () => {
    const [one, other] = [await open(), await open()]
    expect(listeners).toHaveLength(1)
    push(one.channel, 0, 'for one')
    one.channel.close()
    expect([one.told, other.told]).toEqual([['for one', 'close'], []])
    other.channel.close()
    expect(listeners).toEqual([])
  })
})

describe('open()', () => {
  test.each([
    ['wifi', 'PUSH_NO_CLIENT_ID'],
    ['none', 'PUSH_OFFLINE'],
  ])(
    'row 12: without a client id and with network %s it fails after eight seconds with %s',
    async (type, code) => {
      clientId = undefined
      network = type
      const opened = create().open()
      opened.catch(() => undefined)
      await vi.advanceTimersByTimeAsync(7_900)
      await expect(Promise.race([opened, 'pending'])).resolves.toBe('pending')
      await vi.advanceTimersByTimeAsync(200)
      await expect(opened).rejects.toMatchObject({ code })
    },
  )

  test('a channel that is not open is no argument of a call', () => {
    expect(() => JSON.stringify(new SSEChannel())).toThrow(
      expect.objectContaining({ code: 'CHANNEL_CLOSED' }),
    )
  })
})

test('row 13: when the client id changed, the running function is told once', async () => {
  const requests: ReaderRequest[] = []
  const reader = async (request: ReaderRequest) => {
    requests.push(request)
    return { entries: [], more: false, beatAt: 0 }
  }
  const { channel } = await open({ reader })
  clientId = 'cid-2'
  await vi.advanceTimersByTimeAsync(21_000)
  const moves = requests.filter(({ action }) => action === 'move')
  expect(moves).toEqual([
    { action: 'move', channelId: channelIdOf(channel.toJSON().seqId), pushClientId: 'cid-2' },
  ])
})

test('a lost push without a log is an error by name, and closes', async () => {
  const { channel, told } = await open()
  push(channel, 1, 'b')
  await vi.advanceTimersByTimeAsync(400)
  expect(told).toEqual(['PUSH_LOST', 'close'])
})

test.each(['end', 'error', 'close'] as const)(
  'a listener of %s may open the instance again, and hears the next channel',
  async (event) => {
    const { channel, told } = await open()
    const again = vi.fn(() => {
      channel.removeAllListener(event)
      void channel.open()
    })
    channel.on(event, again)
    // An end; or a hole, which without a log is an error.
    if (event === 'error') push(channel, 1, 'b')
    else push(channel, 0, 'a', 'end')
    await vi.advanceTimersByTimeAsync(400)
    expect(again).toHaveBeenCalledTimes(1)
    push(channel, 0, 'next')
    expect(told.at(-1)).toBe('next')
  },
)

test('a channel without a log calls no function: not to stop, nor when the client id changes', async () => {
  const callFunction = vi.fn(() => Promise.reject(new Error('not found')))
  vi.stubGlobal('uniCloud', { callFunction })
  const { channel } = await open()
  clientId = 'cid-2'
  await vi.advanceTimersByTimeAsync(61_000)
  await expect(channel.stop()).rejects.toMatchObject({ code: 'STOP_FAILED' })
  expect(callFunction).not.toHaveBeenCalled()
})

test('stop() that does not reach the cloud is STOP_FAILED', async () => {
  const { channel } = await open({ reader: () => Promise.reject(new Error('request:fail')) })
  await expect(channel.stop()).rejects.toMatchObject({ code: 'STOP_FAILED' })
})

test('options that cannot be used are refused when the channel is made', () => {
  expect(() => new SSEChannel({ silenceMs: 10 })).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
})

test('reconcile() says by name that the log cannot be read; the channel goes on', async () => {
  const refused = Object.assign(new Error('no cloud function sse-channel-reader'), { requestId: 'r1' })
  const { channel, told } = await open({ reader: () => Promise.reject(refused) })
  await expect(channel.reconcile()).rejects.toMatchObject({ code: 'READER_FAILED' })
  push(channel, 0, 'a')
  expect(told).toEqual(['a'])
})
