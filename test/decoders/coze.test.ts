import { describe, expect, test } from 'vitest'
import { cozeDecoder } from '../../src/index.js'
import { error, named, read } from './read-stream.js'

describe('cozeDecoder', () => {
  const delta = (fields: object) => ({
    id: '1',
    role: 'assistant',
    type: 'answer',
    content_type: 'text',
    ...fields,
  })

  test('reads the pieces once, not the whole that follows them, and keeps the follow-up questions', () => {
    const stream = named(
      ['conversation.chat.created', { id: '123', status: 'created' }],
      ['conversation.message.delta', delta({ content: '', reasoning_content: '想' })],
      ['conversation.message.delta', delta({ content: '你' })],
      ['conversation.message.delta', delta({ content: '好' })],
      ['conversation.message.completed', delta({ content: '你好' })],
      [
        'conversation.message.completed',
        delta({ type: 'verbose', content: '{"msg_type":"generate_answer_finish"}' }),
      ],
      ['conversation.message.completed', delta({ id: '2', type: 'follow_up', content: '然后呢？' })],
      ['conversation.message.completed', delta({ id: '3', type: 'follow_up', content: '为什么？' })],
      ['conversation.chat.completed', { id: '123', status: 'completed' }],
      ['done', '[DONE]'],
    )
    expect(read(cozeDecoder, stream)).toMatchObject({
      text: '你好',
      reasoning: '想',
      parts: [
        { type: 'reasoning' },
        { type: 'text', text: '你好' },
        { type: 'data-follow-up', id: '2', data: '然后呢？' },
        { type: 'data-follow-up', id: '3', data: '为什么？' },
      ],
      ending: { outcome: 'done' },
    })
  })

  test.each([
    [
      'conversation.chat.failed',
      { status: 'failed', last_error: { code: 4011, msg: '余额不足' } },
      '余额不足',
    ],
    ['error', { code: 4000, msg: '参数错误' }, '参数错误'],
  ])('%s ends the run with what it says', (name, value, message) => {
    expect(read(cozeDecoder, named([name, value])).ending).toMatchObject(error(message))
  })
})
