import type { ConformanceCase } from './conformance-case.js'

/** The least: an answer that streams and says that it is complete. */
export const plainCases: readonly ConformanceCase[] = [
  {
    name: 'start-streams',
    level: 'plain',
    promise: 'A POST to the address is answered with an event stream.',
    cure: 'Answer 200 with content-type: text/event-stream. If your server wants another body, pass it with --body.',
    steps: [
      {
        kind: 'send',
        send: { method: 'POST', body: 'start', headers: { 'x-channel-id': '{proposal}' } },
        record: 'whole',
        expect: { headers: { 'content-type': '^text/event-stream\\b' } },
      },
    ],
  },
  {
    name: 'answer-has-events',
    level: 'plain',
    promise: 'The answer comes as several events.',
    cure: 'Send each piece as "data: …" and a blank line as soon as there is one.',
    steps: [{ kind: 'look', at: 'whole', expect: { events: { atLeast: 3 } } }],
  },
  {
    name: 'data-is-json',
    level: 'plain',
    promise: 'The data of every event is JSON, or [DONE].',
    cure: 'Write each piece as JSON, for example {"type":"text-delta","id":"t","delta":"…"}.',
    steps: [{ kind: 'look', at: 'whole', expect: { events: { data: 'json' } } }],
  },
  {
    name: 'end-is-in-the-stream',
    level: 'plain',
    promise: 'The last event says that the run has ended.',
    cure: 'End with "data: [DONE]", or with "event: end" and {"outcome":"done"}. A closed connection proves nothing.',
    steps: [{ kind: 'look', at: 'whole', expect: { events: { outcome: 'done' } } }],
  },
  {
    name: 'head-forbids-buffering',
    level: 'plain',
    weight: 'advice',
    promise: 'The head tells proxies not to hold the answer back.',
    cure: 'Send cache-control: no-cache, no-transform and x-accel-buffering: no.',
    steps: [
      {
        kind: 'look',
        at: 'whole',
        expect: { headers: { 'cache-control': '\\bno-transform\\b', 'x-accel-buffering': '^no$' } },
      },
    ],
  },
]
