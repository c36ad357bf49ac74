import { expect, test } from 'vitest'
import { ChannelError } from '../../src/core/channel-error.js'
import { createResponseReader } from '../../src/transports/response-reader.js'

function listen() {
  const heard: string[] = []
  const reader = createResponseReader({
    opened: (head) => heard.push(`opened ${head.status} ${head.header('x-channel-id') ?? '-'}`),
    event: (event) => heard.push(`event ${event.data}`),
    activity: () => heard.push('activity'),
    retry: (delayMs) => heard.push(`retry ${delayMs}`),
    finished: () => heard.push('finished'),
    ended: () => heard.push('ended'),
    lost: (error) => heard.push(`lost ${error.code} ${String(error.status)}`),
  })
  return { heard, reader }
}

const stream = { 'Content-Type': 'Text/Event-Stream' }

test('a head that says event stream opens before any byte of the body', () => {
  const { heard, reader } = listen()
  reader.head(200, stream)
  expect(heard).toEqual(['opened 200 -'])
})

test('without a content type, white space alone decides nothing and is not lost', () => {
  const { heard, reader } = listen()
  reader.head(200, {})
  reader.chunk('\n')
  reader.chunk('  ')
  expect(heard).toEqual([])
  reader.chunk('<html>')
  reader.end()
  expect(heard).toEqual(['lost BAD_CONTENT_TYPE 200'])
})

test('a head that comes after the first bytes still decides', () => {
  const { heard, reader } = listen()
  reader.chunk('\n')
  reader.head(200, { ...stream, 'X-Channel-Id': 'given' })
  reader.chunk('data: x\n\n')
  expect(heard).toEqual(['opened 200 given', 'event x'])
})

test('a status told at last names a refusal whose body came first, and is not taken twice', () => {
  const { heard, reader } = listen()
  reader.chunk('<p>no')
  reader.head(403, {})
  reader.head(500, {})
  reader.end()
  expect(heard).toEqual(['lost FORBIDDEN 403'])
})

test('where no head is told, the piece that opens a stream is a sign of life too', () => {
  const { heard, reader } = listen()
  reader.chunk('data: a long eve')
  expect(heard).toEqual(['opened NaN -', 'activity'])
})

test('a date to come back at is counted from the clock of the server, not of the phone', () => {
  const waits: (number | undefined)[] = []
  const nothing = () => undefined
  const deaf = { opened: nothing, event: nothing, activity: nothing, retry: nothing, finished: nothing }
  for (const server of ['Mon, 01 Jan 2001 00:00:00 GMT', undefined]) {
    const reader = createResponseReader({
      ...deaf,
      ended: nothing,
      lost: (error) => waits.push(error.retryAfterMs),
    })
    const later = server ? 'Mon, 01 Jan 2001 00:00:03 GMT' : new Date(Date.now() - 60_000).toUTCString()
    reader.head(503, { 'Retry-After': later, ...(server && { Date: server }) })
    reader.end()
  }
  expect(waits[0]).toBe(3_000)
  // One that is over is no wait at all.
  expect(waits[1] ?? 0).toBe(0)
})

test('a stream that is open stays what it is, whatever a late head says', () => {
  const { heard, reader } = listen()
  reader.chunk('data: x\n\n')
  reader.head(500, { 'content-type': 'text/html' })
  reader.end()
  expect(heard).toEqual(['opened NaN -', 'event x', 'ended'])
})

test('headers without values, and lists of values, are read', () => {
  const { heard, reader } = listen()
  reader.head(200, { 'content-type': null, 'x-channel-id': ['a', 'b'] })
  reader.chunk('data: x\n\n')
  expect(heard).toEqual(['opened 200 a, b', 'event x'])
})

test.each([
  ['words', 'Error: quota exceeded'],
  ['words in lines', 'quota exceeded\r\ntry again later\r\n\r\n'],
  ['a text in quotes', '"quota exceeded"'],
  ['bytes of gzip', Uint8Array.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 171, 174])],
])('%s under the head of a stream are no stream that is over', (_what, body) => {
  const { heard, reader } = listen()
  reader.head(200, stream)
  reader.chunk(body)
  reader.end()
  expect(heard.at(-1)).toBe('lost BAD_CONTENT_TYPE 200')
})

test.each([
  'data',
  'dat',
  'retry: 5\n',
  'id: 7',
  '\ufeffevent: x\n',
  'note: unknown\ndata: x',
  ': still here\n',
  '\n\n',
  '',
])('%j, which a stream may be cut to, is one', (body) => {
  const { heard, reader } = listen()
  reader.head(200, stream)
  reader.chunk(body)
  reader.end()
  expect(heard.at(-1)).toBe('ended')
})

test('a refusal that begins with a byte order mark has its words', () => {
  let message: string | undefined
  const nothing = () => undefined
  const deaf = { opened: nothing, event: nothing, activity: nothing, retry: nothing, finished: nothing }
  const reader = createResponseReader({ ...deaf, ended: nothing, lost: (error) => (message = error.message) })
  reader.head(400, { 'content-type': 'application/json' })
  reader.chunk('\ufeff{"message":"no prompt"}')
  reader.end()
  expect(message).toBe('no prompt')
})

test('an empty answer of no type opens and ends', () => {
  const { heard, reader } = listen()
  reader.head(200, {})
  reader.end()
  expect(heard).toEqual(['opened 200 -', 'ended'])
})

test('an unknown channel whose answer breaks off is a lost connection: the rest says whether it ever was', () => {
  const answer = '{"error":{"code":"CHANNEL_NOT_FOUND"},"keptMs":10000}'
  const broken = listen()
  broken.reader.head(404, { 'content-type': 'application/json' })
  broken.reader.chunk(answer.slice(0, 50))
  broken.reader.fail(new ChannelError('CONNECTION_LOST'))
  expect(broken.heard).toEqual(['lost CONNECTION_LOST undefined'])
  const whole = listen()
  whole.reader.head(404, { 'content-type': 'application/json' })
  whole.reader.chunk(answer)
  whole.reader.fail(new ChannelError('CONNECTION_LOST'))
  expect(whole.heard).toEqual(['lost CHANNEL_NOT_FOUND 404'])
})

test('a refusal whose body breaks off is still that refusal', () => {
  const { heard, reader } = listen()
  reader.head(401, {})
  reader.fail(new ChannelError('CONNECTION_LOST'))
  reader.end()
  expect(heard).toEqual(['lost UNAUTHORIZED 401'])
})

test('after the end nothing more is told', () => {
  const { heard, reader } = listen()
  reader.head(200, stream)
  reader.end()
  reader.chunk('data: x\n\n')
  reader.head(204, {})
  reader.fail(new ChannelError('CONNECTION_LOST'))
  reader.end()
  expect(heard).toEqual(['opened 200 -', 'ended'])
})

test('a listener that throws is a BAD_EVENT, not an exception in the platform', () => {
  const { heard } = listen()
  const failing = createResponseReader({
    opened: () => undefined,
    event: () => {
      throw new Error('decoder')
    },
    activity: () => undefined,
    retry: () => undefined,
    finished: () => undefined,
    ended: () => undefined,
    lost: (error) => heard.push(`lost ${error.code}`),
  })
  failing.head(200, stream)
  failing.chunk('data: x\n\n')
  failing.chunk('data: y\n\n')
  expect(heard).toEqual(['lost BAD_EVENT'])
})
