import { describe, expect, test } from 'vitest'
import { agUi } from '../../src/vendors/ag-ui.js'
import { anthropic } from '../../src/vendors/anthropic.js'
import { coze } from '../../src/vendors/coze.js'
import { dashScope } from '../../src/vendors/dash-scope.js'
import { dify } from '../../src/vendors/dify.js'
import { fastGPT } from '../../src/vendors/fast-gpt.js'
import { gemini } from '../../src/vendors/gemini.js'
import { langGraph } from '../../src/vendors/lang-graph.js'
import { ollama } from '../../src/vendors/ollama.js'
import { openAIResponses } from '../../src/vendors/openai-responses.js'
import { openAI } from '../../src/vendors/openai.js'
import { qianfan } from '../../src/vendors/qianfan.js'
import type { Vendor } from '../../src/vendors/vendor.js'
import { data, faultsOf, named, said, translate } from './translate.js'

const all = [
  agUi,
  anthropic,
  coze,
  dashScope,
  dify,
  fastGPT,
  gemini,
  langGraph,
  ollama,
  openAI,
  openAIResponses,
  qianfan,
]
const sse = all.filter(({ framing }) => framing === 'sse')
const oa = (delta: object, finish_reason: string | null = null, index = 0) => ({
  choices: [{ index, delta, finish_reason }],
})
const call = (fields: object) => oa({ tool_calls: [fields] })

describe.each(all.map((vendor) => [vendor.name, vendor] as const))('%s', (_name, vendor) => {
  test.each([
    'null',
    '0',
    '"text"',
    '[]',
    '{}',
    ': keepalive',
    'ping',
    '',
    '{"choices":7,"output":7,"delta":null,"data":null}',
  ])('is not disturbed by %j', (text) => {
    const translator = vendor.translator()
    const { chunks, ending } = translator.event({ id: '', type: 'message', data: text })
    expect([chunks.filter(({ type }) => /^(text|error|finish)/.test(type)), ending]).toEqual([[], undefined])
  })

  test('is incomplete when nothing but heartbeats came, and says what was missing', () => {
    const { ending } = translate(vendor, 'data: : keepalive\n\n: ping\n\n')
    expect(ending).toMatchObject({ outcome: 'error', error: { code: 'INCOMPLETE', retryable: true } })
  })

  test.each([
    ['{"error":{"message":"余额不足","code":"quota"}}', '余额不足'],
    ['{"code":402,"msg":"余额不足","data":null}', '余额不足'],
    ['{"error":"model is loading"}', 'model is loading'],
    ['{"id":"x","choices":null,"base_resp":{"status_code":1008,"status_msg":"余额不足"}}', '余额不足'],
  ])('%s is a failure in its words', (text, words) => {
    const { ending } = vendor.translator().event({ id: '', type: 'message', data: text })
    expect(ending).toMatchObject({ outcome: 'error', error: { code: 'PRODUCER_ERROR', message: words } })
  })
})

test.each(sse.map((vendor) => [vendor.name, vendor] as const))(
  '%s: an event called error ends in its words',
  (_name, vendor) => {
    for (const text of [
      '没有积分',
      '{"message":"没有积分"}',
      '{"code":514,"statusText":"没有积分"}',
      '{"msg":"没有积分"}',
    ])
      expect(vendor.translator().event({ id: '', type: 'error', data: text }).ending).toMatchObject({
        error: { message: '没有积分' },
      })
  },
)

test.each(sse.map((vendor) => [vendor.name, vendor] as const))(
  '%s: a heartbeat called ping is no word of the answer, whatever is in it',
  (_name, vendor) => {
    for (const text of ['still here', '{}', '1700000000']) {
      const { chunks, ending } = vendor.translator().event({ id: '', type: 'ping', data: text })
      expect([chunks.filter(({ type }) => /^(text|error|finish)/.test(type)), ending]).toEqual([
        [],
        undefined,
      ])
    }
  },
)

describe('an end', () => {
  const text = (delta: string) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: delta },
  })
  const candidate = (reason?: string) => ({
    candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: reason }],
  })

  test.each<[string, Vendor, string]>([
    [
      'a stop_reason without message_stop',
      anthropic,
      data(text('x'), { type: 'message_delta', delta: { stop_reason: 'end_turn' } }),
    ],
    [
      'a chat whose workflow finished, without message_end',
      dify,
      data(
        { event: 'message', task_id: 't', message_id: 'm', answer: 'x' },
        { event: 'workflow_finished', message_id: 'm', data: { status: 'succeeded' } },
      ),
    ],
    [
      'a message that is complete, without the chat’s end',
      coze,
      named(['conversation.message.completed', { id: 'm', type: 'answer', content: 'x' }]),
    ],
    ['"null" as a reason', dashScope, data({ output: { text: 'x', finish_reason: 'null' } })],
    ['an empty reason', openAI, data(oa({ content: 'x' }, ''))],
    ['a candidate without a reason', gemini, data(candidate())],
    ['is_end: false', qianfan, data({ result: 'x', is_end: false, finish_reason: 'normal' })],
    ['a node’s stop without [DONE]', fastGPT, named(['answer', oa({ content: 'x' }, 'stop')])],
    [
      'a text’s end without the run’s',
      agUi,
      data(
        { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'x' },
        { type: 'TEXT_MESSAGE_END', messageId: 'm' },
      ),
    ],
    [
      'an item’s end without the response’s',
      openAIResponses,
      data({ type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'x' }),
    ],
    ['done: false', ollama, '{"message":{"content":"x"},"done":false}\n'],
  ])('is not proven by %s: the text is kept, the outcome is an error', async (_what, vendor, stream) => {
    expect(await said(vendor, stream)).toMatchObject({ outcome: 'error', code: 'INCOMPLETE', text: 'x' })
    expect(await faultsOf(translate(vendor, stream))).toEqual([])
  })

  test.each([
    ['a reason without [DONE]', data(oa({ content: 'x' }), oa({}, 'stop'))],
    ['[DONE] without a reason', data(oa({ content: 'x' }), '[DONE]')],
  ])('of OpenAI is proven by %s', async (_what, stream) => {
    expect(await said(openAI, stream)).toMatchObject({ outcome: 'done', text: 'x' })
  })

  test.each<[string, Vendor, string]>([
    ['length', openAI, data(oa({ content: 'x' }, 'length'))],
    [
      'length',
      anthropic,
      data(
        text('x'),
        { type: 'message_delta', delta: { stop_reason: 'max_tokens' } },
        { type: 'message_stop' },
      ),
    ],
    ['length', gemini, data(candidate('MAX_TOKENS'))],
    [
      'length',
      dashScope,
      data({ output: { choices: [{ message: { content: 'x' }, finish_reason: 'length' }] } }),
    ],
    [
      'length',
      openAIResponses,
      data({
        type: 'response.incomplete',
        response: { incomplete_details: { reason: 'max_output_tokens' } },
      }),
    ],
    ['length', ollama, '{"message":{"content":"x"},"done":true,"done_reason":"length"}\n'],
    ['length', qianfan, data({ result: 'x', is_end: true, is_truncated: true, finish_reason: 'normal' })],
    ['content-filter', openAI, data(oa({ content: 'x' }, 'sensitive'))],
    ['content-filter', openAI, data(oa({ refusal: 'No.' }), oa({}, 'stop'))],
    [
      'content-filter',
      anthropic,
      data({ type: 'message_delta', delta: { stop_reason: 'refusal' } }, { type: 'message_stop' }),
    ],
    ['content-filter', gemini, data({ promptFeedback: { blockReason: 'SAFETY' } })],
    ['content-filter', gemini, data(candidate('PROHIBITED_CONTENT'))],
    [
      'content-filter',
      openAIResponses,
      data(
        { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No.' },
        { type: 'response.completed', response: {} },
      ),
    ],
    [
      'interrupted',
      anthropic,
      data({ type: 'message_delta', delta: { stop_reason: 'pause_turn' } }, { type: 'message_stop' }),
    ],
    [
      'interrupted',
      agUi,
      data({ type: 'RUN_FINISHED', outcome: { type: 'interrupt', interrupts: [{ id: 'i' }] } }),
    ],
    ['interrupted', langGraph, named(['updates', { __interrupt__: [{ value: 'ok?' }] }])],
    ['interrupted', coze, named(['Interrupt', { interrupt_data: { event_id: 'e', type: 2 } }], ['Done', {}])],
  ])('tells its reason: %s', async (reason, vendor, stream) => {
    expect(await said(vendor, stream)).toMatchObject({ outcome: 'done', reason })
  })

  test.each<[Vendor, string]>([
    [openAI, data(oa({ content: 'x' }), oa({}, 'insufficient_system_resource'))],
    [gemini, data(candidate('MALFORMED_FUNCTION_CALL'))],
    [openAIResponses, data({ type: 'response.failed', response: { error: { message: 'oops' } } })],
    [coze, named(['conversation.chat.failed', { last_error: { code: 1, msg: 'oops' } }])],
    [agUi, data({ type: 'RUN_ERROR', message: 'oops' })],
    [dify, data({ event: 'workflow_finished', data: { status: 'failed', error: 'oops' } })],
  ])('that is the fault of the server is an error', async (vendor, stream) => {
    expect(await said(vendor, stream)).toMatchObject({ outcome: 'error', code: 'PRODUCER_ERROR' })
  })

  test('is not turned into a whole call by what was cut in the middle of its input', async () => {
    const half = call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"c":' } })
    const broken = translate(openAI, data(half))
    expect(broken.chunks.map(({ type }) => type)).not.toContain('tool-input-available')
    const cut = translate(openAI, data(half, oa({}, 'length')))
    expect(cut.chunks).toContainEqual(expect.objectContaining({ type: 'tool-input-error', input: '{"c":' }))
  })
})

describe('what imitators do otherwise', () => {
  const f = (input: string) => ({ index: 0, id: 'a', function: { name: 'x', arguments: input } })

  test('an input that is repeated when all its pieces have come counts once', async () => {
    const { tools } = await said(
      openAI,
      data(call(f('{"n"')), call(f(':1}')), call(f('{"n":1}')), oa({}, 'tool_calls'), '[DONE]'),
    )
    expect(tools).toEqual([['a', 'x', { n: 1 }, undefined]])
  })

  test('the words of a failure count wherever they stand: in the choice, in a list', async () => {
    const choice = { index: 0, delta: {}, finish_reason: 'error', error: { message: 'no GPU', code: 502 } }
    for (const [vendor, failure] of [
      [openAI, { choices: [choice] }],
      [gemini, [{ error: { code: 429, message: 'no GPU' } }]],
    ] as const)
      expect(await said(vendor, data(failure))).toMatchObject({ outcome: 'error', message: 'no GPU' })
  })

  test('Groq tells the usage in a place of its own', () => {
    const { chunks } = translate(openAI, data({ ...oa({}, 'stop'), x_groq: { usage: { total_tokens: 3 } } }))
    expect(chunks).toContainEqual(expect.objectContaining({ messageMetadata: { usage: { totalTokens: 3 } } }))
  })
})

describe('which call', () => {
  const f = (name: string | undefined, input: unknown) => ({ function: { name, arguments: input } })
  test.each([
    [
      'own ids at one index',
      [call({ index: 0, id: 'a', ...f('x', '{"n":1}') }), call({ index: 0, id: 'b', ...f('y', '{"n":2}') })],
      ['a', 'b'],
    ],
    [
      'ids in each piece, side by side at one index',
      [
        call({ index: 0, id: 'a', ...f('x', '{"n":') }),
        call({ index: 0, id: 'b', ...f('y', '{"n":') }),
        call({ index: 0, id: 'a', ...f(undefined, '1}') }),
        call({ index: 0, id: 'b', ...f(undefined, '2}') }),
      ],
      ['a', 'b'],
    ],
    [
      'no index',
      [call({ id: 'a', ...f('x', '{"n":1}') }), call({ id: 'b', ...f('y', '{"n":2}') })],
      ['a', 'b'],
    ],
    [
      'no index, and no id in later pieces',
      [
        call({ id: 'a', ...f('x', '{"n":') }),
        call(f(undefined, '1}')),
        call({ id: 'b', ...f('y', '{"n":2}') }),
      ],
      ['a', 'b'],
    ],
    [
      'no ids',
      [call({ index: 0, ...f('x', '{"n":1}') }), call({ index: 1, ...f('y', '{"n":2}') })],
      ['call-1', 'call-2'],
    ],
    [
      'no ids and one index',
      [call({ index: 0, ...f('x', '{"n":1}') }), call({ index: 0, ...f('y', '{"n":2}') })],
      ['call-1', 'call-2'],
    ],
    [
      'empty ids',
      [call({ index: 0, id: '', ...f('x', '{"n":1}') }), call({ index: 1, id: '', ...f('y', '{"n":2}') })],
      ['call-1', 'call-2'],
    ],
    [
      'both in one event, objects as arguments',
      [
        oa({
          tool_calls: [
            { id: 'a', ...f('x', { n: 1 }) },
            { id: 'b', ...f('y', { n: 2 }) },
          ],
        }),
      ],
      ['a', 'b'],
    ],
    [
      'an empty object before the pieces',
      [
        call({ index: 0, id: 'a', ...f('x', '{}') }),
        call({ index: 0, ...f('', '{"n":1}') }),
        call({ index: 1, id: 'b', ...f('y', '{"n":2}') }),
      ],
      ['a', 'b'],
    ],
  ])('%s', async (_what, events, [first, second]) => {
    const { tools } = await said(openAI, data(...events, oa({}, 'tool_calls')))
    expect(tools).toEqual([
      [first, 'x', { n: 1 }, undefined],
      [second, 'y', { n: 2 }, undefined],
    ])
  })

  test('the function_call of old is one', async () => {
    const stream = data(
      oa({ function_call: { name: 'x', arguments: '' } }),
      oa({ function_call: { arguments: '{"n":1}' } }),
      oa({}, 'function_call'),
    )
    expect(await said(openAI, stream)).toMatchObject({
      reason: 'tool-calls',
      tools: [['call-1', 'x', { n: 1 }, undefined]],
    })
  })

  test('only the first choice is the answer, wherever it stands', async () => {
    const stream = data(
      oa({ content: 'B' }, null, 1),
      { choices: [oa({ content: 'b' }, null, 1).choices[0], oa({ content: 'a' }).choices[0]] },
      oa({}, 'length', 1),
      oa({}, 'stop'),
    )
    expect(await said(openAI, stream)).toMatchObject({ text: 'a', reason: 'stop' })
  })
})

describe('text that comes twice', () => {
  const answer = (event: string, text: string) => ({ event, task_id: 't', message_id: 'm', answer: text })
  const message = (what: string, id: string, content: string): [string, object] => [
    `conversation.message.${what}`,
    { id, type: 'answer', content },
  ]
  const output = (text: string, reason = 'null') => ({ output: { text, finish_reason: reason } })
  const end = { event: 'message_end' }

  test.each<[string, Vendor, string, string[]]>([
    [
      'an agent’s whole message',
      dify,
      data(answer('agent_message', 'a'), answer('agent_message', 'b'), answer('message', 'ab'), end),
      ['ab'],
    ],
    [
      'a whole that says more',
      dify,
      data(answer('agent_message', 'a'), answer('message', 'abc'), end),
      ['abc'],
    ],
    ['equal pieces', dify, data(answer('message', '哈'), answer('message', '哈'), end), ['哈哈']],
    [
      'a replacement that is the same',
      dify,
      data(answer('message', 'ab'), answer('message_replace', 'ab'), end),
      ['ab'],
    ],
    ['a replacement before any text', dify, data(answer('message_replace', 'no'), end), ['no']],
    [
      'two answers, each whole after its pieces',
      coze,
      named(
        message('delta', '1', 'a'),
        message('completed', '1', 'a'),
        message('delta', '2', 'a'),
        message('completed', '2', 'a'),
        ['done', '[DONE]'],
      ),
      ['a', 'a'],
    ],
    [
      'pieces of two answers mixed',
      coze,
      named(message('delta', '1', 'a'), message('delta', '2', 'x'), message('delta', '1', 'b'), [
        'done',
        '[DONE]',
      ]),
      ['ab', 'x'],
    ],
    [
      'events that repeat all',
      dashScope,
      data(output('北'), output('北京'), output('北京晴'), output('北京晴', 'stop')),
      ['北京晴'],
    ],
    ['equal pieces of DashScope', dashScope, data(output('哈'), output('哈'), output('', 'stop')), ['哈哈']],
    [
      'pieces that look like repeating',
      dashScope,
      data(output('哈'), output('哈哈'), output('！'), output('', 'stop')),
      ['哈哈哈！'],
    ],
    [
      'a whole message after the pieces',
      openAI,
      data(oa({ content: 'a' }), oa({ content: 'b' }), {
        choices: [{ index: 0, message: { content: 'ab' }, finish_reason: 'stop' }],
      }),
      ['ab'],
    ],
    [
      'a whole item after its pieces',
      openAIResponses,
      data(
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'ab' },
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'message', content: [{ type: 'output_text', text: 'ab' }] },
        },
        {
          type: 'response.completed',
          response: { output: [{ type: 'message', content: [{ type: 'output_text', text: 'ab' }] }] },
        },
      ),
      ['ab'],
    ],
    [
      'only the whole',
      openAIResponses,
      data({
        type: 'response.completed',
        response: { output: [{ type: 'message', content: [{ type: 'output_text', text: 'ab' }] }] },
      }),
      ['ab'],
    ],
    [
      'a snapshot after the pieces',
      agUi,
      data(
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'ab' },
        {
          type: 'MESSAGES_SNAPSHOT',
          messages: [
            { id: 'u', role: 'user', content: 'q' },
            { id: 'm', role: 'assistant', content: 'ab' },
          ],
        },
        { type: 'RUN_FINISHED' },
      ),
      ['ab'],
    ],
    [
      'messages as far as they are',
      langGraph,
      named(
        ['messages/partial', [{ type: 'ai', id: '1', content: 'a' }]],
        ['messages/partial', [{ type: 'ai', id: '1', content: 'ab' }]],
      ),
      ['a', 'b'],
    ],
  ])('%s', async (_what, vendor, stream, texts) => {
    expect(await said(vendor, stream)).toMatchObject({ outcome: 'done', texts })
    expect(await faultsOf(translate(vendor, stream))).toEqual([])
  })
})

describe('what there is besides text', () => {
  test('tools that Dify’s agent ran together are told apart', async () => {
    const thought = { event: 'agent_thought', id: 't', tool: 'a;b', tool_input: '{"a":{"n":1},"b":{"n":2}}' }
    const stream = data(
      { ...thought, observation: '' },
      { ...thought, observation: '{"a":"x","b":"y"}' },
      { event: 'message_end' },
    )
    expect((await said(dify, stream)).tools).toEqual([
      ['t-1', 'a', { n: 1 }, 'x'],
      ['t-2', 'b', { n: 2 }, 'y'],
    ])
  })

  test('what moderation takes back is gone, and the rest stays in its place', async () => {
    const stream = data(
      { event: 'message', answer: 'bad' },
      { event: 'agent_thought', id: 't', tool: 'a', tool_input: '{}', observation: 'x' },
      { event: 'message', answer: 'words' },
      { event: 'message_replace', answer: 'ok' },
      { event: 'message', answer: '!' },
      { event: 'message_end' },
    )
    const { parts } = await said(dify, stream)
    expect(parts.map(({ type, text }) => text ?? type)).toEqual(['ok', 'tool-a', '!'])
  })

  test('a tool of Anthropic’s that failed is an error of that call', async () => {
    const stream = data(
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
      },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: {
          type: 'web_search_tool_result',
          tool_use_id: 's',
          content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' },
        },
      },
      { type: 'content_block_stop', index: 1 },
      { type: 'message_stop' },
    )
    expect((await said(anthropic, stream)).parts[0]).toMatchObject({
      input: { query: 'q' },
      errorText: 'max_uses_exceeded',
    })
  })

  test('pictures and sources are told once', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }
    const stream = data(oa({ images: [image] }), oa({ images: [image] }), {
      ...oa({}, 'stop'),
      citations: ['https://a.b', 'https://a.b'],
    })
    const { parts } = await said(openAI, stream)
    expect(parts.map(({ type, mediaType }) => mediaType ?? type)).toEqual(['image/png', 'source-url'])
  })

  test('a question that Coze asks in between is no end like others', async () => {
    const required = {
      required_action: {
        type: 'submit_tool_outputs',
        submit_tool_outputs: { tool_calls: [{ id: '', type: 'reply_message', function: null }] },
      },
    }
    const stream = named(
      ['conversation.chat.requires_action', { id: 'c', conversation_id: 'v', ...required }],
      ['done', '[DONE]'],
    )
    expect(await said(coze, stream)).toMatchObject({
      outcome: 'done',
      reason: 'interrupted',
      parts: [{ type: 'data-required-action' }],
    })
  })
})
