import { safeValidateUIMessages } from 'ai'
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { effectScope, ref, watch, watchEffect, type EffectScope } from 'vue'
import {
  ChannelError,
  messageText,
  useChannelStore,
  useChat,
  useSSEChannel,
  type ChatFinish,
  type ChatMessage,
  type ChatStatus,
  type UseChatOptions,
} from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const delta = (text: string) => JSON.stringify({ type: 'text-delta', id: 't', delta: text })
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
  return { source, scope, ...made }
}

/** The newest request's body. */
function sent({ last }: ScriptedSource): Record<string, unknown> {
  if (last.intent.kind !== 'start') throw new Error('a read has no body')
  return last.intent.input as Record<string, unknown>
}

async function answerWith(source: ScriptedSource, text: string) {
  source.open()
  source.event('a_0', delta(text))
  source.event('a_1', '[DONE]')
  await tick()
}

const said = (messages: readonly ChatMessage[]) =>
  messages.map(
    (message) => `${message.role}: ${messageText(message)}${message.status ? ` (${message.status})` : ''}`,
  )

/** A conversation whose answer broke off after its first words. */
async function brokenOff() {
  const made = chat()
  made.source.readable = false
  void made.sendMessage('one')
  made.source.open()
  made.source.event('a_0', delta('half, '))
  made.source.lose(new ChannelError('CONNECTION_LOST'))
  await tick()
  return made
}

describe('sendMessage', () => {
  test('shows the question at once, the answer as it comes, and keeps both', async () => {
    const { source, messages, status, sendMessage } = chat()
    const outcome = sendMessage('你好')
    expect(status.value).toBe('submitted')
    expect(said(messages.value)).toEqual(['user: 你好', 'assistant:  (submitted)'])
    source.open()
    source.event('a_0', delta('您'))
    await tick()
    expect(status.value).toBe('streaming')
    expect(said(messages.value)).toEqual(['user: 你好', 'assistant: 您 (streaming)'])
    source.event('a_1', delta('好'))
    source.event('a_2', '[DONE]')
    expect(await outcome).toBe('done')
    expect(status.value).toBe('ready')
    expect(said(messages.value)).toEqual(['user: 你好', 'assistant: 您好 (done)'])
  })

  test('keeps the id of an answer from its first moment to its last, and the objects of what is complete', async () => {
    const { source, messages, sendMessage } = chat()
    void sendMessage('one')
    const [question, answer] = messages.value
    await answerWith(source, 'first')
    expect(messages.value[0]).toBe(question)
    expect(messages.value[1]?.id).toBe(answer?.id)
    const complete = messages.value[1]
    void sendMessage('two')
    source.open()
    source.event('b_0', delta('second'))
    await tick()
    expect(messages.value[1]).toBe(complete)
    expect(new Set(messages.value.map(({ id }) => id)).size).toBe(4)
  })

  test('renders who shows the answer, not who lists the messages, and is plain JSON', async () => {
    const { source, scope, messages, sendMessage } = chat()
    void sendMessage('one')
    source.open()
    let lists = 0
    const texts: string[] = []
    scope.run(() => {
      watch(messages, () => lists++, { flush: 'sync' })
      watch(
        () => messageText(messages.value[1]!),
        (text) => texts.push(text),
        { flush: 'sync' },
      )
    })
    for (const [index, piece] of ['a', 'b'].entries()) {
      source.event(`a_${index}`, delta(piece))
      await tick()
    }
    expect([lists, texts]).toEqual([0, ['a', 'ab']])
    expect(JSON.parse(JSON.stringify(messages.value[1]))).toEqual({
      id: expect.any(String),
      role: 'assistant',
      parts: [{ type: 'text', text: 'ab', state: 'streaming' }],
      status: 'streaming',
      channelId: source.last.intent.channelId,
    })
    source.event('a_2', '[DONE]')
    await tick()
    expect([lists, messages.value[1]?.status]).toEqual([1, 'done'])
  })

  test('sends what was said so far as UI messages, in the words of the AI SDK', async () => {
    const { source, sendMessage } = chat({ key: 'talk' })
    void sendMessage('one')
    await answerWith(source, 'first')
    void sendMessage({ text: 'two' }, { body: { model: 'large', messages: 'no' } })
    const { messages, ...rest } = sent(source)
    expect(rest).toEqual({
      id: 'talk',
      model: 'large',
      trigger: 'submit-message',
      messageId: expect.any(String),
    })
    expect(messages).toMatchObject([
      { role: 'user', parts: [{ type: 'text', text: 'one' }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'first' }] },
      { role: 'user', parts: [{ type: 'text', text: 'two' }] },
    ])
    expect(await safeValidateUIMessages({ messages })).toMatchObject({ success: true })
  })

  test.each(
    [['', '  \n', {}, { text: '' }, { parts: [] }, undefined, null, 7]].flat().map((input) => [input]),
  )('refuses %j and says what it takes', async (input) => {
    const { source, messages, sendMessage } = chat()
    await expect(sendMessage(input as never)).rejects.toMatchObject({
      code: 'BAD_OPTIONS',
      message: expect.stringContaining('a text that is not empty'),
    })
    expect(source.dials).toEqual([])
    expect(messages.value).toEqual([])
  })

  test('refuses a second question while an answer runs: one bill, and nothing is lost', async () => {
    const { source, messages, sendMessage, regenerate } = chat()
    void sendMessage('one')
    await expect(sendMessage('two')).rejects.toMatchObject({ code: 'RUN_ACTIVE' })
    await expect(regenerate()).rejects.toMatchObject({ code: 'RUN_ACTIVE' })
    expect(source.dials).toEqual(['start'])
    expect(messages.value).toHaveLength(2)
  })

  test('leaves the conversation as it was when the channel runs for somebody else', async () => {
    const { messages, sendMessage, source } = chat({ key: 'shared' })
    const channel = useSSEChannel({ key: 'shared' })
    void channel.start('a task')
    await expect(sendMessage('one')).rejects.toMatchObject({ code: 'RUN_ACTIVE' })
    expect(messages.value).toEqual([])
    expect(source.dials).toEqual(['start'])
  })

  test('in an effect depends on the question alone, whatever the answer does', async () => {
    const { source, sendMessage } = chat()
    const question = ref('one')
    let runs = 0
    watchEffect(() => {
      runs++
      void sendMessage(question.value)
    })
    await answerWith(source, 'first')
    expect([runs, source.dials]).toEqual([1, ['start']])
    question.value = 'two'
    await tick()
    expect([runs, source.dials]).toEqual([2, ['start', 'start']])
  })

  test('can be called by whoever sees that the answer is ready', async () => {
    const { source, scope, status, messages, sendMessage } = chat()
    scope.run(() =>
      watch(status, (now) => now === 'ready' && messages.value.length < 3 && sendMessage('two')),
    )
    void sendMessage('one')
    await answerWith(source, 'first')
    expect(said(messages.value)).toEqual([
      'user: one',
      'assistant: first (done)',
      'user: two',
      'assistant:  (submitted)',
    ])
  })
})

describe('stop', () => {
  test('keeps what came, tells the producer, and the next question goes out with it', async () => {
    const { source, messages, status, sendMessage, stop } = chat()
    const outcome = sendMessage('one')
    source.open()
    source.event('a_0', delta('half'))
    stop()
    stop()
    expect(await outcome).toBe('stopped')
    expect(source.stops).toHaveLength(1)
    expect(status.value).toBe('ready')
    expect(said(messages.value)[1]).toBe('assistant: half (stopped)')
    void sendMessage('two')
    expect(sent(source).messages).toHaveLength(3)
  })

  test('an answer of which nothing came is shown as stopped and not sent again', async () => {
    const { source, messages, sendMessage, stop } = chat()
    const outcome = sendMessage('one')
    stop()
    await outcome
    expect(said(messages.value)).toEqual(['user: one', 'assistant:  (stopped)'])
    void sendMessage('two')
    expect(sent(source).messages).toMatchObject([{ role: 'user' }, { role: 'user' }])
  })
})

describe('regenerate', () => {
  async function twoAnswers() {
    const made = chat()
    for (const text of ['one', 'two']) {
      void made.sendMessage(text)
      await answerWith(made.source, `re: ${text}`)
    }
    return made
  }

  test('drops the newest answer and asks its question again', async () => {
    const { source, messages, regenerate } = await twoAnswers()
    const dropped = messages.value[3]?.id
    void regenerate({ body: { temperature: 1 } })
    expect(said(messages.value).slice(2)).toEqual(['user: two', 'assistant:  (submitted)'])
    expect(sent(source)).toMatchObject({ trigger: 'regenerate-message', messageId: dropped, temperature: 1 })
    expect(sent(source).messages).toHaveLength(3)
    await answerWith(source, 'better')
    expect(said(messages.value)[3]).toBe('assistant: better (done)')
  })

  test.each([
    ['an answer', 1],
    ['its question', 0],
  ])('with the id of %s drops all that follows the question', async (_what, index) => {
    const { messages, regenerate } = await twoAnswers()
    void regenerate({ messageId: messages.value[index]?.id ?? '' })
    expect(said(messages.value)).toEqual(['user: one', 'assistant:  (submitted)'])
  })

  test('asks again after an error', async () => {
    const { source, messages, status, error, sendMessage, regenerate } = chat()
    void sendMessage('one')
    source.lose(new ChannelError('FORBIDDEN'))
    await tick()
    expect(status.value).toBe('error')
    void regenerate()
    expect([status.value, error.value]).toEqual(['submitted', undefined])
    await answerWith(source, 'there')
    expect(said(messages.value)).toEqual(['user: one', 'assistant: there (done)'])
  })

  test('without a question, or with an id that is not there, says so', async () => {
    const { messages, regenerate } = chat()
    await expect(regenerate()).rejects.toMatchObject({ code: 'BAD_OPTIONS', message: /no question|has none/ })
    await expect(regenerate({ messageId: 'x' })).rejects.toMatchObject({ message: /"x"/ })
    expect(messages.value).toEqual([])
  })
})

describe('errors', () => {
  test('an error keeps the text, is told once, and can be taken as read', async () => {
    const onError = vi.fn()
    const onFinish = vi.fn()
    const { source, messages, status, error, sendMessage, clearError } = chat({ onError, onFinish })
    void sendMessage('one')
    source.open()
    source.event('a_0', delta('half'))
    source.lose(new ChannelError('FORBIDDEN'))
    await tick()
    expect([status.value, error.value?.code]).toEqual(['error', 'FORBIDDEN'])
    expect(said(messages.value)[1]).toBe('assistant: half (error)')
    expect(onError.mock.calls).toEqual([[error.value]])
    expect(onFinish.mock.calls).toMatchObject([[{ outcome: 'error', messages: messages.value }]])
    clearError()
    expect([status.value, error.value]).toEqual(['ready', undefined])
    void sendMessage('two')
    source.lose(new ChannelError('FORBIDDEN'))
    await tick()
    expect(status.value).toBe('error')
    expect(onError).toHaveBeenCalledTimes(2)
  })

  test('a stop that could not be told is an error of a conversation that goes on', async () => {
    const onError = vi.fn()
    const { source, status, error, sendMessage, stop } = chat({ onError })
    source.onStop = () => Promise.reject(new ChannelError('STOP_FAILED'))
    void sendMessage('one')
    source.open()
    stop()
    await tick()
    expect([status.value, error.value?.code]).toEqual(['ready', 'STOP_FAILED'])
    expect(onError).toHaveBeenCalledTimes(1)
  })

  test('a callback may ask the next question', async () => {
    const finishes: string[] = []
    const { source, messages, sendMessage } = chat({
      onFinish({ message, outcome }: ChatFinish) {
        finishes.push(`${outcome} ${messageText(message)}`)
        if (finishes.length === 1) void sendMessage('two')
      },
    })
    void sendMessage('one')
    await answerWith(source, 'first')
    await answerWith(source, 'second')
    expect(finishes).toEqual(['done first', 'done second'])
    expect(messages.value).toHaveLength(4)
  })
})

describe('retry', () => {
  test('reads on where the answer may still be going: no second bill, and the text goes on', async () => {
    const { source, messages, status, retry } = await brokenOff()
    source.readable = true
    const id = messages.value[1]?.id
    const outcome = retry()
    expect([status.value, said(messages.value)[1]]).toEqual(['submitted', 'assistant: half,  (submitted)'])
    source.open()
    source.event('a_1', delta('and half'))
    source.event('a_2', '[DONE]')
    expect(await outcome).toBe('done')
    expect(source.dials).toEqual(['start', 'read a_0'])
    expect(said(messages.value)).toEqual(['user: one', 'assistant: half, and half (done)'])
    expect(messages.value[1]?.id).toBe(id)
  })

  test('sends the same request again where the answer has failed; what is in view stays until as much has come', async () => {
    const { source, messages, sendMessage, retry } = chat()
    void sendMessage('one', { body: { model: 'large' } })
    source.open()
    source.event('a_0', delta('a long first half'))
    source.event('a_1', '{"outcome":"error","code":"PRODUCER_ERROR"}', 'end')
    await tick()
    const body = sent(source)
    void retry()
    expect(sent(source)).toEqual(body)
    source.open()
    source.event('b_0', delta('short'))
    await tick()
    expect(said(messages.value)).toEqual(['user: one', 'assistant: a long first half (streaming)'])
    source.event('b_1', delta(' and then some more'))
    await tick()
    expect(said(messages.value)).toEqual(['user: one', 'assistant: short and then some more (streaming)'])
  })

  test('after a restart reads first, and asks again when there is nothing to read', async () => {
    const broken: readonly ChatMessage[] = [
      { id: 'q', role: 'user', parts: [{ type: 'text', text: 'one', state: 'done' }] },
      { id: 'a', role: 'assistant', parts: [], status: 'error', channelId: 'run-1' },
    ]
    const { source, messages, retry } = chat({ messages: broken })
    void retry()
    expect(source.dials).toEqual(['read from the start'])
    source.lose(new ChannelError('CHANNEL_NOT_FOUND'))
    await tick()
    expect(said(messages.value)).toEqual(['user: one', 'assistant:  (error)'])
    void retry()
    await tick()
    expect(source.dials).toEqual(['read from the start', 'start'])
    expect(sent(source)).toMatchObject({ trigger: 'regenerate-message', messages: [{ id: 'q' }] })
    expect(said(messages.value)).toEqual(['user: one', 'assistant:  (submitted)'])
  })

  test('is of the newest answer: an older one that failed is no reason to drop what is complete', async () => {
    const { source, messages, sendMessage, retry } = chat()
    const first = sendMessage('one')
    source.open()
    source.event('a_0', JSON.stringify({ type: 'error', errorText: 'overloaded' }))
    expect(await first).toBe('error')
    void sendMessage('two')
    await answerWith(source, 'second')
    const before = said(messages.value)
    expect(before.at(-1)).toBe('assistant: second (done)')
    const dials = source.dials.length
    await retry().catch(() => undefined)
    expect([said(messages.value), source.dials.length]).toEqual([before, dials])
  })

  test('with no question at all says so', async () => {
    await expect(chat().retry()).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
  })
})

describe('resumeStream', () => {
  const stored: readonly ChatMessage[] = [
    { id: 'q', role: 'user', parts: [{ type: 'text', text: 'one', state: 'done' }] },
    {
      id: 'a',
      role: 'assistant',
      parts: [{ type: 'text', text: 'first ha', state: 'streaming' }],
      status: 'streaming',
      channelId: 'run-1',
    },
  ]

  test('reads a stored answer on, takes nothing back of what was shown, and starts nothing', async () => {
    const { source, messages, status, resumeStream } = chat({ messages: stored })
    expect(status.value).toBe('ready')
    const outcome = resumeStream()
    expect(source.last.intent).toMatchObject({ kind: 'read', channelId: 'run-1', cursor: undefined })
    const seen: string[] = []
    source.open()
    for (const [index, text] of ['first ', 'half, ', 'second half'].entries()) {
      source.event(`a_${index}`, delta(text))
      await tick()
      seen.push(messageText(messages.value[1] ?? { parts: [] }))
    }
    source.event('a_3', '[DONE]')
    expect(await outcome).toBe('done')
    expect(seen).toEqual(['first ha', 'first half, ', 'first half, second half'])
    expect(messages.value).toMatchObject([{ id: 'q' }, { id: 'a', status: 'done', channelId: 'run-1' }])
    expect(source.dials).toEqual(['read from the start'])
  })

  test.each([
    [
      'text',
      [{ type: 'text', text: 'first ha', state: 'streaming' }],
      (source: ScriptedSource) => source.last.observer.finished(),
    ],
    [
      'a call and a file',
      [
        { type: 'tool-draw', toolCallId: 't', state: 'output-available', input: {}, output: 1 },
        { type: 'file', url: 'https://example.com/a.png', mediaType: 'image/png' },
      ],
      (source: ScriptedSource) => source.last.observer.finished(),
    ],
    [
      'what the server has forgotten',
      [{ type: 'file', url: 'https://example.com/a.png', mediaType: 'image/png' }],
      (source: ScriptedSource) => source.lose(new ChannelError('CHANNEL_NOT_FOUND')),
    ],
  ] as const)(
    'keeps %s where there is nothing to read, and does not call it complete',
    async (_what, parts, tell) => {
      const answer = { ...stored[1], parts } as unknown as ChatMessage
      const { source, messages, resumeStream } = chat({ messages: [stored[0] as ChatMessage, answer] })
      const outcome = resumeStream()
      tell(source)
      expect(await outcome).toBe('error')
      await tick()
      expect(messages.value[1]).toMatchObject({ parts, status: 'error' })
    },
  )

  test('after a lost connection reads on from the cursor', async () => {
    const { source, messages, resumeStream } = await brokenOff()
    expect(said(messages.value)[1]).toBe('assistant: half,  (error)')
    source.readable = true
    const outcome = resumeStream()
    expect(source.dials).toEqual(['start', 'read a_0'])
    source.open()
    source.event('a_1', delta('and half'))
    source.event('a_2', '[DONE]')
    expect(await outcome).toBe('done')
    expect(said(messages.value)).toEqual(['user: one', 'assistant: half, and half (done)'])
  })

  test('joins an answer that is being written, whoever asked', async () => {
    const { source, sendMessage } = chat({ key: 'shared' })
    const asked = sendMessage('one')
    const { resumeStream } = chat({ key: 'shared' })
    const joined = resumeStream()
    await answerWith(source, 'first')
    expect([await asked, await joined]).toEqual(['done', 'done'])
    expect(source.dials).toEqual(['start'])
  })

  test.each([
    ['an empty conversation', []],
    ['a question', stored.slice(0, 1)],
    ['an answer that is complete', [{ ...stored[1], status: 'done' }]],
    ['an answer that was stopped', [{ ...stored[1], status: 'stopped' }]],
  ])('has nothing to read after %s', async (_what, messages) => {
    const { source, resumeStream } = chat({ messages: messages as ChatMessage[] })
    expect(await resumeStream()).toBeUndefined()
    expect(source.dials).toEqual([])
  })
})

describe('a conversation', () => {
  test('with a key is one for all pages, and goes on without them', async () => {
    const first = chat({ key: 'shared' })
    void first.sendMessage('one')
    first.scope.stop()
    await answerWith(first.source, 'first')
    const second = chat({ key: 'shared', messages: [{ id: 'x', role: 'user', parts: [] }] })
    expect(said(second.messages.value)).toEqual(['user: one', 'assistant: first (done)'])
  })

  test('tells a page that is gone nothing', async () => {
    const onFinish = vi.fn()
    const { source, scope, sendMessage } = chat({ key: 'shared', onFinish })
    void sendMessage('one')
    scope.stop()
    await answerWith(source, 'first')
    expect(onFinish).not.toHaveBeenCalled()
  })

  test('without a key stops with its scope', async () => {
    const { source, scope, sendMessage } = chat()
    const outcome = sendMessage('one')
    source.open()
    scope.stop()
    expect(await outcome).toBe('stopped')
    expect(source.live).toBe(0)
  })

  test('can be replaced in the middle of an answer, which then belongs to none', async () => {
    const { source, messages, status, setMessages, sendMessage } = chat()
    const outcome = sendMessage('one')
    source.open()
    source.event('a_0', delta('half'))
    setMessages([])
    expect([messages.value, status.value]).toEqual([[], 'ready'])
    void sendMessage('two')
    expect(await outcome).toBe('stopped')
    expect(source.stops).toHaveLength(1)
    expect(said(messages.value)).toEqual(['user: two', 'assistant:  (submitted)'])
  })
})

test('its types say what a page can do', () => {
  const { messages, status, error } = chat()
  expectTypeOf(messages.value).toEqualTypeOf<readonly ChatMessage[]>()
  expectTypeOf(status.value).toEqualTypeOf<ChatStatus>()
  expectTypeOf(error.value).toEqualTypeOf<ChannelError | undefined>()
})
