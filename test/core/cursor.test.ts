import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCursor, parseCursor, succession } from '../../src/core/cursor.js'

const epoch = fc.stringMatching(/^[A-Za-z0-9]{1,32}(\.[A-Za-z0-9]{1,16})?$/)
const seq = fc.nat(999_999_999_999_999)

test('a cursor read back is the one written', () => {
  fc.assert(
    fc.property(epoch, seq, (epoch, seq) => {
      expect(parseCursor(formatCursor(epoch, seq))).toEqual({ epoch, seq })
    }),
  )
})

test.each([
  '',
  '5',
  '_5',
  'a_',
  'a_-1',
  'a_05',
  'a_1.5',
  'a_1e3',
  'a b_1',
  'a_1 ',
  'a_1\n',
  'a_1_2',
  `${'a'.repeat(33)}_1`,
  'a_1234567890123456',
  'é_1',
  'a._1',
  '.a_1',
  'a.b.c_1',
  `a.${'b'.repeat(17)}_1`,
])('%j is no cursor', (text) => {
  expect(parseCursor(text)).toBeUndefined()
})

describe('succession', () => {
  test.each([
    [undefined, 'a_0', 'next'],
    [undefined, 'a_1', 'gap'],
    ['a_0', 'a_1', 'next'],
    ['a_9', 'a_10', 'next'],
    ['a_1', 'a_1', 'duplicate'],
    ['a_5', 'a_0', 'duplicate'],
    ['a_1', 'a_3', 'gap'],
    ['a_1', 'b_2', 'other-epoch'],
    ['a_1', 'b_0', 'other-epoch'],
    [undefined, '17-0', 'opaque'],
    ['a_1', 'msg-2', 'opaque'],
    ['msg-1', 'a_2', 'opaque'],
    ['a_1', 'a.g_2', 'next'],
    ['a.g_2', 'a.h_3', 'next'],
    ['a.g_2', 'a.h_5', 'gap'],
    ['a.g_2', 'a_1', 'duplicate'],
    ['a.g_2', 'a.g_2', 'duplicate'],
    // What we saw under this number was lost: it is another event now.
    ['a_2', 'a.g_2', 'other-epoch'],
    ['a.g_3', 'a.h_1', 'other-epoch'],
  ] as const)('after %s comes %s: %s', (cursor, id, expected) => {
    expect(succession(cursor, id)).toBe(expected)
  })
})
