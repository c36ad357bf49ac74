import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ChannelError } from '../../../src/core/channel-error.js'
import type { UIMessageChunk } from '../../../src/messages/chunk.js'
import { createAnswer } from '../../../src/messages/create-answer.js'
import type { ToolPart } from '../../../src/messages/part.js'
import { isToolPart } from '../../../src/messages/part-guards.js'
import type { HistoryMessage } from '../../../src/server/conversations/conversations.js'
import { drain } from '../../../src/server/hub/producer.js'
import { relay } from '../../../src/server/producers/relay.js'
import { openAIMessages, openAITools } from '../../../src/server/tools/openai-messages.js'
import { tool, type ServerTool } from '../../../src/server/tools/tool.js'
import { toolLoop, type ToolLoopOptions } from '../../../src/server/tools/tool-loop.js'
import { openAI } from '../../../src/vendors/openai.js'
import { deferred } from '../../helpers/deferred.js'
import { createOpenAIServer, type OpenAIServer, type ScriptedStep } from './openai-server.js'

const recording = readFileSync(
  fileURLToPath(new URL('../../fixtures/vendors/openai/tool-calls.sse', import.meta.url)),
  'utf8',
)

let model: OpenAIServer
afterEach(() => model.close())

const question: HistoryMessage = { id: 'q', role: 'user', parts: [{ type: 'text', text: 'What now?' }] }

/** Runs the loop against the server; what it gave, as chunks and as a message. */
async function run(
  tools: readonly ServerTool[],
  options: Partial<ToolLoopOptions> & { readonly signal?: AbortSignal } = {},
) {
  const { messages = [question], signal = new AbortController().signal, ...more } = options
  const chunks: UIMessageChunk[] = []
  const last = messages[messages.length - 1]
  const answer = createAnswer(last?.role === 'assistant' ? last : undefined)
  const producer = toolLoop({
    tools,
    messages,
    ask: (step) =>
      relay({
        vendor: openAI,
        url: model.url,
        body: { stream: true, messages: openAIMessages(step.messages), tools: openAITools(step.tools) },
      }),
    onToolError: () => undefined,
    ...more,
  })
  const write = async (chunk: unknown) => {
    const sent = JSON.parse(JSON.stringify(chunk)) as UIMessageChunk
    chunks.push(sent)
    answer.add(sent)
  }
  await drain(producer as never, { channelId: 'run-1', signal, metadata: {}, write })
  answer.close()
  const message: HistoryMessage = { id: answer.id ?? '', role: 'assistant', parts: answer.parts }
  return {
    chunks,
    message,
    text: answer.text,
    calls: answer.parts.filter(isToolPart),
    told: answer.message([]),
  }
}

const serve = async (...script: ScriptedStep[]) => (model = await createOpenAIServer(...script))
const types = (chunks: readonly UIMessageChunk[]) =>
  chunks.map(({ type }) => type).filter((type) => !/delta/.test(type))
const call = (name: string, input: unknown, id = 'c1') => ({ id, name, args: JSON.stringify(input) })
const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const lookUp = (city = '') => `${city}: 21 °C`

describe('a model that calls tools', () => {
  it('is asked again with what they gave, each step an event of the run', async () => {
    await serve({ recording }, { text: 'It is 21 °C.' })
    const tools = [
      tool<{ city: string }>('get_weather', weather, ({ city }) => lookUp(city), {
        description: 'Weather now',
      }),
      tool('get_time', { type: 'object' }, async () => ({ hour: 7 })),
    ]
    const { chunks, text, told, calls } = await run(tools)
    expect(text).toBe('It is 21 °C.')
    expect(types(chunks)).toEqual([
      'start',
      'start-step',
      ...['tool-input-start', 'tool-input-start', 'tool-input-available', 'tool-input-available'],
      ...['tool-output-available', 'tool-output-available'],
      'finish-step',
      'start-step',
      ...['text-start', 'text-end'],
      'finish-step',
      'finish',
    ])
    expect(calls.map((part) => part.state === 'output-available' && part.output)).toEqual([
      '北京: 21 °C',
      { hour: 7 },
    ])
    expect(told).toMatchObject({ id: 'run-1', finishReason: 'stop' })
    expect(model.asked[0]?.tools[0]).toEqual({
      type: 'function',
      function: { name: 'get_weather', description: 'Weather now', parameters: weather },
    })
    expect(model.asked[1]?.messages).toEqual([
      { role: 'user', content: 'What now?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"北京"}' } },
          { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{"tz":"UTC"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_a', content: '北京: 21 °C' },
      { role: 'tool', tool_call_id: 'call_b', content: '{"hour":7}' },
    ])
  })

  it('hears what is wrong with an input, and of a tool that there is not; neither is run', async () => {
    let runs = 0
    await serve(
      {
        calls: [
          call('get_weather', { town: 'x' }),
          call('rm', {}, 'c2'),
          { id: 'c3', name: 'get_weather', args: '{"ci' },
        ],
      },
      { text: 'Sorry.' },
    )
    const { chunks, calls } = await run([tool('get_weather', weather, () => ++runs)])
    expect(runs).toBe(0)
    expect(chunks.filter(({ type }) => type === 'tool-input-error')).toHaveLength(3)
    expect(calls.map(({ state }) => state)).toEqual(['output-error', 'output-error', 'output-error'])
    const said = JSON.stringify(model.asked[1]?.messages)
    expect(said).toContain('city is missing')
    expect(said).toContain('There is no tool')
    expect(said).toContain('no complete JSON')
  })

  it('takes schemas of Zod: inputs are as they make them, the model is told their shape', async () => {
    await serve({ calls: [call('add', { a: '2' }), call('add', { a: 'x' }, 'c2')] }, { text: 'ok' })
    const given: unknown[] = []
    const schema = z.object({ a: z.coerce.number(), b: z.number().default(1) })
    const { calls } = await run([tool('add', schema, ({ a, b }) => void given.push(a + b))])
    expect(given).toEqual([3])
    expect(calls.map(({ state }) => state).sort()).toEqual(['output-available', 'output-error'])
    expect(model.asked[0]?.tools).toMatchObject([
      { function: { parameters: { type: 'object', properties: { b: { type: 'number' } } } } },
    ])
    expect(JSON.stringify(model.asked[1])).toContain('a: ')
  })

  it('sees what a tool gives on the way, and the model only its last', async () => {
    await serve({ calls: [call('count', {})] }, { text: 'ok' })
    const counting = tool('count', {}, async function* () {
      yield 1
      yield 2
      return 3
    })
    const { chunks } = await run([counting])
    const outputs = chunks.flatMap((chunk) =>
      chunk.type === 'tool-output-available' ? [[chunk.output, chunk.preliminary ?? false]] : [],
    )
    expect(outputs).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ])
    expect(model.asked[1]?.messages[2]).toMatchObject({ role: 'tool', content: '3' })
  })

  it('is told that a tool failed, and by its own words only where they were written to be read', async () => {
    await serve({ calls: [call('a', {}), call('b', {}, 'c2')] }, { text: 'ok' })
    const failed: string[] = []
    await run(
      [
        tool('a', {}, () => {
          throw new Error('password=123')
        }),
        tool('b', {}, async () => {
          throw new ChannelError('BAD_REQUEST', 'Only cities.')
        }),
      ],
      { onToolError: (error, { toolName }) => failed.push(`${toolName}: ${(error as Error).message}`) },
    )
    expect(failed.sort()).toEqual(['a: password=123', 'b: Only cities.'])
    const said = JSON.stringify(model.asked[1])
    expect(said).toContain('Only cities.')
    expect(said).not.toContain('password')
  })

  it('is asked no more often than it may be', async () => {
    await serve(...Array.from({ length: 9 }, () => ({ calls: [call('again', {})] })))
    const { told, calls } = await run([tool('again', {}, () => 'x')], { maxSteps: 3 })
    expect(model.asked).toHaveLength(3)
    expect(calls).toHaveLength(3)
    expect(told).toMatchObject({ finishReason: 'tool-calls', metadata: { usage: { totalTokens: 45 } } })
  })

  it('is not asked again when it was cut at its limit', async () => {
    await serve({ calls: [call('again', {})], reason: 'length' })
    const { told } = await run([tool('again', {}, () => 'x')])
    expect(told.finishReason).toBe('length')
    expect(model.asked).toHaveLength(1)
  })

  it('and is stopped aborts the tool that runs, and asks nothing more', async () => {
    await serve({ calls: [call('wait', {})] })
    const [abort, began, heard] = [new AbortController(), deferred(), deferred()]
    const waiting = tool('wait', {}, (_, { signal }) => {
      signal.addEventListener('abort', () => heard.resolve())
      began.resolve()
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    const running = run([waiting], { signal: abort.signal })
    await began.promise
    abort.abort(new Error('stopped'))
    await heard.promise
    await expect(running).rejects.toThrow('stopped')
    expect(model.asked).toHaveLength(1)
  })
})

describe('a call that waits for somebody', () => {
  const transfer = (done: unknown[]) =>
    tool<{ to: string }>(
      'transfer',
      { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
      ({ to }) => `sent to ${done.push(to) && to}`,
      { needsApproval: ({ to }) => to !== 'me' },
    )

  const answered = ({ message }: { message: HistoryMessage }, approved: boolean): HistoryMessage => ({
    ...message,
    // As it comes back after a reload: plain JSON.
    parts: (JSON.parse(JSON.stringify(message.parts)) as ToolPart[]).map((part) =>
      part.state === 'approval-requested'
        ? ({ ...part, state: 'approval-responded', approval: { ...part.approval, approved } } as ToolPart)
        : part,
    ),
  })

  it('ends the run with the question; the answer runs the tool, and goes on with the same message', async () => {
    const done: unknown[] = []
    await serve({ calls: [call('transfer', { to: 'bob' }), call('transfer', { to: 'me' }, 'c2')] })
    const first = await run([transfer(done)])
    expect(done).toEqual(['me'])
    expect(first.told.finishReason).toBe('tool-calls')
    expect(first.calls.map(({ state }) => state)).toEqual(['approval-requested', 'output-available'])

    model.script.push({ text: 'Done.' })
    const second = await run([transfer(done)], { messages: [question, answered(first, true)] })
    expect(done).toEqual(['me', 'bob'])
    expect(second.message.id).toBe(first.message.id)
    expect(types(second.chunks).slice(0, 3)).toEqual(['start', 'tool-output-available', 'start-step'])
    expect(second.calls.map(({ state }) => state)).toEqual(['output-available', 'output-available'])
    expect(second.text).toBe('Done.')
    expect(model.asked[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool'])
  })

  it('and is not allowed is not run, and the model hears so', async () => {
    const done: unknown[] = []
    await serve({ calls: [call('transfer', { to: 'bob' })] })
    const first = await run([transfer(done)])
    model.script.push({ text: 'As you like.' })
    const second = await run([transfer(done)], { messages: [question, answered(first, false)] })
    expect(done).toEqual([])
    expect(second.calls[0]?.state).toBe('output-denied')
    expect(JSON.stringify(model.asked[1])).toContain('did not allow')
  })

  it('is still asked for where the answer has not come, and asks the model nothing', async () => {
    await serve({ calls: [call('transfer', { to: 'bob' })] })
    const first = await run([transfer([])])
    const second = await run([transfer([])], { messages: [question, first.message] })
    expect(second.told.finishReason).toBe('tool-calls')
    expect(model.asked).toHaveLength(1)
  })

  it('runs at the page where the tool has nothing to run here', async () => {
    await serve({ calls: [call('location', {})] })
    const location = tool('location', { type: 'object' })
    const first = await run([location])
    expect(first.calls[0]?.state).toBe('input-available')
    expect(first.told.finishReason).toBe('tool-calls')
    model.script.push({ text: 'Here.' })
    const parts = first.message.parts.map((part) =>
      isToolPart(part) ? ({ ...part, state: 'output-available', output: [1, 2] } as ToolPart) : part,
    )
    const second = await run([location], { messages: [question, { ...first.message, parts }] })
    expect(second.text).toBe('Here.')
    expect(model.asked[1]?.messages[2]).toMatchObject({ role: 'tool', content: '[1,2]' })
  })

  it('was cut off before it ran, and is run when the answer is gone on with', async () => {
    await serve({ text: 'ok' })
    const part = { type: 'tool-x', toolCallId: 'c', state: 'input-available', input: {} } as const
    const { calls } = await run([tool('x', {}, () => 'ran')], {
      messages: [question, { id: 'a', role: 'assistant', parts: [{ type: 'step-start' }, part] }],
    })
    expect(calls).toMatchObject([{ state: 'output-available', output: 'ran' }])
  })

  it('is the page’s alone: however the history has it, nothing runs here, and it is asked for no leave', async () => {
    await serve({ calls: [call('location', {}), call('weather', {}, 'c2')] }, { text: 'so be it' })
    const done: unknown[] = []
    const own = tool('weather', {}, () => done.push('weather'))
    const first = await run([tool('location', {}, undefined, { needsApproval: true }), own])
    expect(first.calls.map(({ state }) => state)).toEqual(['input-available', 'output-available'])
    const second = await run([tool('location', {}), own], { messages: [question, first.message] })
    expect([second.calls[0]?.state, second.told.finishReason]).toEqual(['input-available', 'tool-calls'])
    const claimed = first.message.parts.map((part) =>
      isToolPart(part) && part.toolCallId === 'c1'
        ? ({ ...part, state: 'approval-responded', approval: { id: 'p', approved: true } } as ToolPart)
        : part,
    )
    const third = await run([tool('location', {}), own], {
      messages: [question, { ...first.message, parts: claimed }],
    })
    expect(third.calls[0]).toMatchObject({ state: 'output-error' })
    expect([done, model.asked.length]).toEqual([['weather'], 2])
  })

  it('of a tool that nobody knows ends with an error, which the model hears: also one of a former run, or a name of every object', async () => {
    const names = ['gone', '__proto__', 'constructor', 'toString']
    await serve({ calls: names.map((name, index) => call(name, {}, `n${index}`)) }, { text: 'ok' })
    const first = await run([tool('x', {}, () => 'x')])
    expect(first.calls.map(({ state }) => state)).toEqual(names.map(() => 'output-error'))
    expect(first.text).toBe('ok')
    expect(JSON.stringify(model.asked[1])).toContain('There is no tool')
    model.script.push({ text: 'ok again' })
    const waiting = names.map((name, index) => ({
      type: `tool-${name}` as const,
      toolCallId: `w${index}`,
      state: 'input-available' as const,
      input: {},
    }))
    const second = await run([tool('x', {}, () => 'x')], {
      messages: [question, { id: 'a', role: 'assistant', parts: [{ type: 'step-start' }, ...waiting] }],
    })
    expect(second.calls.map(({ state }) => state)).toEqual(names.map(() => 'output-error'))
    expect([second.text, second.told.finishReason]).toEqual(['ok again', 'stop'])
    expect(JSON.stringify(model.asked[2])).toContain('There is no tool')
  })

  it('is sent to no model without a result, also where the user said something else instead', async () => {
    await serve({ calls: [call('transfer', { to: 'bob' })] }, { text: 'ok' })
    const first = await run([transfer([])])
    await run([transfer([])], { messages: [question, first.message, { ...question, id: 'q2' }] })
    expect(model.asked[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user'])
  })
})

describe('tools that can’t be', () => {
  it('are refused where they are made', async () => {
    await serve()
    expect(() => tool('two words', {})).toThrow(/1 to 64/)
    const bare = {
      '~standard': { version: 1, vendor: 'x', validate: (value: unknown) => ({ value }) },
    } as const
    expect(() => tool('x', bare)).toThrow(/parameters/)
    expect(tool('x', bare, undefined, { parameters: { type: 'object' } }).parameters).toEqual({
      type: 'object',
    })
    const twice = [tool('x', {}), tool('x', {})]
    expect(() => toolLoop({ tools: twice, messages: [], ask: () => () => [] })).toThrow(/same name/)
  })
})
