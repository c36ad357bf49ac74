import type { ConformanceCase, Sending } from './conformance-case.js'

const EVENT_STREAM = { accept: 'text/event-stream' }

const proposing = (id: string): Sending => ({
  method: 'POST',
  body: 'start',
  headers: { 'x-channel-id': id },
})

const readingPath = (path: string): Sending => ({ method: 'GET', path, headers: EVENT_STREAM })

/** What others send does no harm, and nobody gets at what is another's. */
export const guardedCases: readonly ConformanceCase[] = [
  {
    name: 'bad-body-is-400',
    level: 'guarded',
    promise: 'A body that is no JSON is answered with 400.',
    cure: 'Answer 400 with {"error":{"code":"BAD_REQUEST","message"}}, and start nothing.',
    steps: [
      {
        kind: 'send',
        send: { method: 'POST', body: { text: '{"prompt": ', type: 'application/json' } },
        expect: { status: [400], code: 'BAD_REQUEST' },
      },
      {
        kind: 'send',
        send: { method: 'POST', body: { text: '', type: 'application/json' } },
        expect: { status: [400], code: 'BAD_REQUEST' },
      },
    ],
  },
  {
    name: 'other-type-is-415',
    level: 'guarded',
    promise: 'A body that is not application/json is answered with 415.',
    cure: 'Any page can send text/plain to your server with the cookies of your user. Take application/json only.',
    steps: [
      {
        kind: 'send',
        send: { method: 'POST', body: { text: '{"prompt":"Hello"}', type: 'text/plain' } },
        expect: { status: [415], code: 'UNSUPPORTED_MEDIA_TYPE' },
      },
    ],
  },
  {
    name: 'large-body-is-413',
    level: 'guarded',
    promise: 'A body of 8 MiB is answered with 413.',
    cure: 'Limit the size of a body, and refuse it before it fills the memory.',
    steps: [{ kind: 'send', send: { method: 'POST', body: 'large' }, expect: { status: [413] } }],
  },
  {
    name: 'bad-proposal-is-400',
    level: 'guarded',
    promise: 'A proposed id that can be guessed or has other characters is answered with 400.',
    cure: 'Take 16 to 64 of A-Z a-z 0-9 _ - only.',
    steps: [
      { kind: 'send', send: proposing('short'), expect: { status: [400], code: 'BAD_REQUEST' } },
      {
        kind: 'send',
        send: proposing('../../../../etc/passwd'),
        expect: { status: [400], code: 'BAD_REQUEST' },
      },
      { kind: 'send', send: proposing('a'.repeat(65)), expect: { status: [400], code: 'BAD_REQUEST' } },
    ],
  },
  {
    name: 'odd-ids-are-refused',
    level: 'guarded',
    promise: 'Ids of the wrong form name no channel, and no file.',
    cure: 'Check an id before you use it: answer 400 or 404.',
    steps: [
      {
        kind: 'send',
        send: readingPath('/..%2F..%2F..%2Fetc%2Fpasswd/stream'),
        expect: { status: [400, 404] },
      },
      { kind: 'send', send: readingPath('/%00/stream'), expect: { status: [400, 404] } },
      { kind: 'send', send: readingPath('/%E0%A4%A/stream'), expect: { status: [400, 404] } },
      { kind: 'send', send: readingPath(`/${'a'.repeat(3000)}/stream`), expect: { status: [400, 404, 414] } },
    ],
  },
  {
    name: 'other-method-is-405',
    level: 'guarded',
    promise: 'A method that an address does not take is answered with 405 and those it takes.',
    cure: 'Send the header allow, for example "allow: POST".',
    steps: [
      {
        kind: 'send',
        send: { method: 'PATCH', body: 'start' },
        expect: { status: [405], headers: { allow: '\\bPOST\\b' } },
      },
      {
        kind: 'send',
        send: { method: 'GET', path: '/{whole}/stop' },
        expect: { status: [405], headers: { allow: '\\bPOST\\b' } },
      },
    ],
  },
  {
    name: 'nobody-is-401',
    level: 'guarded',
    credentials: 'user',
    promise: 'Who names nobody is answered with 401, whatever is asked.',
    cure: 'Ask who a request is from before you look anything up.',
    steps: [
      { kind: 'send', send: { method: 'POST', body: 'start', as: 'nobody' }, expect: { status: [401] } },
      { kind: 'send', send: { ...readingPath('/{whole}/stream'), as: 'nobody' }, expect: { status: [401] } },
      {
        kind: 'send',
        send: { method: 'POST', path: '/{whole}/stop', as: 'nobody' },
        expect: { status: [401] },
      },
    ],
  },
  {
    name: 'other-user-gets-404',
    level: 'guarded',
    credentials: 'other user',
    promise:
      'To another user a channel does not exist: reading and stopping it gets the 404 of an unknown id.',
    cure: 'Keep with each channel whose it is, and compare at every request.',
    steps: [
      {
        kind: 'send',
        send: { ...readingPath('/{whole}/stream'), as: 'other user' },
        expect: { status: [404] },
      },
      {
        kind: 'send',
        send: { method: 'POST', path: '/{whole}/stop', as: 'other user' },
        expect: { status: [404] },
      },
    ],
  },
  {
    name: 'other-user-cannot-attach',
    level: 'guarded',
    credentials: 'other user',
    promise: "A start that proposes the id of another user's channel is answered with 403.",
    cure: 'Compare the user before you attach a start to a run that is there.',
    steps: [{ kind: 'send', send: { ...proposing('{whole}'), as: 'other user' }, expect: { status: [403] } }],
  },
  {
    name: 'serves-on',
    level: 'guarded',
    promise: 'After all that the answer of the beginning is still there.',
    cure: 'Something that was sent has broken the server, or made it forget. Look at its log.',
    steps: [
      {
        kind: 'send',
        send: readingPath('/{whole}/stream'),
        expect: { events: { same: { as: 'whole', from: 0 }, outcome: 'done' } },
      },
    ],
  },
]
