import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { createMetrics } from '../../../src/server/operations/create-metrics.js'
import { eventually } from '../../helpers/eventually.js'
import { posting, readEvents } from '../../helpers/read-events.js'
import { serveHub, type Served } from '../http/serve-hub.js'

let served: Served
afterEach(() => served.close())

const ID = 'abcdefghij0123456789'

/** The samples of a scrape, `name{labels}` to value. */
const samplesOf = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )

describe('createMetrics', () => {
  it('counts requests, readers, runs, events and failures, with labels that are few', async () => {
    served = await serveHub()
    const { hub, base, port } = served
    const metrics = await createMetrics(hub)
    const chunk = { type: 'text-delta', id: 't', delta: '好' }
    await readEvents(base, posting({ chunks: [chunk] }))
    await readEvents(base, posting({ chunks: 7 }))
    await fetch(`${base}/nowhere`)
    await fetch(base, { method: 'DELETE' })
    await hub.create({ channelId: ID })
    await eventually('nobody reads', async () => (await hub.getStats()).connections === 0)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/chat/${ID}`)
    const opened = new Promise((resolve) => socket.on('open', resolve))
    await eventually('the socket reads', async () => (await hub.getStats()).connections === 1)
    const samples = samplesOf(await metrics.text())
    const label = (route: string, method: string, status: number) =>
      `sse_requests_total{via="http",route="${route}",method="${method}",status="${status}"}`
    expect(samples).toMatchObject({
      sse_active_channels: 1,
      sse_events_total: 4,
      'sse_connections{via="http"}': 0,
      'sse_connections{via="socket"}': 1,
      'sse_disconnects_total{via="http",reason="ended"}': 2,
      'sse_runs_total{outcome="done"}': 1,
      'sse_runs_total{outcome="error"}': 1,
      'sse_errors_total{code="PRODUCER_ERROR"}': 1,
      'sse_request_seconds_count{via="http",route="start"}': 3,
      'sse_requests_total{via="socket",route="read",method="GET",status="101"}': 1,
      [label('start', 'POST', 200)]: 2,
      [label('read', 'GET', 404)]: 1,
      [label('start', 'other', 405)]: 1,
    })
    expect(samples.sse_event_bytes_total).toBeGreaterThan(JSON.stringify(chunk).length)
    await opened
    socket.close()
    await eventually('it is gone', async () => (await hub.getStats()).connections === 0)
    expect(samplesOf(await metrics.text())).toMatchObject({
      'sse_connections{via="socket"}': 0,
      'sse_disconnects_total{via="socket",reason="client"}': 1,
    })
    metrics.close()
    await fetch(`${base}/nowhere`)
    expect(samplesOf(await metrics.text())[label('read', 'GET', 404)]).toBe(1)
  })

  it('goes on without what the log would say when the log is away', async () => {
    const log = { ...memoryLog(), countActive: () => Promise.reject(new Error('away')) }
    served = await serveHub({ hub: { log } })
    const register = new Registry()
    await createMetrics(served.hub, { prefix: 'chat_', register })
    await fetch(`${served.base}/nowhere`)
    expect(await register.metrics()).toContain('chat_requests_total{via="http",route="read"')
  })

  it('does not wait for a log that does not answer', async () => {
    const log = { ...memoryLog(), countActive: () => new Promise<never>(() => undefined) }
    served = await serveHub({ hub: { log } })
    const metrics = await createMetrics(served.hub)
    await fetch(`${served.base}/nowhere`)
    expect(await metrics.text()).toContain('sse_requests_total{via="http",route="read"')
  })
})
