import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope, ref, type EffectScope } from 'vue'
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  memoryStorage,
  useChannelStore,
  useChat,
  type ChatMessage,
  type UseChatOptions,
} from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'
import { createPhone } from './phone.js'
import { event, put, reply } from './reply.js'
import { said } from './said.js'

const scopes: EffectScope[] = []
let phone: ReturnType<typeof createPhone>
beforeEach(() => {
  vi.useFakeTimers()
  phone = createPhone()
})
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  phone.off()
  useChannelStore().clear()
  vi.useRealTimers()
})

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms)

function chat(options: UseChatOptions = {}) {
  const source = new ScriptedSource()
  const scope = effectScope()
  scopes.push(scope)
  const made = scope.run(() => useChat({ source, ...options }))
  if (!made) throw new Error('the scope is stopped')
  return { source, ...made }
}

const text = (delta: string) => ({ type: 'text-delta', id: 't', delta })
const call = { type: 'tool-input-available', toolCallId: 'c', toolName: 'where', input: {} }
const starts = (source: ScriptedSource) => source.dials.filter((dial) => dial === 'start').length
const states = (messages: readonly ChatMessage[]) =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => ('toolCallId' in part ? [part.state] : [])))

describe('what goes on by itself', () => {
  test('ends, where sendAutomaticallyWhen always says so: told as an error, and begun anew by the next question', async () => {
    const onError = vi.fn()
    const { source, sendMessage, status } = chat({ sendAutomaticallyWhen: () => true, onError })
    void sendMessage('one')
    let answers = 0
    for (; source.connections.length > answers && answers < 100; answers++) await reply(source, text('on'))
    expect(answers).toBe(21)
    expect(onError.mock.calls).toMatchObject([[{ code: 'BAD_OPTIONS' }]])
    expect(status.value).toBe('ready')
    void sendMessage('two')
    const before = answers
    for (; source.connections.length > answers && answers < 200; answers++) await reply(source, text('on'))
    expect(answers - before).toBe(21)
  })

  test('has no end that the page does not want, while it answers the calls of tools', async () => {
    const page = chat({
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
      onToolCall: ({ toolCall }) =>
        void page.addToolOutput({ tool: 'where', toolCallId: toolCall.toolCallId, output: 1 }),
    })
    void page.sendMessage('one')
    for (let step = 0; step < 30; step++)
      await reply(page.source, { type: 'start-step' }, { ...call, toolCallId: `c${step}` })
    expect(starts(page.source)).toBe(31)
    await reply(page.source, { type: 'start-step' }, text('done'))
    expect([starts(page.source), page.status.value]).toEqual([31, 'ready'])
  })

  test('does not after a stop: an output that comes then is kept, and sent with the next question', async () => {
    for (const when of ['while it is written', 'at rest']) {
      const { source, sendMessage, stop, addToolOutput, messages } = chat({
        sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
      })
      void sendMessage('one')
      if (when === 'at rest') await reply(source, call)
      else {
        source.open()
        put(source, call)
        await after(1)
      }
      await stop()
      await addToolOutput({ tool: 'where', toolCallId: 'c', output: 'here' })
      await after(1)
      expect([when, starts(source), states(messages.value)]).toEqual([when, 1, ['output-available']])
      void sendMessage('two')
      await after(1)
      expect(JSON.stringify(source.last.intent)).toContain('"output":"here"')
    }
  })

  test('is asked for once, however often a call is answered; the first answer stays', async () => {
    const { source, sendMessage, addToolOutput, messages } = chat({
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    })
    void sendMessage('one')
    await reply(source, call)
    const answer = (output: unknown) => addToolOutput({ tool: 'where', toolCallId: 'c', output })
    await Promise.all([answer('first'), answer('second')])
    await answer('third')
    await reply(source, { type: 'start-step' }, text('thanks'))
    await answer('fourth')
    await after(1)
    expect(starts(source)).toBe(2)
    const [part] = messages.value[1]?.parts ?? []
    expect(part).toMatchObject({ state: 'output-available', output: 'first' })
  })

  test('is not asked for by an answer to a call that there is not', async () => {
    const { source, sendMessage, addToolOutput, addToolApprovalResponse, messages } = chat({
      sendAutomaticallyWhen: () => true,
    })
    await addToolOutput({ tool: 'where', toolCallId: 'none', output: 1 })
    void sendMessage('one')
    source.open()
    put(source, text('1'))
    await after(1)
    const before = said(messages.value)
    await addToolOutput({ tool: 'where', toolCallId: 'none', output: 1 })
    await addToolApprovalResponse({ id: 'none', approved: true })
    await after(1)
    expect([said(messages.value), starts(source)]).toEqual([before, 1])
  })
})

describe('a question whether a tool may run', () => {
  test('is answered in another tab, after a reload, once for all of them', async () => {
    const options: UseChatOptions = {
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
    }
    const first = phone.open(options)
    void first.sendMessage('delete it')
    await reply(first.source, call, { type: 'tool-approval-request', approvalId: 'p', toolCallId: 'c' })
    const other = phone.open(options)
    first.kill()
    const again = phone.open(options)
    expect(states(again.messages.value)).toEqual(['approval-requested'])
    await other.addToolApprovalResponse({ id: 'p', approved: true })
    await after(1)
    expect(states(again.messages.value)).toEqual(['approval-responded'])
    await again.addToolApprovalResponse({ id: 'p', approved: false })
    await after(1)
    expect([starts(other.source), starts(again.source)]).toEqual([1, 0])
    await reply(other.source, { type: 'tool-output-available', toolCallId: 'c', output: 1 }, text('gone'))
    expect(said(again.messages.value)).toEqual(['user: delete it', 'assistant: gone done'])
    expect(states(again.messages.value)).toEqual(['output-available'])
  })

  test('goes on after a stop: to allow it is to want it', async () => {
    const { source, sendMessage, stop, addToolApprovalResponse } = chat({
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
    })
    void sendMessage('delete it')
    await reply(source, call, { type: 'tool-approval-request', approvalId: 'p', toolCallId: 'c' })
    await stop()
    await addToolApprovalResponse({ id: 'p', approved: true })
    await after(1)
    expect(starts(source)).toBe(2)
  })
})

describe('in the middle of an answer', () => {
  test('messages that are replaced stay so, and the producer is stopped', async () => {
    const onFinish = vi.fn()
    const { source, sendMessage, setMessages, messages, status } = chat({ onFinish })
    const sent = sendMessage('one')
    source.open()
    put(source, text('half'))
    await after(1)
    setMessages((now) => now.slice(0, 1))
    expect([said(messages.value), status.value]).toEqual([['user: one'], 'ready'])
    put(source, text(' more'))
    await after(1)
    expect([await sent, said(messages.value), source.live]).toEqual(['stopped', ['user: one'], 0])
    expect(source.stops).toHaveLength(1)
    void sendMessage('two')
    await reply(source, text('2'))
    expect(said(messages.value)).toEqual(['user: one', 'user: two', 'assistant: 2 done'])
  })

  test('the id becomes another one and back: what was begun goes on, and each id shows its own', async () => {
    const id = ref('a')
    const source = new ScriptedSource()
    const page = chat({ id, source, storage: memoryStorage() })
    void page.sendMessage('of a')
    source.open()
    put(source, text('half'))
    await after(1)
    id.value = 'b'
    expect([page.messages.value, page.status.value]).toEqual([[], 'ready'])
    put(source, text(', and the rest'))
    await after(1)
    expect(page.messages.value).toEqual([])
    event(source, '[DONE]')
    await after(1)
    void page.sendMessage('of b')
    await reply(source, text('b'))
    id.value = 'a'
    expect(said(page.messages.value)).toEqual(['user: of a', 'assistant: half, and the rest done'])
    id.value = 'b'
    expect(said(page.messages.value)).toEqual(['user: of b', 'assistant: b done'])
  })

  test('another page of the same conversation may neither ask a second time nor switch branches', async () => {
    const storage = memoryStorage()
    const source = new ScriptedSource()
    const [one, other] = [chat({ id: 'c', storage, source }), chat({ id: 'c', storage, source })]
    void one.sendMessage('one')
    await expect(other.sendMessage('two')).rejects.toMatchObject({ code: 'RUN_ACTIVE' })
    expect(() => other.switchBranch(one.messages.value[0]!.id)).toThrow(
      expect.objectContaining({ code: 'RUN_ACTIVE' }),
    )
    await expect(other.regenerate()).rejects.toMatchObject({ code: 'RUN_ACTIVE' })
    await reply(source, text('1'))
    expect(said(other.messages.value)).toEqual(['user: one', 'assistant: 1 done'])
    expect(starts(source)).toBe(1)
  })

  test('a stop lets what waits wait; onFinish may ask, which is sent behind it', async () => {
    const source = new ScriptedSource()
    let asks = 0
    const page = chat({
      source,
      whenBusy: 'queue',
      onFinish: ({ isAbort }) => void (isAbort && asks++ === 0 && page.sendMessage('from onFinish')),
    })
    void page.sendMessage('one')
    source.open()
    void page.sendMessage('two')
    await after(1)
    await page.stop()
    await after(1)
    for (const answer of ['2', '3']) await reply(source, text(answer))
    expect(said(page.messages.value)).toEqual([
      'user: one',
      'assistant:  stopped',
      'user: two',
      'assistant: 2 done',
      'user: from onFinish',
      'assistant: 3 done',
    ])
    expect(starts(source)).toBe(3)
  })
})
