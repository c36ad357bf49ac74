// What any client of event streams has to hear, however the bytes are cut: the ground that the public contract suite
// for such clients covers, in words of our own.

export interface Heard {
  readonly type: string
  readonly data: string
  readonly id: string
}

export interface ContractCase {
  readonly name: string
  /** Written one after another, each in a packet of its own as far as the network lets it. */
  readonly pieces: readonly (string | Uint8Array)[]
  readonly hears: readonly Heard[]
}

const heard = (data: string, { type = 'message', id = '' }: Partial<Heard> = {}): Heard => ({
  type,
  data,
  id,
})

const bytes = (text: string) => new TextEncoder().encode(text)

function inPieces(text: string, size: number): Uint8Array[] {
  const all = bytes(text)
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.subarray(i * size, (i + 1) * size),
  )
}

const one = (name: string, body: string, hears: readonly Heard[]): ContractCase => ({
  name,
  pieces: [body],
  hears,
})

/** Five megabytes, no two stretches alike. */
const large = Array.from({ length: 640 * 1024 }, (_, i) => (i * 7919).toString(36).padStart(8, '.')).join('')

const mark = '\ufeff'

const lines = (end: string): readonly (readonly [string, string, readonly string[]])[] => [
  ['one event', `data: event 1${end}${end}`, ['event 1']],
  ['two events', `data: 1${end}${end}data: 2a${end}data: 2b${end}${end}`, ['1', '2a\n2b']],
  ['an empty first line', `data:${end}data: b${end}data: c${end}${end}`, ['\nb\nc']],
  ['an empty line within', `data: a${end}data:${end}data: c${end}${end}`, ['a\n\nc']],
  ['an empty line too many', `data: 1${end}${end}${end}data: 2${end}${end}`, ['1', '2']],
  ['two of them', `data: 1${end}${end}${end}${end}data: 2${end}${end}`, ['1', '2']],
]

export const contractCases: readonly ContractCase[] = [
  one('one line', 'data: Hello\n\n', [heard('Hello')]),
  {
    name: 'two events in three pieces',
    pieces: ['data: test', 'test\n\ndata:', 'test\n\n'],
    hears: [heard('testtest'), heard('test')],
  },
  { name: 'five megabytes at once', pieces: [`data: ${large}\n\n`], hears: [heard(large)] },
  {
    name: 'ten megabytes in two pieces',
    pieces: [`data: ${large}`, `${large}\n\n`],
    hears: [heard(large + large)],
  },
  one('a name and an id', 'event: greeting\nid: abc\ndata: Hello\n\n', [
    heard('Hello', { type: 'greeting', id: 'abc' }),
  ]),
  one('fields in any order, unknown ones between', 'data:Hello\ncolor: blue\nid:abc\nevent:greeting\n\n', [
    heard('Hello', { type: 'greeting', id: 'abc' }),
  ]),
  one('an id with NUL', 'id: a\0bc\ndata: Hello\n\n', [heard('Hello')]),
  one('an id that stays, then is emptied', 'id: abc\ndata: 1\n\ndata: 2\n\nid: \ndata: 3\n\n', [
    heard('1', { id: 'abc' }),
    heard('2', { id: 'abc' }),
    heard('3'),
  ]),
  one('no colons', 'data\n\ndata\ndata\n\n', [heard(''), heard('\n')]),
  one('comments', ':Hello\ndata: 1\n\n:World\n:\n\ndata: 2\n\n', [heard('1'), heard('2')]),
  one(
    'a hundred at once, in order',
    Array.from({ length: 100 }, (_, i) => `data: message ${i}\n\n`).join(''),
    Array.from({ length: 100 }, (_, i) => heard(`message ${i}`)),
  ),
  { name: 'characters cut into bytes', pieces: inPieces('data: €豆腐😀\n\n', 1), hears: [heard('€豆腐😀')] },
  {
    name: 'CRLF cut everywhere',
    pieces: ['data: Hello\r', '\ndata: World\r', '\n\r\ndata: OK\r', '\n', '\r', '\n'],
    hears: [heard('Hello\nWorld'), heard('OK')],
  },
  { name: 'a byte order mark in bytes', pieces: inPieces(`${mark}data: 1\n\n`, 1), hears: [heard('1')] },
  one('a byte order mark before a comment', `${mark}:c\nevent: greeting\nid: 1\ndata:\n\n`, [
    heard('', { type: 'greeting', id: '1' }),
  ]),
  one('a byte order mark in the data', `${mark}data: ${mark}1\n\ndata: ${mark}2\n\n`, [
    heard(`${mark}1`),
    heard(`${mark}2`),
  ]),
  ...['\n', '\r\n', '\r'].flatMap((end) =>
    lines(end).flatMap(([name, body, data]) =>
      [1, 2, Infinity].map((size): ContractCase => {
        const whole = size === Infinity
        return {
          name: `${JSON.stringify(end)}: ${name} ${whole ? 'at once' : `in pieces of ${size}`}`,
          pieces: whole ? [body] : inPieces(body, size),
          hears: data.map((text) => heard(text)),
        }
      }),
    ),
  ),
]
