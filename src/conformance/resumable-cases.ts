import type { ConformanceCase, Sending } from './conformance-case.js'

const EVENT_STREAM = { accept: 'text/event-stream' }

const reading = (name: string, cursor?: string): Sending => ({
  method: 'GET',
  path: `/{${name}}/stream`,
  headers: cursor === undefined ? EVENT_STREAM : { ...EVENT_STREAM, 'last-event-id': cursor },
})

const starting = (id: string): Sending => ({ method: 'POST', body: 'start', headers: { 'x-channel-id': id } })

/** A connection may break at any time, and no character is lost, repeated or billed twice. */
export const resumableCases: readonly ConformanceCase[] = [
  {
    name: 'ids-are-cursors',
    level: 'resumable',
    promise: 'Every event has an id <epoch>_<seq>, and the numbers go up from 0 without a hole.',
    cure: 'Fix the epoch when the channel is created: 1 to 32 letters and digits. Count its events from 0.',
    steps: [{ kind: 'look', at: 'whole', expect: { events: { ids: 'from 0' } } }],
  },
  {
    name: 'read-from-the-start',
    level: 'resumable',
    promise: 'GET {id}/stream gives the whole answer again, event by event, with its end.',
    cure: 'Keep the events of a run for a while after its end.',
    steps: [
      {
        kind: 'send',
        send: reading('whole'),
        expect: {
          headers: { 'content-type': '^text/event-stream\\b', 'x-channel-id': '^{whole}$' },
          events: { same: { as: 'whole', from: 0 }, outcome: 'done' },
        },
      },
    ],
  },
  {
    name: 'read-by-event-source',
    level: 'resumable',
    promise: 'GET {id} gives the same, for a plain EventSource.',
    cure: 'Serve both addresses alike.',
    steps: [
      {
        kind: 'send',
        send: { method: 'GET', path: '/{whole}', headers: EVENT_STREAM },
        until: 3,
        expect: { events: { same: { as: 'whole', from: 0 } } },
      },
    ],
  },
  {
    name: 'read-after-a-cursor',
    level: 'resumable',
    promise: 'With Last-Event-ID the stream goes on behind that event: no hole, no repeat.',
    cure: 'Begin with the event whose number is one higher than that of the header.',
    steps: [
      {
        kind: 'send',
        send: reading('whole', '{whole.1}'),
        expect: { events: { same: { as: 'whole', from: 2 }, outcome: 'done' } },
      },
    ],
  },
  {
    name: 'cursor-in-the-query',
    level: 'resumable',
    promise: '?lastEventId= does the same, where a client can set no header.',
    cure: 'Read the cursor from the query when the header is missing.',
    steps: [
      {
        kind: 'send',
        send: { method: 'GET', path: '/{whole}/stream?lastEventId={whole.1}', headers: EVENT_STREAM },
        expect: { events: { same: { as: 'whole', from: 2 } } },
      },
    ],
  },
  {
    name: 'nothing-left-is-204',
    level: 'resumable',
    promise: 'A reader that has seen the end gets 204.',
    cure: 'Answer 204 when the run has ended and the cursor is that of its last event.',
    steps: [{ kind: 'send', send: reading('whole', '{whole.last}'), expect: { status: [204] } }],
  },
  {
    name: 'start-is-idempotent',
    level: 'resumable',
    promise: 'A start with the x-channel-id of a run that is there streams that run: it is not billed twice.',
    cure: 'Take the id that the client proposes, and look for its channel before you start a run.',
    steps: [
      { kind: 'send', send: starting('{proposal}'), until: 3, record: 'left', expect: {} },
      {
        kind: 'send',
        send: starting('{left}'),
        until: 2,
        expect: { headers: { 'x-channel-id': '^{left}$' }, events: { same: { as: 'left', from: 0 } } },
      },
      {
        kind: 'send',
        send: starting('{whole}'),
        expect: { headers: { 'x-channel-id': '^{whole}$' }, events: { same: { as: 'whole', from: 0 } } },
      },
    ],
  },
  {
    name: 'disconnect-does-not-stop',
    level: 'resumable',
    promise: 'Clients that hang up do not stop the run: the rest can be read later.',
    cure:
      'Let the producer fill the channel, and let connections only read from it. ' +
      'An answer of this suite needs five events or more: pass a --body that asks for a longer one.',
    steps: [
      {
        kind: 'send',
        send: reading('left', '{left.last}'),
        append: 'left',
        expect: { events: { ids: { after: '{left.last}' }, outcome: 'done' } },
      },
    ],
  },
  {
    name: 'many-connections-are-one-stream',
    level: 'resumable',
    promise: 'What was read over several connections is what a new reader gets.',
    cure: 'Number and keep every event before you send it to anybody.',
    steps: [
      {
        kind: 'send',
        send: reading('left'),
        expect: { events: { same: { as: 'left', from: 0 }, outcome: 'done' } },
      },
    ],
  },
  {
    name: 'stop-is-kept',
    level: 'resumable',
    promise: 'A reader that comes after a stop sees that the run was stopped.',
    cure: 'Write the end into the channel as an event with an id, like every other.',
    steps: [
      { kind: 'send', send: reading('stopped'), expect: { events: { ids: 'from 0', outcome: 'stopped' } } },
    ],
  },
  {
    name: 'long-poll',
    level: 'resumable',
    weight: 'advice',
    promise:
      'GET {id}/events gives events as JSON, for platforms that deliver no body before it is complete.',
    cure: 'See "Long poll" in the protocol. Without it, clients on such platforms get the answer at its end.',
    steps: [
      {
        kind: 'send',
        send: { method: 'GET', path: '/{whole}/events?waitMs=0' },
        expect: {
          headers: { 'content-type': '^application/json\\b' },
          fields: { channelId: { is: '{whole}' }, events: 'list', cursor: 'cursor' },
        },
      },
    ],
  },
]
