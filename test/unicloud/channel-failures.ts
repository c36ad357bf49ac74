import assert from 'node:assert/strict'
import type { PushFault } from '../../scripts/local-cloud/gateway/push-gateway.js'
import { type CloudApp, CLASSIC } from './cloud-app.js'
import { type FailureRow, ONLY_FIRST, runThrough } from './failure-row.js'

const kept = { with: 'kept', without: 'kept' } as const

interface Message {
  readonly payload: { readonly seqId: string; readonly action: string; readonly messageId: number }
}

const read = (message: string) => JSON.parse(message) as Message

/** Two channels, and each loses its next push. */
function loseOneOfEach({ push }: CloudApp['cloud']): PushFault {
  const hit = new Set<string>()
  return ({ message }, deliver) => {
    const { seqId } = read(message).payload
    if (hit.has(seqId)) return deliver()
    hit.add(seqId)
    if (hit.size === 2) push.fault = undefined
  }
}

/** The end of a channel overtakes the message before it. */
function endFirst(): PushFault {
  const waiting = new Map<string, () => void>()
  return ({ message }, deliver) => {
    const { seqId, action, messageId } = read(message).payload
    if (action === 'message' && messageId === 3) return void waiting.set(seqId, deliver)
    deliver()
    if (action === 'end') waiting.get(seqId)?.()
  }
}

const payloadAsText: PushFault = ({ message }, deliver) =>
  deliver(JSON.stringify({ ...read(message), payload: JSON.stringify(read(message).payload) }))

const untilFailed = (app: CloudApp, run: string, code: string) =>
  app.until(
    async () => (await app.printed(run)).some((line) => line.startsWith('failed') && line.includes(code)),
    `${run} ${code}`,
  )

async function tapUntil(app: CloudApp, selector: string, line: string): Promise<void> {
  await app.tap(selector)
  await app.until(async () => (await app.log()).includes(line), line)
}

/** Rows of failures in the channel itself: the socket may be well, and its pushes come. */
export const channelFailures: readonly FailureRow[] = [
  {
    row: 10,
    failure: 'a listener throws',
    runs: { vendor: 'vendor-throwing', ours: 'ours-throwing' },
    vendor: CLASSIC,
    socket: kept,
    async check(app, { vendor, ours }) {
      const errors = async () => (await app.errors?.())?.join('\n') ?? ''
      await app.until(async () => (await errors()).includes(`the listener of ${ours}`), 'the error of ours')
      // On mini-programs `uni.invokePushCallback` returns a promise, which the SDK lets reject unheard.
      const isHidden = !(await errors()).includes(`the listener of ${vendor}`)
      assert.equal(isHidden, app.platform !== 'mp-weixin')
    },
  },
  {
    row: 11,
    failure: 'there is a client id of earlier, and no way to the gateway',
    launch: {
      storage: ({ push }) => push.enroll(),
      prepare: ({ push }) => void (push.gate.admission = 'refuse'),
    },
    vendor: [],
    socket: { with: 'returns', without: { h5: 'returns', 'mp-weixin': 'at show', app: 'returns' } },
    async check({ cloud, printed }, { vendor }) {
      assert.ok((await printed(vendor)).includes('opened'))
      cloud.push.gate.admission = 'forward'
    },
  },
  {
    row: 12,
    failure: 'the first launch finds no way to the gateway',
    launch: {
      // A test need not wait for a product's eight seconds.
      storage: () => ({ openTimeoutMs: 1_500 }),
      prepare: ({ push }) => void (push.gate.admission = 'refuse'),
    },
    vendor: [],
    ours: [],
    socket: { with: 'returns', without: { h5: 'returns', 'mp-weixin': 'at show', app: 'returns' } },
    next: { without: ['source', 'source'], with: ['source', 'object'] },
    async check(app, { vendor, ours }) {
      await untilFailed(app, ours, 'PUSH_NO_CLIENT_ID')
      assert.deepEqual(await app.printed(vendor), ['begun'])
      await runThrough(app, 'source')
      app.cloud.push.gate.admission = 'forward'
    },
  },
  {
    row: 14,
    failure: 'one push is lost',
    cause: ({ cloud }) => void (cloud.push.fault = loseOneOfEach(cloud)),
    vendor: ONLY_FIRST,
    socket: kept,
  },
  {
    row: 15,
    failure: 'an instance is opened again',
    runs: { vendor: 'vendor-reused', ours: 'reused' },
    async before(app) {
      app.allow(5)
      for (const kind of ['vendor-reused', 'reused']) await runThrough(app, kind)
    },
    vendor: [],
    socket: kept,
  },
  {
    row: 16,
    failure: 'a channel is closed before it is open',
    runs: { vendor: 'vendor-closed', ours: 'ours-closed' },
    vendor: CLASSIC,
    ours: [],
    socket: kept,
    async check(app, { vendor, ours }) {
      await untilFailed(app, ours, 'CHANNEL_CLOSED')
      await app.waitForPrint(vendor, CLASSIC.at(-1) ?? '')
    },
  },
  {
    row: 17,
    failure: 'a listener is removed that never was one',
    runs: { vendor: 'vendor-off', ours: 'ours-off' },
    vendor: CLASSIC.slice(-1),
    socket: kept,
  },
  {
    row: 18,
    failure: 'a listener throws while more messages wait their turn',
    runs: { vendor: 'vendor-throwing', ours: 'ours-throwing' },
    cause: ({ cloud }) => void (cloud.push.fault = endFirst()),
    vendor: CLASSIC.slice(0, -1),
    socket: kept,
    check: async ({ cloud }) => void (cloud.push.fault = undefined),
  },
  {
    row: 19,
    failure: 'messages were delivered and nobody needs them',
    runs: { vendor: 'vendor-kept', ours: 'ours-kept' },
    vendor: CLASSIC,
    socket: kept,
    async check(app, { vendor, ours }) {
      const held = `held ${ours} 0, ${vendor} 4 of 2 channels`
      // What was used just now may outlive a collection.
      await app.until(async () => {
        await app.collectGarbage?.()
        await app.tap('.count-held')
        return (await app.log()).includes(held)
      }, held)
    },
  },
  {
    row: 20,
    failure: 'the payload is JSON text',
    // Without a log: ours hears it from the pushes.
    runs: { vendor: 'vendor', ours: 'plain' },
    cause: ({ cloud }) => void (cloud.push.fault = payloadAsText),
    vendor: ONLY_FIRST,
    socket: kept,
    check: async ({ cloud }) => void (cloud.push.fault = undefined),
  },
  {
    row: 21,
    failure: 'the app removes all push listeners',
    cause: (app) => tapUntil(app, '.off-push', 'push unheard'),
    vendor: ONLY_FIRST,
    socket: kept,
  },
  {
    row: 21,
    failure: 'an earlier push listener stops every push',
    variant: true,
    before: (app) => tapUntil(app, '.stop-push', 'push stopped'),
    vendor: [],
    socket: { with: 'deaf', without: 'deaf' },
  },
]
