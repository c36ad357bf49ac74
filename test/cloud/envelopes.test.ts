import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toEnvelopes } from '../../src/cloud/envelopes.js'
import { entriesOf, isEnvelope, type EntryKind, type LogEntry } from '../../src/cloud/wire.js'

const LIMIT = 600

const run = fc
  .tuple(
    fc.array(fc.oneof(fc.string({ maxLength: 300, unit: 'binary' }), fc.jsonValue({ maxDepth: 2 })), {
      maxLength: 40,
    }),
    fc.constantFrom<EntryKind>('message', 'end', 'stopped'),
    fc.nat(100_000),
  )
  .map(([messages, last, first]) =>
    messages.map((value, index): LogEntry => {
      const message = JSON.parse(JSON.stringify(value)) as unknown
      return { seq: first + index, kind: index === messages.length - 1 ? last : 'message', message }
    }),
  )

test('envelopes cover every entry once, in order, under the limit; only what fits none is a hint', () => {
  fc.assert(
    fc.property(run, (entries) => {
      const envelopes = toEnvelopes(entries, LIMIT)
      let next = entries[0]?.seq ?? 0
      for (const envelope of envelopes) {
        expect(isEnvelope(envelope)).toBe(true)
        expect(JSON.stringify(envelope).length).toBeLessThanOrEqual(LIMIT)
        expect(envelope.from).toBe(next)
        next = envelope.to + 1
        const expected = entries.slice(envelope.from - entries[0]!.seq, next - entries[0]!.seq)
        if (envelope.items) expect(entriesOf(envelope)).toEqual(expected)
        else expect(JSON.stringify(expected[0]!.message).length).toBeGreaterThan(LIMIT - 100)
      }
      expect(next).toBe((entries.at(-1)?.seq ?? -1) + 1)
    }),
    { numRuns: 500 },
  )
})

test('small messages share one push', () => {
  const entries = Array.from({ length: 20 }, (_, seq): LogEntry => ({
    seq,
    kind: 'message',
    message: { a: seq },
  }))
  expect(toEnvelopes(entries, LIMIT)).toEqual([
    { wire: 1, from: 0, to: 19, items: entries.map((each) => each.message) },
  ])
})

test('what is no envelope is recognised', () => {
  for (const value of [
    null,
    'text',
    {},
    { wire: 1 },
    { wire: 1, from: 2, to: 1 },
    { wire: 1, from: -1, to: 0 },
    { wire: 2, from: 0, to: 0 },
  ])
    expect(isEnvelope(value)).toBe(false)
})
