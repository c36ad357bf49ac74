import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventually } from '../helpers/eventually.js'
import { serveHub } from '../server/http/serve-hub.js'

// What a build leaves out is decided when a module is loaded.
beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('__UNI_SSE_TOOLS__', false)
  vi.stubGlobal('__UNI_SSE_FALLBACKS__', false)
  vi.stubGlobal('__UNI_SSE_SENTENCES__', false)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

test('without tools the chunks of a call are kept beside the answer, and its text is whole', async () => {
  const { createAnswer } = await import('../../src/messages/create-answer.js')
  const answer = createAnswer()
  const call = { type: 'tool-input-available', toolCallId: 'c1', toolName: 'rain', input: {} } as const
  answer.add({ type: 'text-delta', id: '1', delta: 'It is ' })
  answer.add(call)
  answer.add({ type: 'text-delta', id: '1', delta: 'raining.' })
  expect(answer.text).toBe('It is raining.')
  expect(answer.parts.map(({ type }) => type)).toEqual(['text'])
  expect(answer.message([]).others).toEqual([call])
})

test('without fallbacks an answer is read over the first way to stream', async () => {
  const { httpSource } = await import('../../src/transports/http-source.js')
  const served = await serveHub()
  const heard: string[] = []
  const note = () => undefined
  httpSource({ url: served.base }).connect(
    { kind: 'start', channelId: 'channel-left-out-1', input: { chunks: [{ type: 'finish' }] } },
    {
      opened: ({ channelId }) => heard.push(`opened ${channelId}`),
      event: ({ data }) => heard.push(data),
      ended: () => heard.push('ended'),
      activity: note,
      retry: note,
      finished: note,
      lost: (error) => heard.push(error.message),
      unsent: (error) => heard.push(error.message),
    },
  )
  await eventually(
    () => heard.join(),
    () => heard.includes('ended'),
  )
  expect(heard).toEqual(['opened channel-left-out-1', '{"type":"finish"}', '[DONE]', 'ended'])
  await served.close()
})

test("without sentences an error says its code, and in the platform's own words why", async () => {
  const { ChannelError } = await import('../../src/core/channel-error.js')
  const { platformFailure } = await import('../../src/platform/platform-error.js')
  expect(new ChannelError('RATE_LIMITED').message).toBe('RATE_LIMITED')
  expect(new ChannelError('SERVER_ERROR', 'The model is away.').message).toBe('The model is away.')
  const { error } = platformFailure('uni.request', { errMsg: 'request:fail url not in domain list' })
  expect(error).toMatchObject({ code: 'DOMAIN_NOT_ALLOWED', retryable: false })
  expect(error.message).toBe('DOMAIN_NOT_ALLOWED uni.request: "request:fail url not in domain list".')
})

test('without tools a message that was stored with a call keeps it, and goes on', async () => {
  const { createAnswer } = await import('../../src/messages/create-answer.js')
  const call = {
    type: 'tool-rain',
    toolCallId: 'c1',
    state: 'output-available',
    input: {},
    output: 1,
  } as const
  const answer = createAnswer({ id: 'm1', parts: [call] })
  answer.add({ type: 'text-delta', id: '1', delta: 'It is raining.' })
  expect(answer.parts).toMatchObject([call, { type: 'text', text: 'It is raining.' }])
})
