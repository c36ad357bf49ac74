import { afterEach, expect, it } from 'vitest'
import { deferred } from '../../helpers/deferred.js'
import { startOwnTime } from '../../helpers/own-time.js'
import { posting } from '../../helpers/read-events.js'
import { serveHub, type Served, type ServeOptions } from './serve-hub.js'

let served: Served | undefined
afterEach(() => served?.close())

async function serve(options: ServeOptions = {}): Promise<Served> {
  served = await serveHub(options)
  return served
}

interface Batch {
  readonly channelId: string
  readonly events: { readonly id: string; readonly data: string }[]
  readonly cursor: string | null
  readonly ended: boolean
}

const id = 'a-channel-of-polls-1'
const poll = async (base: string, query = '') => {
  const response = await fetch(`${base}/${id}/events${query}`)
  return { status: response.status, batch: (await response.json()) as Batch, headers: response.headers }
}

it('a start that accepts JSON alone is answered at once with its id', async () => {
  const { base, hub } = await serve()
  const headers = { 'x-channel-id': id, accept: 'application/json' }
  const response = await fetch(base, posting({ wait: true }, headers))
  expect(response.status).toBe(202)
  expect(await response.json()).toEqual({ channelId: id, events: [], cursor: null, ended: false })
  expect((await hub.getInfo(id)).status).toBe('active')
})

it('a start that accepts streams too, or anything, is streamed', async () => {
  const { base } = await serve()
  for (const accept of ['text/event-stream, application/json', '*/*'])
    expect((await fetch(base, posting({ chunks: [] }, { accept }))).headers.get('content-type')).toContain(
      'text/event-stream',
    )
})

it('what is there comes at once, page by page, to the end', async () => {
  const { base, hub } = await serve()
  const { ended } = await hub.run(id, async function* () {
    for (let i = 0; i < 600; i++) yield { type: 'data-x', data: i }
  })
  await ended
  const first = await poll(base)
  expect(first.batch).toMatchObject({ channelId: id, ended: false })
  expect(first.headers.get('cache-control')).toBe('no-store')
  const second = await poll(base, `?lastEventId=${first.batch.cursor ?? ''}`)
  expect(first.batch.events.length + second.batch.events.length).toBe(601)
  expect(second.batch).toMatchObject({ ended: true, cursor: second.batch.events.at(-1)?.id })
  const drained = await poll(base, `?lastEventId=${second.batch.cursor ?? ''}`)
  expect(drained.batch).toEqual({ channelId: id, events: [], cursor: second.batch.cursor, ended: true })
})

it('what is not there yet is waited for, and comes as soon as it is', async () => {
  const { base, hub } = await serve()
  const gate = deferred()
  await hub.run(id, async function* () {
    yield { type: 'data-x', data: 1 }
    await gate.promise
    yield { type: 'data-x', data: 2 }
  })
  const { batch } = await poll(base)
  const time = startOwnTime()
  const waiting = poll(base, `?lastEventId=${batch.cursor ?? ''}`)
  await expect.poll(async () => (await hub.getStats()).connections).toBe(1)
  gate.resolve()
  expect((await waiting).batch.events[0]?.data).toBe('{"type":"data-x","data":2}')
  expect(time.elapsedMs).toBeLessThan(5_000)
  time.stop()
})

it('the wait is the client’s, and ends empty at its cursor', async () => {
  const { base, hub } = await serve()
  await hub.run(id, () => new Promise(() => undefined))
  const begun = Date.now()
  expect((await poll(base, '?waitMs=0')).batch).toEqual({
    channelId: id,
    events: [],
    cursor: null,
    ended: false,
  })
  expect((await poll(base, '?waitMs=60')).batch.events).toEqual([])
  expect(Date.now() - begun).toBeGreaterThanOrEqual(55)
  expect((await poll(base, '?waitMs=soon')).status).toBe(400)
})

it('a gap is 410 with what is kept, an unknown channel 404', async () => {
  const { base, hub } = await serve({ log: { maxEvents: 2 } })
  expect((await poll(base)).status).toBe(404)
  const { ended } = await hub.run(id, async function* () {
    for (let i = 0; i < 5; i++) yield { type: 'data-x', data: i }
  })
  await ended
  const { epoch, earliest } = await hub.getInfo(id)
  const { status, batch } = await poll(base, `?lastEventId=${epoch}_0`)
  expect(status).toBe(410)
  expect(batch).toMatchObject({ error: { code: 'HISTORY_EXPIRED' }, earliest })
})

it('a server that goes answers what waits', async () => {
  const { base, hub, handler } = await serve()
  await hub.run(id, () => new Promise(() => undefined))
  const waiting = poll(base)
  await expect.poll(async () => (await hub.getStats()).connections).toBe(1)
  await handler.close()
  expect((await waiting).batch).toMatchObject({ events: [], ended: false })
})

it('a client that goes leaves no reader behind', async () => {
  const { base, hub } = await serve()
  await hub.run(id, () => new Promise(() => undefined))
  const abort = new AbortController()
  const waiting = fetch(`${base}/${id}/events`, { signal: abort.signal }).catch(() => undefined)
  await expect.poll(async () => (await hub.getStats()).connections).toBe(1)
  abort.abort()
  await waiting
  await expect.poll(async () => (await hub.getStats()).connections).toBe(0)
})
