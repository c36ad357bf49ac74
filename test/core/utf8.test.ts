import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createUtf8Decoder, utf8Length } from '../../src/core/utf8.js'

const whole = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = createUtf8Decoder()
  return chunks.map((chunk) => decoder.decode(chunk)).join('') + decoder.end()
}

/** Bytes that begin, continue and break characters far more often than chance would. */
const nastyByte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
  ),
)
const malformed = fc.array(nastyByte, { maxLength: 24 }).map((bytes) => Uint8Array.from(bytes))
const wellFormed = fc
  .string({ unit: 'grapheme', maxLength: 24 })
  .map((text) => new Uint8Array(Buffer.from(text)))

describe.each([
  ['malformed', malformed],
  ['well-formed', wellFormed],
])('%s input', (_name, bytes) => {
  test('equals TextDecoder on the whole input, wherever it is cut', () => {
    const cut = bytes.chain((value) =>
      fc.tuple(fc.constant(value), fc.array(fc.nat(value.length), { maxLength: 6 })),
    )
    fc.assert(
      fc.property(cut, ([value, cuts]) => {
        expect(decode(pieces(value, cuts))).toBe(whole(value))
      }),
      { numRuns: 5000 },
    )
  })

  test('equals TextDecoder byte by byte', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decode([...value].map((byte) => Uint8Array.of(byte)))).toBe(whole(value))
      }),
      { numRuns: 2000 },
    )
  })
})

test('every sequence of two bytes, and every lead with hard second and third bytes, equals TextDecoder', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const edges = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xf0, 0xff]
  const wrong: number[][] = []
  const check = (bytes: number[]) => {
    const value = Uint8Array.from(bytes)
    if (decode([value]) !== decoder.decode(value)) wrong.push(bytes)
  }
  for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) check([a, b])
  for (let a = 0xc0; a < 256; a++) for (const b of edges) for (const c of edges) check([a, b, c, 0x80])
  expect(wrong).toEqual([])
})

test('a text longer than one argument list decodes whole, also where a pair lies on the seam', () => {
  const text = 'a'.repeat(8191) + '😀'.repeat(200_000) + '好'.repeat(8192)
  expect(decode([new Uint8Array(Buffer.from(text))])).toBe(text)
})

test('end() gives one replacement for a cut character, and starts over', () => {
  const decoder = createUtf8Decoder()
  expect(decoder.decode(Uint8Array.of(0xe4, 0xbd))).toBe('')
  expect(decoder.end()).toBe('\ufffd')
  expect(decoder.end()).toBe('')
  expect(decoder.decode(Uint8Array.of(0x41))).toBe('A')
})

test('the chunk is not kept: its buffer may be reused by the platform', () => {
  const decoder = createUtf8Decoder()
  const buffer = Uint8Array.of(0xe4, 0xbd)
  decoder.decode(buffer)
  buffer.fill(0)
  expect(decoder.decode(Uint8Array.of(0xa0))).toBe('你')
})

test('utf8Length equals what Node writes, lone surrogates too', () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0xd7ff, max: 0xe000 }),
    fc.constantFrom(0x7f, 0x80, 0x7ff, 0x800),
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 20 }), (units) => {
      const text = String.fromCharCode(...units)
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
    }),
    { numRuns: 5000 },
  )
})
