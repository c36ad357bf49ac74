import { beforeEach, expect, test, vi } from 'vitest'
import { createPushPort, type PushPort } from '../../src/unicloud/push-port/push-port.js'
import type { PushSdkCallbacks } from '../../src/unicloud/push-port/sdk.js'
import { systemClock } from '../../src/platform/system-clock.js'

// The vendor's SDK as the port sees it: it connects when it is told to and holds no socket for open. What the real
// one does is proven by the failure rows.
let port: PushPort
let callbacks: PushSdkCallbacks
let connects: number

beforeEach(() => {
  vi.useFakeTimers()
  connects = 0
  port = createPushPort(systemClock)
  const silent = { send() {}, close() {}, onOpen() {}, onMessage() {}, onError() {}, onClose() {} }
  const connect = () => {
    connects++
    port.connectSocket(() => silent, { url: 'ws://gateway' })
  }
  const sdk = port.adopt({
    init: (given) => void (callbacks = given),
    enableSocket: () => connect(),
  })
  port.onNetworkStatusChange(
    () => undefined,
    () => connect(),
  )
  sdk.init({ onError() {}, onClientId() {}, onlineState() {} })
  connect()
  vi.advanceTimersByTime(100)
  callbacks.onClientId({ cid: 'cid-1' })
  callbacks.onlineState({ online: true })
  return () => vi.useRealTimers()
})

test('a socket that brought nothing is replaced, one that logged in later is not', () => {
  vi.advanceTimersByTime(5_000)
  port.recover(Date.now() - 10_000)
  vi.advanceTimersByTime(1_000)
  expect(connects).toBe(1)
  port.recover(Date.now() - 1_000)
  vi.advanceTimersByTime(1_000)
  expect(connects).toBeGreaterThan(1)
})

test('a refusal is tried again without waiting for the login that will never come', () => {
  callbacks.onlineState({ online: false })
  callbacks.onError({ error: 'register fail' })
  expect(port.status).toMatchObject({ cid: '', deaths: ['refused'] })
  vi.advanceTimersByTime(600)
  expect(connects).toBe(2)
})

test('a client id that is valid again after a refused key is told to the app again', () => {
  const cids: string[] = []
  port.subscribe(({ cid }) => void cids.push(cid))
  callbacks.onError({ error: 'key negotiate fail' })
  callbacks.onlineState({ online: true })
  expect(cids).toEqual(['', 'cid-1'])
})
