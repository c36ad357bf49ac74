import type { ConformanceCase, Sending } from './conformance-case.js'

const reading = (cursor: string, query = ''): Sending => ({
  method: 'GET',
  path: `/{whole}/stream${query}`,
  headers: { accept: 'text/event-stream', 'last-event-id': cursor },
})

/** What can't be read any more is told: a hole is never silent. */
export const gapsCases: readonly ConformanceCase[] = [
  {
    name: 'other-stream-is-410',
    level: 'gaps',
    promise: 'A cursor of another epoch is answered with 410 and what is kept.',
    cure: 'Answer 410 with {"error":{"code":"HISTORY_EXPIRED","message"},"earliest","last"}: never with events.',
    steps: [
      {
        kind: 'send',
        send: reading('another0epoch_1'),
        expect: {
          status: [410],
          code: 'HISTORY_EXPIRED',
          fields: { earliest: 'cursor', last: { is: '{whole.last}' } },
        },
      },
    ],
  },
  {
    name: 'cursor-ahead-is-416',
    level: 'gaps',
    promise: 'A cursor behind the last event is answered with 416.',
    cure: 'Answer 416 with {"error":{"code":"CURSOR_AHEAD","message"}}.',
    steps: [
      {
        kind: 'send',
        send: reading('{whole.epoch}_99999999'),
        expect: { status: [416], code: 'CURSOR_AHEAD' },
      },
    ],
  },
  {
    name: 'bad-cursor-is-400',
    level: 'gaps',
    promise: 'A cursor of the wrong form is answered with 400.',
    cure: 'Answer 400 with {"error":{"code":"BAD_CURSOR","message"}}. Do not start from 0.',
    steps: [
      { kind: 'send', send: reading('no cursor'), expect: { status: [400], code: 'BAD_CURSOR' } },
      { kind: 'send', send: reading('{whole.epoch}_01'), expect: { status: [400], code: 'BAD_CURSOR' } },
      { kind: 'send', send: reading('{whole.epoch}_-1'), expect: { status: [400], code: 'BAD_CURSOR' } },
    ],
  },
  {
    name: 'unknown-channel-is-404',
    level: 'gaps',
    promise: 'A channel that nobody knows is answered with 404, whatever is asked of it.',
    cure: 'Answer 404 with {"error":{"code":"CHANNEL_NOT_FOUND","message"}}.',
    steps: [
      {
        kind: 'send',
        send: { method: 'GET', path: '/{unknown}/stream', headers: { accept: 'text/event-stream' } },
        expect: { status: [404], code: 'CHANNEL_NOT_FOUND' },
      },
      {
        kind: 'send',
        send: {
          method: 'GET',
          path: '/{unknown}/stream',
          headers: { accept: 'text/event-stream', 'last-event-id': '{whole.1}' },
        },
        expect: { status: [404], code: 'CHANNEL_NOT_FOUND' },
      },
      {
        kind: 'send',
        send: { method: 'POST', path: '/{unknown}/stop' },
        expect: { status: [404], code: 'CHANNEL_NOT_FOUND' },
      },
    ],
  },
  {
    name: 'gap-as-an-event',
    level: 'gaps',
    promise:
      'With ?onGap=event a gap is the first event, and the stream goes on from the earliest event kept.',
    cure: 'Send "event: gap" without an id, with the body of the 410 as data. An EventSource can read no status.',
    steps: [
      {
        kind: 'send',
        send: reading('another0epoch_1', '?onGap=event'),
        expect: { events: { gapFirst: true, same: { as: 'whole', from: 0 } } },
      },
    ],
  },
  {
    name: 'lost-start-can-be-repeated',
    level: 'gaps',
    weight: 'advice',
    promise: 'A 404 tells in keptMs for how long the server has lost no channel.',
    cure: 'With it a start whose connection broke early is sent again by itself. A server that has just begun leaves it out.',
    steps: [
      {
        kind: 'send',
        send: { method: 'GET', path: '/{unknown}/stream', headers: { accept: 'text/event-stream' } },
        expect: { status: [404], fields: { keptMs: 'number' } },
      },
    ],
  },
]
