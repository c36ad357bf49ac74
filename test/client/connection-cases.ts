import { closeOn, hold, quick, type Answer, type Case } from './case.js'

const refused = (name: string, answer: Answer): Case => ({
  name: `${name} fails the connection`,
  answers: [answer],
  hears: ['error 2'],
  asks: [undefined],
})

/** What happens to connections. */
export const connectionCases: readonly Case[] = [
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
    name: 'a retry longer than any timer keeps it waiting',
    answers: [{ body: 'retry: 4294967296000\ndata: 1\n\n' }],
    hears: ['open', 'message 1', 'error 0'],
    asks: [undefined],
  },
  {
    name: 'ids and retry of a cut connection live on in the next one',
    answers: [
      { body: `${quick}id: 1\ndata: 1\n\n`, reset: true },
      { body: 'data: 2\n\n', reset: true },
      { body: 'data: 3\n\n', hold },
    ],
    hears: ['open', 'message 1 #1', 'error 0', 'open', 'message 2 #1', 'error 0', 'open', 'message 3 #1'],
    asks: [undefined, '1', '1'],
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
  refused('a redirect to nowhere', { status: 301 }),
  refused('several types, the last another', { type: 'text/event-stream, text/html', body: 'data: x\n\n' }),
  refused('a refusal that never ends', { status: 404, body: 'x', hold }),
  ...[301, 302, 303, 307, 308].map((status): Case => ({
    name: `a redirect with ${status} is followed`,
    answers: [
      { status, headers: { location: '/elsewhere' } },
      { body: 'data: there\n\n', hold },
    ],
    hears: ['open', 'message there'],
  })),
  ...[301, 307].map((status): Case => ({
    name: `after a redirect with ${status} it reconnects to where that led`,
    answers: [
      { status, headers: { location: '/elsewhere', 'cache-control': 'no-store' } },
      { body: `${quick}id: 1\ndata: 1\n\n` },
      { body: 'data: 2\n\n', hold },
    ],
    hears: ['open', 'message 1 #1', 'error 0', 'open', 'message 2 #1'],
    asks: [undefined, undefined, '1'],
    paths: ['/case', '/elsewhere', '/elsewhere'],
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
    name: 'another origin need not allow the id that a reconnect sends',
    crossOrigin: true,
    answers: [
      { body: `${quick}id: 1\ndata: 1\n\n`, headers: { 'access-control-allow-origin': '*' } },
      { body: 'event: x\ndata: 2\n\n', headers: { 'access-control-allow-origin': '*' }, hold },
    ],
    types: ['x'],
    hears: ['open', 'message 1 #1', 'error 0', 'open', 'x 2 #1'],
    asks: [undefined, '1'],
  },
  {
    name: 'another origin is left alone after a close',
    crossOrigin: true,
    answers: [{ body: `${quick}data: 1\n\n`, headers: { 'access-control-allow-origin': '*' } }],
    hears: ['open', 'message 1'],
    act: closeOn('message 1'),
    asks: [undefined],
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
