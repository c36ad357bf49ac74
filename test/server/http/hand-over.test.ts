import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { posting, readEvents, textOf } from '../../helpers/read-events.js'
import { serveHub, type Served } from './serve-hub.js'

let served: Served
afterEach(() => served.close())

const ID = 'abcdefghij0123456789'
const body = { chunks: [{ type: 'text-delta', id: 't', delta: 'a' }], wait: true }

describe('a stream', () => {
  it.each([
    ['by a timer of its own', {}],
    ['at a heartbeat', { heartbeatMs: 20 }],
  ])(
    'ends in order at its maximum age, asks for a short pause, and can be read on: %s',
    async (_how, more) => {
      served = await serveHub({ limits: { maxConnectionMs: 600 }, ...more })
      const answer = await readEvents(served.base, posting(body, { 'x-channel-id': ID }))
      expect(answer).toMatchObject({ status: 200, ending: 'complete' })
      expect(textOf(answer.events)).toBe('a')
      expect(answer.retryMs).toBeLessThanOrEqual(1_000)
      expect(await served.hub.getInfo(ID)).toMatchObject({ status: 'active' })
      const next = await readEvents(`${served.base}/${ID}?lastEventId=${answer.events[0]?.id}`)
      expect(next).toMatchObject({ status: 200, ending: 'complete', events: [] })
    },
  )

  it('is handed over when the server goes, each with a pause of its own', async () => {
    served = await serveHub()
    await served.hub.create({ channelId: ID })
    await served.hub.send({ channelId: ID, data: 1 })
    const readers = Array.from({ length: 20 }, () => readEvents(`${served.base}/${ID}`))
    while ((await served.hub.getStats()).connections < 20)
      await new Promise((resolve) => setImmediate(resolve))
    await served.handler.close()
    const answers = await Promise.all(readers)
    expect(answers.every((answer) => answer.ending === 'complete' && answer.events.length === 1)).toBe(true)
    expect(new Set(answers.map((answer) => answer.retryMs)).size).toBeGreaterThan(5)
    expect(Math.max(...answers.map((answer) => answer.retryMs ?? Infinity))).toBeLessThanOrEqual(1_000)
  })
  it('tells how its run ended before it is handed over', async () => {
    served = await serveHub()
    const reading = readEvents(served.base, posting(body))
    await eventually('it reads', async () => (await served.hub.getStats()).connections === 1)
    await served.hub.shutdown()
    await served.handler.close()
    const { events } = await reading
    expect(events.map((event) => event.data).slice(1)).toEqual([expect.stringContaining('died'), '[DONE]'])
  })
})
