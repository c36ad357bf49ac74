import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { startTestGateway, type TestGateway } from '../hosts/start-test-cloud.js'
import { waitForCondition } from '../hosts/wait-for-condition.js'

// The vendor's SDK as published, over the few calls of `uni` that it makes.
interface Sdk {
  init(options: object): void
  enableSocket(on: boolean): void
}

interface Client {
  readonly messages: string[]
  readonly errors: string[]
  readonly sockets: WebSocket[]
  cid: string
  online: boolean
  sdk: Sdk
}

// What the compiler's conditional compilation does for every platform but Alipay.
const source = readFileSync(
  createRequire(import.meta.url).resolve('@dcloudio/uni-push/lib/gtpush-min.js'),
  'utf8',
).replace(/\/\/ #ifdef MP-ALIPAY[^]*?\/\/ #endif/g, '')
let gateway: TestGateway
let client: Client

function startClient(storage = new Map<string, unknown>()): Client {
  const state: Client = {
    messages: [],
    errors: [],
    sockets: [],
    cid: '',
    online: false,
    sdk: loadSdk(storage),
  }
  function loadSdk(stored: Map<string, unknown>): Sdk {
    stored.set('getui_socket_url', gateway.url)
    const uni = {
      getStorageSync: (key: string) => stored.get(key) ?? '',
      setStorageSync: (key: string, data: unknown) => void stored.set(key, data),
      getStorage: ({ key, success }: { key: string; success(r: object): void }) =>
        success({ data: stored.get(key) }),
      setStorage: ({ key, data }: { key: string; data: unknown }) => void stored.set(key, data),
      getSystemInfoSync: () => ({ platform: 'web', language: 'zh' }),
      getSystemInfo: ({ success }: { success(r: object): void }) => success({ platform: 'web' }),
      getNetworkType: ({ success }: { success(r: object): void }) => success({ networkType: 'wifi' }),
      onNetworkStatusChange: () => {},
      connectSocket: ({ url, success }: { url: string; success(): void }) => {
        const socket = new WebSocket(url)
        state.sockets.push(socket)
        socket.on('error', () => {})
        success()
        return {
          send: ({ data }: { data: string }) => socket.send(data),
          close: () => socket.close(),
          onOpen: (listener: () => void) => socket.on('open', listener),
          onError: (listener: () => void) => socket.on('error', listener),
          onClose: (listener: () => void) => socket.on('close', listener),
          onMessage: (listener: (event: object) => void) =>
            socket.on('message', (data) => listener({ data: String(data) })),
        }
      },
    }
    const module = { exports: {} }
    const realm = { navigator: { userAgent: 'node' }, crypto: globalThis.crypto }
    new Function('module', 'exports', 'uni', 'window', 'self', 'navigator', source)(
      module,
      module.exports,
      uni,
      realm,
      realm,
      realm.navigator,
    )
    return module.exports as Sdk
  }
  state.sdk.init({
    appid: '__UNI__TEST',
    onError: ({ error }: { error: unknown }) => void state.errors.push(String(error)),
    onClientId: ({ cid }: { cid: string }) => void (state.cid = cid),
    onlineState: ({ online }: { online: boolean }) => void (state.online = online),
    onPushMsg: ({ message }: { message: string }) => void state.messages.push(message),
  })
  return state
}

const until = (condition: () => boolean, what: string, timeoutMs = 30_000) =>
  waitForCondition(condition, {
    what,
    timeoutMs,
    report: async () => JSON.stringify({ ...client, sockets: client.sockets.length, sdk: undefined }),
  })
const isOnline = () => client.online && gateway.online.includes(client.cid)

beforeEach(async () => {
  gateway = await startTestGateway()
  client = startClient()
  await until(isOnline, 'first login')
})
afterEach(async () => {
  for (const socket of client.sockets) socket.terminate()
  await gateway.close()
})

test('the unmodified SDK registers, logs in and receives a push', async () => {
  gateway.push(client.cid, '{"payload":{"a":"字"}}')
  await until(() => client.messages.length === 1, 'the push')
  expect(client.messages).toEqual(['{"payload":{"a":"字"}}'])
  expect(client.errors).toEqual([])
})

test('a fault decides about single pushes: lost, twice, late', async () => {
  const held: (() => void)[] = []
  gateway.fault = ({ message }, deliver) => {
    if (message === 'twice') [deliver, deliver].forEach((each) => each())
    if (message === 'late') held.push(deliver)
  }
  for (const text of ['lost', 'twice', 'late']) gateway.push(client.cid, text)
  gateway.fault = undefined
  gateway.push(client.cid, 'last')
  await until(() => client.messages.includes('last'), 'the last push')
  held.forEach((deliver) => deliver())
  await until(() => client.messages.includes('late'), 'the late push')
  expect(client.messages).toEqual(['twice', 'twice', 'last', 'late'])
})

test('after a cut the SDK does not come back by itself, and does when told', async () => {
  expect(gateway.gate.cut()).toBe(1)
  await until(() => !client.online, 'offline')
  await expect(until(isOnline, 'online again', 1_500)).rejects.toThrow('timed out')
  client.sdk.enableSocket(true)
  await until(isOnline, 'online after enableSocket')
})

test('a frozen socket looks open to the client while its pushes are lost', async () => {
  gateway.gate.freeze()
  await until(() => gateway.online.length === 0, 'gone for the gateway')
  gateway.push(client.cid, 'lost')
  await expect(until(() => !client.online, 'offline', 1_000)).rejects.toThrow('timed out')
  expect(client.messages).toEqual([])
})

test('a refused registration leaves the socket open without a client id', async () => {
  gateway.refusals.registrations = 1
  client = startClient()
  await until(() => client.errors.length === 1, 'the error')
  expect([client.cid, client.online]).toEqual(['', false])
  expect(client.sockets[0]?.readyState).toBe(WebSocket.OPEN)
})

test('a client whose session was voided gets another client id', async () => {
  const storage = new Map<string, unknown>()
  client = startClient(storage)
  await until(isOnline, 'login')
  const former = client.cid
  gateway.forgetClients()
  gateway.gate.cut()
  await until(() => !client.online, 'offline')
  client.sdk.enableSocket(true)
  await until(isOnline, 'login with the new id')
  expect(client.cid).not.toBe(former)
})

test('a restart refuses until it is over, and knows its clients afterwards', async () => {
  const { cid } = client
  const restarted = gateway.gate.restart(300)
  await until(() => !client.online, 'offline')
  await restarted
  client.sdk.enableSocket(true)
  await until(isOnline, 'online')
  expect(client.cid).toBe(cid)
})

test('swallowed connections neither open nor fail', async () => {
  gateway.gate.admission = 'swallow'
  const before = gateway.gate.accepted
  gateway.gate.cut()
  await until(() => !client.online, 'offline')
  client.sdk.enableSocket(true)
  await until(() => gateway.gate.accepted === before + 1, 'the connection')
  expect(client.sockets.at(-1)?.readyState).toBe(WebSocket.CONNECTING)
})
