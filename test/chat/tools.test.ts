import { afterEach, describe, expect, test, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  messageText,
  useChannelStore,
  useChat,
  type UseChatOptions,
} from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const tick = () => new Promise<void>((resolve) => setTimeout(resolve))
const scopes: EffectScope[] = []
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
})

function chat(options: UseChatOptions = {}) {
  const source = new ScriptedSource()
  const scope = effectScope()
  scopes.push(scope)
  const made = scope.run(() => useChat({ source, ...options }))
  if (!made) throw new Error('the scope is stopped')
  return { source, ...made }
}

let events = 0
function tell(source: ScriptedSource, ...chunks: (object | '[DONE]')[]) {
  for (const chunk of chunks)
    source.event(`a_${events++}`, typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
}

function reply(source: ScriptedSource, ...chunks: object[]) {
  events = 0
  source.open()
  tell(source, ...chunks, '[DONE]')
}

const call = { type: 'tool-input-available', toolCallId: 'c', toolName: 'weather', input: { city: '北京' } }
const sent = (source: ScriptedSource) =>
  (source.last.intent as unknown as { input: Record<string, never> }).input

describe('a tool that the page runs', () => {
  test('is told once, its output goes to the server, and the same message goes on', async () => {
    const onToolCall = vi.fn()
    const { source, messages, sendMessage, addToolOutput } = chat({
      onToolCall,
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    })
    void sendMessage('how is the weather?')
    reply(source, { type: 'start', messageId: 'm' }, { type: 'start-step' }, call, { type: 'finish-step' })
    await tick()
    expect(onToolCall.mock.calls).toEqual([
      [{ toolCall: { toolCallId: 'c', toolName: 'weather', input: { city: '北京' } } }],
    ])
    expect(source.dials).toEqual(['start'])
    await addToolOutput({ tool: 'weather', toolCallId: 'c', output: 'sunny' })
    expect(source.dials).toEqual(['start', 'start'])
    expect(sent(source)).toMatchObject({
      trigger: 'submit-message',
      messageId: 'm',
      messages: [{ role: 'user' }, { id: 'm', parts: [{}, { state: 'output-available', output: 'sunny' }] }],
    })
    expect(messages.value).toHaveLength(2)
    reply(source, { type: 'start-step' }, { type: 'text-delta', id: 't', delta: 'It is sunny.' })
    await tick()
    expect(messages.value[1]?.parts.map(({ type }) => type)).toEqual([
      'step-start',
      'tool-weather',
      'step-start',
      'text',
    ])
    expect(messages.value[1]).toMatchObject({ id: 'm', status: 'done' })
  })

  test('may be answered while the message is still being written, and is sent after its end', async () => {
    const { source, messages, sendMessage, addToolOutput } = chat({
      onToolCall: ({ toolCall }) =>
        void addToolOutput({
          tool: toolCall.toolName,
          toolCallId: toolCall.toolCallId,
          state: 'output-error',
          errorText: 'no',
        }),
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    })
    void sendMessage('q')
    events = 0
    source.open()
    tell(source, call)
    await tick()
    expect(messages.value[1]?.parts).toMatchObject([{ state: 'output-error', errorText: 'no' }])
    expect(source.dials).toEqual(['start'])
    tell(source, '[DONE]')
    await tick()
    expect(source.dials).toEqual(['start', 'start'])
    expect(sent(source).messages).toMatchObject([{}, { parts: [{ state: 'output-error' }] }])
  })

  test('what a provider runs itself is not told', async () => {
    const onToolCall = vi.fn()
    const { source, sendMessage } = chat({ onToolCall })
    void sendMessage('q')
    reply(source, { ...call, providerExecuted: true })
    await tick()
    expect(onToolCall).not.toHaveBeenCalled()
  })

  test.each([true, false])('waits for the user, who says %s', async (approved) => {
    const { source, messages, sendMessage, addToolApprovalResponse } = chat({
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
    })
    void sendMessage('delete it')
    reply(source, call, { type: 'tool-approval-request', approvalId: 'p', toolCallId: 'c' })
    await tick()
    expect(messages.value[1]?.parts).toMatchObject([{ state: 'approval-requested', approval: { id: 'p' } }])
    await addToolApprovalResponse({ id: 'p', approved, reason: 'since' })
    expect(sent(source).messages).toMatchObject([
      {},
      { parts: [{ state: 'approval-responded', approval: { id: 'p', approved, reason: 'since' } }] },
    ])
    reply(
      source,
      approved
        ? { type: 'tool-output-available', toolCallId: 'c', output: 1 }
        : { type: 'tool-output-denied', toolCallId: 'c' },
    )
    await tick()
    // What the server says of the call is said of the part that was there.
    expect(messages.value[1]?.parts).toMatchObject([
      { type: 'tool-weather', state: approved ? 'output-available' : 'output-denied' },
    ])
  })
})

test('data is told as it comes, transient data too, which is in no message', async () => {
  const onData = vi.fn()
  const { source, messages, sendMessage } = chat({ onData })
  void sendMessage('q')
  reply(source, { type: 'data-progress', data: 1, transient: true }, { type: 'data-row', id: 'r', data: 2 })
  await tick()
  expect(onData.mock.calls.map(([part]) => (part as { data: unknown }).data)).toEqual([1, 2])
  expect(messages.value[1]?.parts).toEqual([{ type: 'data-row', id: 'r', data: 2 }])
})

test('what a callback throws ends nothing', async () => {
  const caught: unknown[] = []
  const onRejection = (reason: unknown) => caught.push(reason)
  process.on('unhandledRejection', onRejection)
  const former = process.listeners('unhandledRejection').filter((listener) => listener !== onRejection)
  for (const listener of former) process.off('unhandledRejection', listener)
  const { source, messages, sendMessage } = chat({
    onData() {
      throw new Error('of the app')
    },
  })
  void sendMessage('q')
  reply(source, { type: 'data-row', data: 2 }, { type: 'text-delta', id: 't', delta: 'there' })
  await tick()
  await tick()
  expect(messageText(messages.value[1]!)).toBe('there')
  expect(caught).toMatchObject([{ message: 'of the app' }])
  for (const listener of former) process.on('unhandledRejection', listener)
  process.off('unhandledRejection', onRejection)
})

describe('requests', () => {
  test('prepareRequest makes the body of another server', async () => {
    const { source, sendMessage } = chat({
      prepareRequest: ({ messages, body, requestMetadata }) => ({
        body: {
          ...body,
          requestMetadata,
          messages: messages.map((message) => ({ role: message.role, content: messageText(message) })),
        },
      }),
    })
    void sendMessage('你好', { body: { model: 'm' }, metadata: 7 })
    expect(sent(source)).toEqual({
      model: 'm',
      requestMetadata: 7,
      messages: [{ role: 'user', content: '你好' }],
    })
  })

  test('headers of a call need a server of their own, and say so', async () => {
    const { source, messages, sendMessage } = chat()
    await expect(sendMessage('q', { headers: { a: 'b' } })).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
    expect([source.dials, messages.value]).toEqual([[], []])
  })
})
