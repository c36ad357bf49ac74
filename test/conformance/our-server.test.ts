import { afterEach, expect, it } from 'vitest'
import { conformanceReport } from '../../src/conformance/conformance-report.js'
import { runConformance } from '../../src/conformance/run-conformance.js'
import { demoModel, ownerOnly, readChatInput } from '../../src/server/index.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'

let served: Served
afterEach(() => served.close())

const body = JSON.stringify({ prompt: 'How does a stream survive a lost network?' })
const model = demoModel({ paceMs: 1 })

it('our own server reaches the highest level, and follows every advice', async () => {
  served = await serveHub({ start: ({ body: input }) => model(readChatInput(input)) })
  const result = await runConformance({ url: served.base, body })
  expect(result.level, conformanceReport(result)).toBe('guarded')
  const open = result.results.filter(({ verdict }) => verdict !== 'held' && verdict !== 'skipped')
  // A server that has just begun can't say for how long it has lost nothing.
  const names = open.map(({ case: { name } }) => name).filter((name) => name !== 'lost-start-can-be-repeated')
  expect(names).toEqual([])
  expect(served.errors).toEqual([])
})

it('with users it keeps their channels apart, and not one case is left out', async () => {
  served = await serveHub({
    start: ({ body: input }) => model(readChatInput(input)),
    authorize: ownerOnly(({ headers }) => headers.authorization),
  })
  const result = await runConformance({
    url: served.base,
    body,
    headers: { authorization: 'Ada' },
    otherHeaders: { authorization: 'Bob' },
  })
  expect(result.level, conformanceReport(result)).toBe('guarded')
  expect(result.results.filter(({ verdict }) => verdict === 'skipped')).toEqual([])
})
