import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChannelError } from '../../src/core/channel-error.js'
import type { ChannelEvent } from '../../src/core/channel-event.js'
import { MAX_EVENT_CHARS, createSseReader, formatSse } from '../../src/core/sse.js'
import { createUtf8Decoder } from '../../src/core/utf8.js'

type Heard = ['event', ChannelEvent] | ['comment'] | ['retry', number] | ['id', string]

function listen(lastEventId?: string): { heard: Heard[]; feed(text: string): void; end(): void } {
  const heard: Heard[] = []
  const reader = createSseReader(
    {
      event: (event) => heard.push(['event', event]),
      comment: () => heard.push(['comment']),
      retry: (delayMs) => heard.push(['retry', delayMs]),
      id: (id) => heard.push(['id', id]),
    },
    lastEventId,
  )
  return { heard, feed: (text) => reader.feed(text), end: () => reader.end() }
}

function read(chunks: readonly string[]): Heard[] {
  const { heard, feed } = listen()
  for (const chunk of chunks) feed(chunk)
  return heard
}

const events = (heard: Heard[]) => heard.flatMap((item) => (item[0] === 'event' ? [item[1]] : []))
const message = (id: string, data: string, type = 'message'): ChannelEvent => ({ id, type, data })

const feed = [
  ': hello',
  'retry: 1500',
  'id: a_0',
  'data: 你好 😀',
  '',
  'event: tick',
  'id: a_1',
  'data: one',
  'data:two',
  'data',
  'data:  spaced',
  '',
  ':hb',
  '',
  'unknown: field',
  'data: {"a":"x:y"}',
  '',
  'id',
  'data: id taken back',
  '',
  'event: ping',
  '',
  'retry: soon',
  'id: nul\0id',
  'data: still no id',
  '',
  'data: never finished',
].join('\n')

const expected: Heard[] = [
  ['comment'],
  ['retry', 1500],
  ['id', 'a_0'],
  ['event', message('a_0', '你好 😀')],
  ['id', 'a_1'],
  ['event', message('a_1', 'one\ntwo\n\n spaced', 'tick')],
  ['comment'],
  ['event', message('a_1', '{"a":"x:y"}')],
  ['id', ''],
  ['event', message('', 'id taken back')],
  ['event', message('', 'still no id')],
]

describe.each([
  ['LF', '\n'],
  ['CR', '\r'],
  ['CRLF', '\r\n'],
])('%s', (_name, newline) => {
  const text = `\ufeff${feed.replace(/\n/g, newline)}`
  const bytes = new TextEncoder().encode(text)

  test('the whole feed reads as the standard says, byte order mark left out', () => {
    expect(read([text])).toEqual(expected)
  })

  test('two pieces cut at any byte read the same', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const utf8 = createUtf8Decoder()
      const chunks = [utf8.decode(bytes.subarray(0, cut)), utf8.decode(bytes.subarray(cut))]
      expect(read(chunks), `cut at byte ${cut}`).toEqual(expected)
    }
  })

  test('three pieces cut at any two characters read the same', () => {
    for (let a = 0; a <= text.length; a++)
      for (let b = a; b <= Math.min(text.length, a + 12); b++) {
        const heard = read([text.slice(0, a), text.slice(a, b), text.slice(b)])
        if (JSON.stringify(heard) !== JSON.stringify(expected))
          expect(heard, `cut at ${a}, ${b}`).toEqual(expected)
      }
  })

  test('one byte at a time reads the same', () => {
    const utf8 = createUtf8Decoder()
    expect(read([...bytes].map((byte) => utf8.decode(Uint8Array.of(byte))))).toEqual(expected)
  })
})

test('any soup of lines and line ends reads the same under any cut', () => {
  const line = fc.constantFrom(
    'data: x',
    'data:',
    'data',
    'id: a_1',
    'id',
    'event: e',
    ':c',
    'retry: 5',
    'dat',
    'data:你',
    '',
    '',
    ' data: no',
    '\ufeff',
  )
  const end = fc.constantFrom('\n', '\r', '\r\n', '\n\n', '')
  const soup = fc.array(fc.tuple(line, end), { maxLength: 20 }).map((lines) => lines.flat().join(''))
  const cut = soup.chain((text) =>
    fc.tuple(fc.constant(text), fc.array(fc.nat(text.length), { maxLength: 8 })),
  )
  fc.assert(
    fc.property(cut, ([text, cuts]) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length]
      const chunks = at.slice(1).map((to, i) => text.slice(at[i], to))
      expect(events(read([...chunks, '\n\n']))).toEqual(events(read([text, '\n\n'])))
    }),
    { numRuns: 5000 },
  )
})

test('any soup of characters reads as an independent parser reads it', () => {
  const piece = fc.constantFrom(
    ...[
      'data',
      'event',
      'id',
      'retry',
      ':',
      ': ',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\0',
      '7',
      '-',
      'é',
      '\u2028',
      '\t',
    ],
  )
  const soup = fc.array(piece, { maxLength: 40 }).map((pieces) => `${pieces.join('')}\n\n`)
  const theirs = (text: string) => {
    const seen: ChannelEvent[] = []
    let id = ''
    const parser = createParser({
      onEvent: (event) => seen.push(message((id = event.id ?? id), event.data, event.event || 'message')),
    })
    parser.feed(text)
    return seen
  }
  fc.assert(
    fc.property(soup, (text) => {
      const named = (all: ChannelEvent[]) => all.map(({ type, data }) => ({ type, data }))
      expect(named(events(read([text])))).toEqual(named(theirs(text)))
    }),
    { numRuns: 5000 },
  )
})

test('an event that ends with CR is there before the next piece comes', () => {
  const { heard, feed } = listen()
  feed('data: x\r\n\r')
  expect(heard).toEqual([['event', message('', 'x')]])
  feed('\ndata: y\r\r')
  expect(events(heard).map(({ data }) => data)).toEqual(['x', 'y'])
})

test('the id of an event that is cut off is told to nobody', () => {
  const { heard, feed } = listen('a_1')
  feed('id: a_2\ndata: x\n')
  expect(heard).toEqual([])
})

test('only the first byte order mark of a stream is left out', () => {
  expect(events(read(['', '\ufeff', 'data: \ufeffx\n\n', '\ufeffdata: y\n\n']))).toEqual([
    message('', '\ufeffx'),
  ])
})

test.each([
  ['retry: 0', 0],
  ['retry:0042', 42],
  [`retry: ${'9'.repeat(400)}`, Number.MAX_SAFE_INTEGER],
])('%s is a wait', (line, delayMs) => {
  expect(read([`${line}\n`])).toEqual([['retry', delayMs]])
})

test.each(['retry: 1.5', 'retry: -1', 'retry: 1e3', 'retry:', 'retry', 'Retry: 5', 'retry:  5', 'retry: ٥'])(
  '%s is no wait',
  (line) => expect(read([`${line}\n`])).toEqual([]),
)

test('an event without an id carries the one the stream was resumed from', () => {
  const { heard, feed } = listen('a_7')
  feed('data: x\n\n')
  expect(heard).toEqual([['event', message('a_7', 'x')]])
})

test.each([
  ['at the limit', 4 * 1024 * 1024, true],
  ['one over it', 4 * 1024 * 1024 + 1, false],
])('an event %s has one verdict, whole or in pieces', (_, length, isTaken) => {
  for (const size of [Infinity, 1_000_003]) {
    const { heard, feed } = listen()
    const wire = `data: ${'x'.repeat(length)}\n\n`
    let thrown: unknown
    try {
      for (let at = 0; at < wire.length; at += size) feed(wire.slice(at, at + size))
    } catch (error) {
      thrown = (error as ChannelError).code
    }
    expect(thrown).toBe(isTaken ? undefined : 'EVENT_TOO_LARGE')
    expect(heard).toHaveLength(isTaken ? 1 : 0)
  }
})

describe('a server that never ends its event', () => {
  test('fails as EVENT_TOO_LARGE at the limit and never takes more', () => {
    const { heard, feed } = listen()
    const chunk = 'x'.repeat(512 * 1024)
    const caught: unknown[] = []
    feed('data: ')
    for (let i = 0; i < 10; i++)
      try {
        feed(chunk)
      } catch (error) {
        caught.push((error as ChannelError).code)
      }
    expect(caught).toEqual(['EVENT_TOO_LARGE', 'EVENT_TOO_LARGE'])
    expect(heard).toEqual([])
  })

  test('fails too when it sends line after line', () => {
    const { feed } = listen()
    const line = `data: ${'x'.repeat(64 * 1024)}\n`
    expect(() => {
      for (let i = 0; i < 70; i++) feed(line)
    }).toThrow(expect.objectContaining({ code: 'EVENT_TOO_LARGE' }))
  })

  test('whether an event is too large does not depend on how it is cut', () => {
    const read = (chunks: readonly string[]) => {
      const reader = createSseReader({ event: () => undefined }, '', 20)
      for (const chunk of chunks) reader.feed(chunk)
    }
    const fits = `data: fits\n\nid: ${'i'.repeat(30)}\ndata: ${'x'.repeat(10)}\ndata:${'x'.repeat(9)}\n\n`
    const isTooLarge = `data: fits\n\ndata: ${'x'.repeat(21)}\n\n`
    for (let cut = 0; cut <= fits.length; cut++) read([fits.slice(0, cut), fits.slice(cut)])
    for (let cut = 0; cut <= isTooLarge.length; cut++)
      expect(() => read([isTooLarge.slice(0, cut), isTooLarge.slice(cut)]), `cut at ${cut}`).toThrow(
        expect.objectContaining({ code: 'EVENT_TOO_LARGE' }),
      )
  })

  test('a line without data that fills the memory is refused, whole or cut', () => {
    const line = `:${'x'.repeat(128 * 1024)}\n`
    for (const cut of [0, 100 * 1024]) {
      const reader = createSseReader({ event: () => undefined }, '', 20)
      expect(() => {
        reader.feed(line.slice(0, cut))
        reader.feed(line.slice(cut))
      }).toThrow(expect.objectContaining({ code: 'EVENT_TOO_LARGE' }))
    }
  })

  test('an event just under the limit arrives whole', () => {
    const { heard, feed } = listen()
    const data = 'x'.repeat(MAX_EVENT_CHARS - 16)
    feed(`data: ${data.slice(0, 1_000_000)}`)
    feed(data.slice(1_000_000))
    feed('\n\n')
    expect(events(heard)[0]?.data.length).toBe(data.length)
  })
})

describe('the end of the body', () => {
  test.each<[string, string, ChannelEvent[]]>([
    ['[DONE] without a line break', 'data: [DONE]', [message('', '[DONE]')]],
    ['an object of JSON with one', 'event: x\ndata: {"a":\ndata: 1}\n', [message('', '{"a":\n1}', 'x')]],
    ['an object of JSON and its id', 'id: 1\ndata: [1]', [message('1', '[1]')]],
    ['half an object', 'data: {"a":{"b":1}', []],
    ['a text, a number, which may go on', 'data: 12', []],
    ['a name that may go on', 'data: {}\nevent: mess', []],
    ['an id that may go on', 'data: {}\nid: 1', []],
    ['one whose id may be the next line', 'id: 1\ndata: {}\n\ndata: {"a":1}\n', [message('1', '{}')]],
    ['nothing', 'data: {}\n\n', [message('', '{}')]],
  ])('of %s, however it is cut', (_name, text, expected) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const { heard, feed, end } = listen()
      feed(text.slice(0, cut))
      feed(text.slice(cut))
      end()
      end()
      expect(events(heard), `cut at ${cut}`).toEqual(expected)
    }
  })
})

describe('formatSse', () => {
  const field = fc.string({
    unit: fc.constantFrom('a', '7', '_', '-', ':', '你'),
    minLength: 1,
    maxLength: 8,
  })

  test('what is written reads back as the same event', () => {
    const data = fc.string({
      unit: fc.constantFrom('a', ' ', ':', '\n', '好', '😀', '\ufeff'),
      maxLength: 20,
    })
    fc.assert(
      fc.property(field, field, data, (id, type, data) => {
        const event = message(id, data, type)
        expect(events(read([': first\n\n', formatSse(event)]))).toEqual([event])
      }),
      { numRuns: 2000 },
    )
  })

  test('no kind of line break in the data ends the event early', () => {
    const event = message('a_0', 'a\r\n\r\nb\r\rc\n\nd')
    expect(events(read([formatSse(event)]))).toEqual([message('a_0', 'a\n\nb\n\nc\n\nd')])
  })
})
