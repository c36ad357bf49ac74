import { describe, expect, test } from 'vitest'
import { difyDecoder } from '../../src/index.js'
import { data, error, read } from './read-stream.js'

describe('difyDecoder', () => {
  const message = (answer: string, event = 'message') => ({ event, task_id: 't', message_id: 'm', answer })

  test('reads a chat between pings, to the end of its message', () => {
    const stream =
      data({ event: 'workflow_started', message_id: 'm', conversation_id: 'c' }, message('你')) +
      'event: ping\n\n' +
      data(
        message('好', 'agent_message'),
        { event: 'workflow_finished', message_id: 'm', conversation_id: 'c', data: { status: 'succeeded' } },
        { event: 'message_end', metadata: { usage: {} } },
        message('late'),
      )
    expect(read(difyDecoder, stream)).toMatchObject({
      text: '你好',
      ending: { outcome: 'done' },
      messages: { length: 5 },
    })
  })

  test('reads a workflow, which has no message, to its own end', () => {
    const stream = data(
      { event: 'text_chunk', workflow_run_id: 'w', data: { text: '结果' } },
      { event: 'workflow_finished', workflow_run_id: 'w', data: { status: 'succeeded' } },
    )
    expect(read(difyDecoder, stream)).toMatchObject({ text: '结果', ending: { outcome: 'done' } })
  })

  test.each([
    [
      { event: 'workflow_finished', message_id: 'm', data: { status: 'failed', error: '节点失败' } },
      error('节点失败'),
    ],
    [{ event: 'workflow_finished', data: { status: 'stopped' } }, { outcome: 'stopped' }],
    [
      { event: 'error', status: 400, code: 'provider_quota_exceeded', message: '额度不足' },
      error('额度不足'),
    ],
  ])('%j ends the run', (value, ending) => {
    expect(read(difyDecoder, data(value)).ending).toMatchObject(ending)
  })

  test('what moderation replaces is replaced, in the place of the text', () => {
    const thought = {
      event: 'agent_thought',
      id: 'th',
      tool: 'search',
      tool_input: '{"q":"a"}',
      observation: '',
    }
    const stream = data(
      message('bad '),
      thought,
      { ...thought, observation: '{"hits":2}' },
      message('words'),
      message('不能回答', 'message_replace'),
    )
    expect(read(difyDecoder, stream)).toMatchObject({
      text: '不能回答',
      parts: [
        { type: 'text', text: '不能回答', state: 'done' },
        {
          type: 'tool-search',
          toolCallId: 'th',
          state: 'output-available',
          input: { q: 'a' },
          output: { hits: 2 },
        },
      ],
    })
  })

  test('a thought without a tool is no part: the answer repeats it', () => {
    const stream = data({ event: 'agent_thought', id: 'th', thought: 'hm', tool: '' })
    expect(read(difyDecoder, stream).parts).toEqual([])
  })
})
