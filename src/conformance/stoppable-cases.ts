import type { ConformanceCase } from './conformance-case.js'

/** A stop reaches the producer, so that nothing more is computed and billed. */
export const stoppableCases: readonly ConformanceCase[] = [
  {
    name: 'head-names-the-channel',
    level: 'stoppable',
    promise: 'The head names the channel.',
    cure: 'Send the header x-channel-id with every stream, before the first event.',
    steps: [
      { kind: 'look', at: 'whole', expect: { headers: { 'x-channel-id': '^[A-Za-z0-9_.:~-]{1,128}$' } } },
    ],
  },
  {
    name: 'stop-ends-the-run',
    level: 'stoppable',
    promise: 'POST {id}/stop stops the producer, and says how the run has ended.',
    cure:
      'Answer 200 with {"channelId","status":"stopped"}. ' +
      'If the answer is over before the stop arrives, pass a --body that asks for a longer one.',
    steps: [
      {
        kind: 'send',
        send: { method: 'POST', body: 'start', headers: { 'x-channel-id': '{proposal}' } },
        until: 2,
        hold: true,
        record: 'stopped',
        expect: {},
      },
      {
        kind: 'send',
        send: { method: 'POST', path: '/{stopped}/stop' },
        expect: { fields: { channelId: { is: '{stopped}' }, status: { is: 'stopped' } } },
      },
    ],
  },
  {
    name: 'stop-is-in-the-stream',
    level: 'stoppable',
    promise: 'Who is reading is told that the run was stopped, and the stream ends.',
    cure: 'End with {"type":"abort"} and [DONE], or with "event: end" and {"outcome":"stopped"}.',
    steps: [{ kind: 'rest', of: 'stopped', expect: { events: { outcome: 'stopped' } } }],
  },
  {
    name: 'stop-is-idempotent',
    level: 'stoppable',
    promise: 'A second stop gets the same answer.',
    cure: 'Clients repeat a stop until they have heard the answer. Keep the status of a run that has ended.',
    steps: [
      {
        kind: 'send',
        send: { method: 'POST', path: '/{stopped}/stop' },
        expect: { fields: { channelId: { is: '{stopped}' }, status: { is: 'stopped' } } },
      },
    ],
  },
  {
    name: 'stop-after-the-end',
    level: 'stoppable',
    promise: 'A stop of a run that is complete changes nothing, and says that it is done.',
    cure: 'Answer 200 with {"channelId","status":"done"}.',
    steps: [
      {
        kind: 'send',
        send: { method: 'POST', path: '/{whole}/stop' },
        expect: { fields: { channelId: { is: '{whole}' }, status: { is: 'done' } } },
      },
    ],
  },
]
