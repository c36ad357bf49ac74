// What the standard says of EventSource, as cases: what a server answers, and what a page then hears.
// Covers in its own words what the public web platform tests for eventsource cover; `origin` in a transcript is the
// origin of the server, however the test names it.

/** One answer to one request, in order; the last is repeated. */
export interface Answer {
  readonly status?: number
  /** Default: text/event-stream. `null`: no content type. */
  readonly type?: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Characters as UTF-8. `\u0000` and the like are sent as they are. */
  readonly body?: string
  /** The connection stays open after the body. */
  readonly hold?: true
  /** Reset after the body. */
  readonly reset?: true
}

interface Source {
  readonly readyState: number
  close(): void
}

export interface Case {
  readonly name: string
  readonly answers: readonly Answer[]
  /** Event types to listen for besides open, message and error. */
  readonly types?: readonly string[]
  readonly withCredentials?: true
  /** Transcript: `open`, `error <readyState>`, `<type> <data>` and ` #<lastEventId>` where there is one. */
  readonly hears: readonly string[]
  /** Called for every entry, in the handler. */
  readonly act?: (entry: string, source: Source) => void
  /** Last-Event-ID of each request, by characters; undefined for none. */
  readonly asks?: readonly (string | undefined)[]
  /** The page is of another origin than the server. */
  readonly crossOrigin?: true
  /** Why the browser's own is not held against it. */
  readonly chromiumDiffers?: string
}

const hold = true
const closeOn = (wanted: string) => (entry: string, source: Source) => {
  if (entry === wanted) source.close()
}

const format = (name: string, body: string, hears: readonly string[], more: Partial<Case> = {}): Case => ({
  name: `format: ${name}`,
  answers: [{ body, hold }],
  hears: ['open', ...hears],
  ...more,
})

const refused = (name: string, answer: Answer): Case => ({
  name: `${name} fails the connection`,
  answers: [answer],
  hears: ['error 2'],
  asks: [undefined],
})

const quick = 'retry: 10\n'

export const cases: readonly Case[] = [
  format('one BOM is stripped', '\ufeffdata: 1\n\n', ['message 1']),
  format('of two BOMs one is stripped, and the other spoils its line', '\ufeff\ufeffdata: 1\n\ndata: 2\n\n', [
    'message 2',
  ]),
  format('a BOM in the middle spoils its line', 'data: 1\n\n\ufeffdata: 2\n\ndata: 3\n\n', [
    'message 1',
    'message 3',
  ]),
  format(
    'comments say nothing',
    'data: 1\n:x\0\n:\r\ndata: 2\n:' + 'x'.repeat(2048) + '\r:data: 3\ndata: 4\n\n',
    ['message 1\n2\n4'],
  ),
  format('lines end with CR, LF or both', 'data: a\r\ndata: b\rdata: c\n\r\n\rdata: d\r\r', [
    'message a\nb\nc',
    'message d',
  ]),
  format('empty data is dispatched, no data is not', 'data:\n\ndata\ndata\n\ndata:x', [
    'message ',
    'message \n',
  ]),
  format('one leading space is dropped', 'data:\ttab\rdata:  two\ndata:\ndata:none\n\n', [
    'message \ttab\n two\n\nnone',
  ]),
  format(
    'unknown fields and odd names are ignored',
    'data:a\n data:x\ndata\0:x\ndata :x\nDATA:x\nfoo\nda-ta:x\n\n',
    ['message a'],
  ),
  format('a field without a colon is a field of nothing', 'data\nevent\nretry\nid\n\n', ['message ']),
  format('data may hold NUL', 'data:a\0b\n\n', ['message a\0b']),
  format('UTF-8, whatever the type says', 'data: ok…😀\n\n', ['message ok…😀'], {
    answers: [{ body: 'data: ok…😀\n\n', hold, type: 'text/event-stream;charset=windows-1252' }],
    chromiumDiffers: 'refuses every charset but UTF-8, where the standard ignores it',
  }),
  format('the type may be of any case and have parameters', 'data: 1\n\n', ['message 1'], {
    answers: [{ body: 'data: 1\n\n', hold, type: 'Text/Event-Stream; x=y; foo' }],
  }),
  format(
    'a name changes the type of one event',
    'event: test\ndata: x\n\ndata: y\n\n',
    ['test x', 'message y'],
    {
      types: ['test'],
    },
  ),
  format(
    'the last name counts, an empty one is message',
    'event: a\nevent: b\ndata: 1\n\nevent: a\nevent:\ndata: 2\n\n',
    ['b 1', 'message 2'],
    { types: ['a', 'b'] },
  ),
  format(
    'a name without data dispatches nothing and is forgotten',
    'event: test\n\ndata: x\n\n',
    ['message x'],
    { types: ['test'] },
  ),
  format(
    'names are case-sensitive and may be any text',
    'event: Message\ndata: 1\n\nevent: 名\ndata: 2\n\n',
    ['名 2'],
    { types: ['名'] },
  ),
  format('open and error may come as names', 'event: open\ndata: 1\n\n', ['open 1']),
  format(
    'an id stays until another comes, and may be emptied',
    'id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\nid:\ndata: d\n\n',
    ['message a #1', 'message b #1', 'message c #2', 'message d'],
  ),
  format('an id with NUL is ignored', 'id: 1\ndata: a\n\nid: \0\0\ndata: b\n\n', [
    'message a #1',
    'message b #1',
  ]),
  format('an event the stream cuts is not dispatched', '', [], {
    answers: [{ body: `${quick}data: a\n\ndata: cut\n` }, { body: 'data: b\n\n', hold }],
    hears: ['open', 'message a', 'error 0', 'open', 'message b'],
  }),
  {
    name: 'an ended stream is established again, with the id, after the pause',
    answers: [{ body: `${quick}id: …é\ndata: 1\n\n` }, { body: 'data: 2\n\n', hold }],
    hears: ['open', 'message 1 #…é', 'error 0', 'open', 'message 2 #…é'],
    asks: [undefined, '…é'],
  },
  {
    name: 'an id without data counts for the reconnect',
    answers: [{ body: `${quick}id: 5\n\ndata: 1\n\n` }, { body: 'data: 2\n\n', hold }],
    hears: ['open', 'message 1 #5', 'error 0', 'open', 'message 2 #5'],
    asks: [undefined, '5'],
  },
  {
    name: 'an id whose event was cut does not count',
    answers: [{ body: `${quick}id: 1\ndata: a\n\nid: 2\ndata: cut\n` }, { body: 'data: b\n\n', hold }],
    hears: ['open', 'message a #1', 'error 0', 'open', 'message b #1'],
    asks: [undefined, '1'],
  },
  {
    name: 'an emptied id sends no header',
    answers: [{ body: `${quick}id: 1\ndata: a\n\nid\ndata: b\n\n` }, { body: 'data: c\n\n', hold }],
    hears: ['open', 'message a #1', 'message b', 'error 0', 'open', 'message c'],
    asks: [undefined, undefined],
  },
  {
    name: 'a bogus retry keeps the last good one',
    answers: [
      { body: 'retry: 10\nretry: 9999x\nretry: -1\nretry:\ndata: 1\n\n' },
      { body: 'data: 2\n\n', hold },
    ],
    hears: ['open', 'message 1', 'error 0', 'open', 'message 2'],
  },
  {
    name: 'a reset stream is established again',
    answers: [
      { body: `${quick}id: 1\ndata: 1\n\n`, reset: true },
      { body: 'data: 2\n\n', hold },
    ],
    hears: ['open', 'message 1 #1', 'error 0', 'open', 'message 2 #1'],
  },
  {
    name: 'reconnecting goes on until a refusal, which is the last word',
    answers: [{ body: `${quick}data: 1\n\n` }, { body: 'data: 2\n\n' }, { status: 204 }],
    hears: ['open', 'message 1', 'error 0', 'open', 'message 2', 'error 0', 'error 2'],
  },
  ...[204, 205, 210, 299, 404, 410, 503].map((status) =>
    refused(`status ${status}`, { status, ...([204, 205].includes(status) ? {} : { body: 'data: x\n\n' }) }),
  ),
  refused('a wrong type', { type: 'text/x-bogus', body: 'data: x\n\n' }),
  refused('an invalid type', { type: 'text/event-stream-x', body: 'data: x\n\n' }),
  refused('no type', { type: null, body: 'data: x\n\n' }),
  refused('a refusal that never ends', { status: 404, body: 'x', hold }),
  ...[301, 302, 303, 307, 308].map((status): Case => ({
    name: `a redirect with ${status} is followed`,
    answers: [
      { status, headers: { location: '/elsewhere' } },
      { body: 'data: there\n\n', hold },
    ],
    hears: ['open', 'message there'],
  })),
  {
    name: 'a body of JSON in an event stream is ignored lines',
    answers: [{ body: '{"error": 1}\n\ndata: x\n\n', hold }],
    hears: ['open', 'message x'],
  },
  {
    name: 'close in open hears nothing more',
    answers: [{ body: `${quick}data: 1\n\n` }],
    hears: ['open'],
    act: closeOn('open'),
    asks: [undefined],
  },
  {
    name: 'close in a message keeps back the rest of the same piece',
    answers: [{ body: `${quick}data: 1\n\ndata: 2\n\n` }],
    hears: ['open', 'message 1'],
    act: closeOn('message 1'),
    asks: [undefined],
  },
  {
    name: 'close in error keeps it from reconnecting',
    answers: [{ body: `${quick}data: 1\n\n` }],
    hears: ['open', 'message 1', 'error 0'],
    act: closeOn('error 0'),
    asks: [undefined],
  },
  {
    name: 'another origin that allows it is heard',
    crossOrigin: true,
    answers: [{ body: 'data: 1\n\n', headers: { 'access-control-allow-origin': '*' }, hold }],
    hears: ['open', 'message 1'],
  },
  {
    name: 'another origin that allows nobody fails the connection',
    crossOrigin: true,
    answers: [{ body: 'data: 1\n\n', hold }],
    hears: ['error 2'],
  },
  {
    name: 'credentials that the other origin does not allow fail the connection',
    crossOrigin: true,
    withCredentials: true,
    answers: [{ body: 'data: 1\n\n', headers: { 'access-control-allow-origin': '*' }, hold }],
    hears: ['error 2'],
  },
]
