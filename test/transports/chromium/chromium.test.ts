import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { scripted, serveHub } from '../../server/http/serve-hub.js'
import { transportContract } from '../transport.contract.js'
import { ChromiumRealm } from './chromium-host.js'
import type { PageApi } from './page.js'

const realm = new ChromiumRealm()
beforeAll(() => realm.open())
afterAll(() => realm.close())

transportContract('fetch in Chromium', realm.host('fetch'))
transportContract('xhr in Chromium', realm.host('xhr'))
transportContract('event-source in Chromium', realm.host('event-source'), [
  ...(['post', 'headers', 'status', 'channel-id', 'heartbeat', 'retry', 'announces-end'] as const),
])
transportContract('web-socket in Chromium', realm.host('web-socket'), ['headers'])
transportContract('long-poll in Chromium', realm.host('long-poll'), ['heartbeat', 'retry'])

test('a long poll starts with a body over 64 KB, which browsers refuse of requests that outlive their page', async () => {
  let prompt: unknown
  const served = await serveHub({
    cors: '*',
    start({ body }) {
      prompt = (body as { prompt: string }).prompt
      return scripted({ chunks: [] })
    },
  })
  const body = JSON.stringify({ prompt: '长'.repeat(50_000) })
  const opened = await realm.host('long-poll').open({
    ...{ method: 'POST', url: served.base, body },
    headers: { 'content-type': 'application/json', 'x-channel-id': 'a-long-body-over-a-long-poll' },
  })
  await eventually('the end', async () => /ended|finished|lost/.test((await opened.heard()).calls.join()))
  expect((await opened.heard()).error).toBeUndefined()
  expect(prompt).toBe('长'.repeat(50_000))
  await served.close()
})

test('an answer that outgrows what xhr may hold goes on from its cursor in another request, and is whole', async () => {
  const MiB = 1024 * 1024
  const pieces = Array.from({ length: 40 }, (_, index) => `${index}号`.padEnd(MiB / 2, '-'))
  const keepAll = { maxBytes: Infinity, maxTotalBytes: Infinity }
  const served = await serveHub({
    cors: '*',
    log: keepAll,
    start: () =>
      async function* () {
        for (const delta of pieces) {
          yield { type: 'text-delta', id: '1', delta }
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      },
  })
  const run = await realm.page.evaluate(
    (base: string) =>
      (globalThis as typeof globalThis & { transportsApi: PageApi }).transportsApi.runOverXhr(base),
    served.base,
  )
  await served.close()
  expect(run.outcome).toBe('done')
  expect(run.text === pieces.join('')).toBe(true)
  expect(run.requests).toBeGreaterThanOrEqual(2)
  // Looked at with each progress event: one piece of the network beyond the bound.
  expect(run.longest).toBeLessThan(12 * MiB)
  expect(run.longest).toBeGreaterThan(8 * MiB)
})
