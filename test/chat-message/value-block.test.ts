import { expect, test } from 'vitest'
import { valueBlock } from '../../components/chat-message/value-block'

test('names and plain values are rows', () => {
  expect(valueBlock('Input', { from: '深圳', seats: 2, window: true, note: null })).toEqual({
    label: 'Input',
    rows: [
      { name: 'from', value: '深圳' },
      { name: 'seats', value: '2' },
      { name: 'window', value: 'true' },
      { name: 'note', value: 'null' },
    ],
    text: '',
  })
})

test('what holds more than that is JSON, a text is itself, and nothing is empty', () => {
  const list = { days: [1, 2] }
  expect(valueBlock('', list)).toMatchObject({ rows: [], text: JSON.stringify(list, null, 2) })
  expect(valueBlock('', [1])).toMatchObject({ rows: [], text: '[\n  1\n]' })
  expect(valueBlock('', {})).toMatchObject({ rows: [], text: '{}' })
  expect(valueBlock('', 'no such city')).toMatchObject({ rows: [], text: 'no such city' })
  expect(valueBlock('', undefined)).toMatchObject({ rows: [], text: '' })
  const many = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`key${index}`, index]))
  expect(valueBlock('', many).rows).toEqual([])
})
