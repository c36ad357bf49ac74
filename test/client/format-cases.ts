import { hold, quick, type Case } from './case.js'

const format = (name: string, body: string, hears: readonly string[], more: Partial<Case> = {}): Case => ({
  name: `format: ${name}`,
  answers: [{ body, hold }],
  hears: ['open', ...hears],
  ...more,
})

/** What a stream says. */
export const formatCases: readonly Case[] = [
  format('one BOM is stripped', '\ufeffdata: 1\n\n', ['message 1']),
  format('of two BOMs one is stripped, and the other spoils its line', '\ufeff\ufeffdata: 1\n\ndata: 2\n\n', [
    'message 2',
  ]),
  format('a BOM in the middle spoils its line', 'data: 1\n\n\ufeffdata: 2\n\ndata: 3\n\n', [
    'message 1',
    'message 3',
  ]),
  format('a BOM in the data is data, after one that is stripped too', '\ufeff:x\ndata: \ufeff1\n\n', [
    'message \ufeff1',
  ]),
  format('a BOM that was encoded twice is no BOM', 'ï»¿data: 1\n\ndata: 2\n\n', ['message 2']),
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
  format(
    'a name keeps its second space, and any order of fields will do',
    'data: 1\nid: 7\nevent:  a\n\n',
    [' a 1 #7'],
    { types: [' a'] },
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
]
