import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LogEntry, ReaderAnswer } from '../../src/cloud/wire.js'
import { systemClock } from '../../src/platform/system-clock.js'
import { createReceiver, type PushLine, type ReadLog, type Receiver } from '../../src/unicloud/receiver.js'
import { receiverPolicy } from '../../src/unicloud/receiver-defaults.js'

const entry = (seq: number): LogEntry => ({ seq, kind: 'message', message: seq })
const page = (...entries: LogEntry[]): ReaderAnswer => ({ entries, more: false, beatAt: 0 })

let receiver: Receiver
let line: PushLine
let told: unknown[]

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  line = { subscribe: () => () => {}, onWake: () => () => {}, probe() {}, recover() {} }
})
afterEach(() => {
  receiver.close()
  vi.useRealTimers()
})

function receive(readLog: ReadLog, deliver = (each: LogEntry) => void told.push(each.message)) {
  receiver = createReceiver({
    channelId: 'channel-1',
    next: 0,
    line,
    clock: systemClock,
    policy: receiverPolicy({}),
    readLog,
    deliver,
    fail: ({ code }) => void told.push(code),
    alive: () => undefined,
    woke: () => undefined,
  })
}

// To restore the socket runs whatever listens to the vendor's SDK, and on App to the network.
test("a listener of somebody else's that throws while the socket is restored keeps no entry back", async () => {
  line = {
    ...line,
    recover() {
      throw new Error("somebody else's")
    },
  }
  receive(() => Promise.resolve(page(entry(0), entry(1))))
  const looked = receiver.look()
  await expect(vi.advanceTimersByTimeAsync(100)).rejects.toThrow("somebody else's")
  await looked
  expect(told).toEqual([0, 1])
})

test('a consumer that throws gets the next entries, and its error surfaces', async () => {
  receive(
    () => Promise.resolve(page(entry(0), entry(1))),
    ({ message }) => {
      told.push(message)
      if (message === 0) throw new Error('mine')
    },
  )
  void receiver.look()
  await expect(vi.advanceTimersByTimeAsync(100)).rejects.toThrow('mine')
  expect(told).toEqual([0, 1])
  expect(receiver.readError).toBeUndefined()
})

test.each([undefined, null, { code: 0 }, { entries: {}, more: false, beatAt: 0 }, 'text'])(
  'what answers %j is no reader, and is told so by name',
  async (answer) => {
    receive(() => Promise.resolve(answer as never))
    await receiver.look()
    expect(receiver.readError).toMatchObject({
      code: 'READER_FAILED',
      message: expect.stringContaining('it answered') as string,
    })
  },
)
