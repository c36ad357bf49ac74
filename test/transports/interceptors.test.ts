// What an app installs around all its requests, on the vendor's own runtime: promises, nothing, and throws come back.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventSource } from '../../src/client/standard-event-source.js'
import { SSEClient } from '../../src/client/sse-client.js'
import { alwaysForeground } from '../../src/core/lifecycle.js'
import type { Policy } from '../../src/core/state.js'
import { uiMessageStream } from '../../src/decoders/ui-message-stream.js'
import { systemClock } from '../../src/platform/system-clock.js'
import { createChannel } from '../../src/run/create-channel.js'
import { createAutoTransport } from '../../src/transports/auto.js'
import { httpSource } from '../../src/transports/http-source.js'
import type { Identity } from '../../src/server/access/authorize.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import type { Transport } from '../../src/transports/transport.js'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { eventually } from '../helpers/eventually.js'
import { beginStream, startHttpServer } from '../helpers/http-server.js'
import { installVendorUni, type VendorUni } from '../helpers/vendor-uni.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'
import { quickPolicy } from './run-session.js'

interface RequestOptions {
  header?: Record<string, string>
}
const sign = (options: RequestOptions) => {
  options.header = { ...options.header, authorization: 'fresh' }
}
/** As an app refreshes a token that is about to expire. */
async function refresh(options: RequestOptions) {
  await new Promise((resolve) => setTimeout(resolve, 5))
  sign(options)
  return options
}

let uni: VendorUni
let uninstall: () => void
let served: Served
let runs: number
let tokens: (string | undefined)[]
let isRefusing: boolean

beforeEach(async () => {
  runs = 0
  tokens = []
  isRefusing = false
  served = await serveHub({
    // As an app without types would say no.
    authorize: () => (isRefusing ? undefined : { userId: 'u' }) as Identity,
    start: ({ body, headers }) => {
      tokens.push(headers.authorization as string | undefined)
      return async function* ({ signal }) {
        runs++
        yield { type: 'text-start', id: '1' }
        for (const delta of ['一', '二', '三']) yield { type: 'text-delta', id: '1', delta }
        if ((body as { endless?: true }).endless)
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        yield { type: 'text-end', id: '1' }
      }
    },
  })
  const installed = await installVendorUni()
  uni = installed.uni
  uninstall = installed.uninstall
})
afterEach(async () => {
  uninstall()
  await served.close()
})

const open = (transport: Transport = uniRequestTransport, policy: Partial<Policy> = {}) =>
  createChannel({
    key: 'k',
    source: httpSource({ url: served.base, transport }),
    decoder: uiMessageStream,
    policy: { ...quickPolicy, ...policy },
    background: 'resume',
    lifecycle: alwaysForeground,
    clock: systemClock,
  })
const producerStopped = () =>
  eventually('the producer is stopped', async () => (await served.hub.listActive()).length === 0)

describe.each([
  ['one lets go at once', [{ invoke: sign }]],
  ['one lets go when a token is there', [{ invoke: refresh }]],
  ['two let go one after the other', [{ invoke: refresh }, { invoke: refresh }]],
])('a call that %s', (_when, hooks) => {
  const intercept = (name: string) => {
    for (const one of hooks) uni.addInterceptor(name, one)
  }

  test.each([
    ['request', uniRequestTransport],
    ['request', longPollTransport],
    ['connectSocket', webSocketTransport],
  ] as const)('streams, and is stopped: uni.%s', async (name, transport) => {
    intercept(name)
    const channel = open(transport)
    expect(await channel.start({})).toBe('done')
    expect([channel.text.value, runs, tokens[0]]).toEqual(['一二三', 1, 'fresh'])

    const run = channel.start({ endless: true })
    await eventually('the answer begins', () => channel.text.value === '一二三' && runs === 2)
    channel.stop()
    expect(await run).toBe('stopped')
    await producerStopped()
    expect(channel.error.value).toBeUndefined()
  })

  test('is heard and aborted by SSEClient', async () => {
    intercept('request')
    let heard = 0
    const { ended, abort } = new SSEClient().create().post({
      url: served.base,
      body: { words: [] },
      onMessage: () => heard++,
    })
    expect(await ended).toBe('done')
    expect(heard).toBeGreaterThan(4)
    abort()
  })

  test('is heard and closed by EventSource', async () => {
    intercept('request')
    const server = await startHttpServer((_request, response) => beginStream(response).write('data: 7\n\n'))
    const source = new EventSource(server.url)
    const heard: unknown[] = []
    source.onmessage = ({ data }) => heard.push(data)
    await eventually('a price', () => heard.length > 0)
    source.close()
    await eventually('hung up', () => server.requests.every(({ closed }) => closed))
    expect(heard).toEqual(['7'])
    await server.close()
  })
})

test('stopped before the token is there, nothing goes on that nobody hears', async () => {
  uni.addInterceptor('request', { invoke: refresh })
  const channel = open()
  const run = channel.start({ endless: true })
  channel.stop()
  expect(await run).toBe('stopped')
  await eventually('the request has come and gone', async () => {
    const active = await served.hub.listActive()
    return runs <= 1 && active.length === 0
  })
})

test.each<[string, object]>([
  ['one that promises nothing', { invoke: async (options: RequestOptions) => sign(options) }],
  ['one that forbids it', { invoke: () => false }],
  ['one that throws', { invoke: () => JSON.parse('') as unknown }],
  ['one that is rejected', { invoke: () => Promise.reject(new Error('no token')) }],
])('a call that is lost in %s ends as an error, and the next start is taken', async (_what, hooks) => {
  uni.addInterceptor('request', hooks)
  const channel = open(uniRequestTransport, { attempts: 1, firstByteMs: 100 })
  for (const time of [1, 2]) {
    expect([time, await channel.start({})]).toEqual([time, 'error'])
    expect(channel.error.value).toMatchObject({ name: 'ChannelError' })
  }
  expect(runs).toBe(0)
})

test('what opens whatever a call returns takes no answer away', async () => {
  uni.addInterceptor({ returnValue: (value: { data?: unknown }) => value.data })
  const channel = open(uniRequestTransport, { attempts: 1, firstByteMs: 100 })
  const outcome = await channel.start({})
  expect(channel.status.value).toBe(outcome)
  expect(channel.error.value?.name ?? 'ChannelError').toBe('ChannelError')
})

describe.each([
  ['nothing, later', { success: async () => undefined }],
  ['a throw', { success: (result: { data: { at?: number } }) => void (result.data.at = 1) }],
])('a success of which an interceptor makes %s', (_what, hooks) => {
  test('is still the refusal that it was', async () => {
    uni.addInterceptor('request', hooks)
    isRefusing = true
    const channel = open()
    expect(await channel.start({})).toBe('error')
    expect(channel.error.value?.code).toBe('UNAUTHORIZED')
  })

  test('ends an answer, and a stop, as ever', async () => {
    uni.addInterceptor('request', hooks)
    const channel = open()
    expect(await channel.start({})).toBe('done')
    const run = channel.start({ endless: true })
    await eventually('the answer begins', () => channel.text.value === '一二三' && runs === 2)
    channel.stop()
    expect(await run).toBe('stopped')
    await producerStopped()
  })
})

test('a wrapper that keeps the task to itself takes no character away, and stop() reaches the producer', async () => {
  const { request } = uni
  uni.request = (options) => void request(options)
  const channel = open(createAutoTransport())
  expect(await channel.start({})).toBe('done')
  expect([channel.text.value, runs]).toEqual(['一二三', 1])
  const run = channel.start({ endless: true })
  await eventually('it runs', () => runs === 2)
  channel.stop()
  expect(await run).toBe('stopped')
  await producerStopped()
})
