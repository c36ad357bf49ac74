import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type * as client from '../../src/client.js'
import { EventSource } from '../../src/client/standard-event-source.js'
import { SSEClient } from '../../src/client/sse-client.js'
import { eventually } from '../helpers/eventually.js'
import { beginStream, startHttpServer, type HttpServer } from '../helpers/http-server.js'
import { installUni } from '../helpers/uni-request.js'
import { contractCases, type ContractCase, type Heard } from './contract-cases.js'
import { loadSealedClient } from './sealed-client.js'

let server: HttpServer
let sealed: typeof client

beforeAll(async () => {
  const realm = globalThis as { uni?: unknown }
  const undo = installUni()
  sealed = await loadSealedClient({ uni: realm.uni })
  undo()
})
beforeEach(async () => {
  server = await startHttpServer()
})
afterEach(() => server.close())

/** Writes the pieces apart and leaves the stream open. */
function give({ pieces }: ContractCase) {
  server.answer = (_request, response) => {
    response.socket?.setNoDelay(true)
    beginStream(response)
    void (async () => {
      for (const piece of pieces) {
        response.write(piece)
        await setImmediate()
      }
    })()
  }
}

type Listen = (url: string, hear: (event: Heard) => void) => () => void

const overEventSource =
  (Source: () => typeof EventSource): Listen =>
  (url, hear) => {
    const source = new (Source())(url)
    for (const type of ['message', 'greeting'])
      source.addEventListener(type, ({ data = '', lastEventId = '' }) =>
        hear({ type, data, id: lastEventId }),
      )
    return () => source.close()
  }

const overClient: Listen = (url, hear) => {
  const sse = new SSEClient({ protocol: 'sse' }).create()
  const { abort } = sse.post({ url, onMessage: ({ event, data, id }) => hear({ type: event, data, id }) })
  return abort
}

describe.each<[string, Listen]>([
  ['EventSource over fetch', overEventSource(() => EventSource)],
  ['EventSource over uni.request, without the web', overEventSource(() => sealed.EventSource)],
  ['SSEClient', overClient],
])('%s hears', (name, listen) => {
  // A run keeps no more than 4 MB of one event, see EVENT_TOO_LARGE.
  const here = contractCases.filter((one) => name !== 'SSEClient' || !one.name.includes('megabytes'))

  test.each(here)('$name', async (one) => {
    give(one)
    const events: Heard[] = []
    const close = listen(server.url, (event) => events.push(event))
    await eventually(`${one.hears.length} events`, () => events.length >= one.hears.length)
    close()
    // Not toEqual: of megabytes it would print all.
    const differs = events.findIndex((event, i) => JSON.stringify(event) !== JSON.stringify(one.hears[i]))
    expect(differs === -1 ? 'as it should' : JSON.stringify(events[differs]).slice(0, 200)).toBe(
      'as it should',
    )
    await eventually('hung up', () => server.requests[0]?.closed === true)
  })
})

describe('an EventSource asks', () => {
  test.each<[string, () => typeof EventSource]>([
    ['fetch', () => EventSource],
    ['uni.request', () => sealed.EventSource],
  ])('over %s with GET for an event stream that is not from a cache', async (_name, Source) => {
    const source = new (Source())(`${server.url}/x?y=1#z`)
    await eventually('asked', () => server.requests.length > 0)
    source.close()
    const { method, url, body, headers } = server.requests[0]!
    expect([method, url, body]).toEqual(['GET', '/x?y=1', ''])
    expect([headers.accept, headers['cache-control']]).toEqual(['text/event-stream', 'no-cache'])
    expect(Object.keys(headers)).not.toContain('last-event-id')
    expect(Object.keys(headers)).not.toContain('content-type')
  })

  test('nobody, where an address can’t be fetched: it fails', async () => {
    for (const url of ['ftp://example.com/', 'mailto:a@example.com', 'about:blank']) {
      const source = new EventSource(url)
      const states: number[] = []
      source.onerror = () => states.push(source.readyState)
      await eventually(url, () => states.length > 0)
      expect(states).toEqual([2])
    }
  })

  test('and is heard, though a class of its own overrides dispatchEvent', async () => {
    give({ name: '', pieces: ['data: 1\n\n'], hears: [] })
    class Mine extends EventSource {
      override dispatchEvent() {
        return false
      }
    }
    const source = new Mine(server.url)
    const heard: unknown[] = []
    source.onmessage = ({ data }) => heard.push(data)
    await eventually('a message', () => heard.length === 1)
    source.close()
  })
})

describe('an EventSource', () => {
  test.each<[string, () => typeof EventSource]>([
    ['fetch', () => EventSource],
    ['uni.request', () => sealed.EventSource],
  ])('over %s goes on trying while the server is away, and keeps its id', async (_name, Source) => {
    const ids: unknown[] = []
    server.answer = ({ headers }, response) => {
      ids.push(headers['last-event-id'])
      if (ids.length === 1) beginStream(response).end('retry: 10\nid: 1\ndata: 1\n\n')
      else if (ids.length < 4) response.socket?.resetAndDestroy()
      else beginStream(response).write('data: 2\n\n')
    }
    const source = new (Source())(server.url)
    const heard: unknown[] = []
    source.onopen = () => heard.push('open')
    source.onerror = () => heard.push(source.readyState)
    source.onmessage = ({ data, lastEventId }) => heard.push(`${data} ${lastEventId}`)
    await eventually('the second message', () => heard.includes('2 1'))
    source.close()
    expect(heard).toEqual(['open', '1 1', 0, 0, 0, 'open', '2 1'])
    expect(ids).toEqual([undefined, '1', '1', '1'])
  })

  test('closed while it waits to reconnect asks nobody any more', async () => {
    server.answer = (_request, response) => void beginStream(response).end('retry: 20\ndata: 1\n\n')
    const source = new EventSource(server.url)
    let errors = 0
    source.onerror = () => errors++
    await eventually('an error', () => errors === 1)
    source.close()
    expect(source.readyState).toBe(2)
    const other = new EventSource(server.url)
    other.onerror = () => errors++
    // As long as two reconnects of another source with the same pause take.
    await eventually('two more errors', () => errors === 3)
    other.close()
    expect(server.requests).toHaveLength(3)
  })

  test('calls listeners that capture before the others, and none after one that stopped the event', () => {
    const source = new EventSource(server.url)
    source.close()
    const calls: string[] = []
    source.addEventListener('x', () => calls.push('plain'))
    source.addEventListener('x', () => calls.push('capture'), true)
    const event = { type: 'x', cancelable: true }
    source.dispatchEvent(event)
    expect(calls).toEqual(['capture', 'plain'])
    source.addEventListener('x', (event) => event.stopPropagation?.(), { capture: true, once: true })
    source.dispatchEvent(event)
    expect(calls).toEqual(['capture', 'plain', 'capture'])
  })
})

describe('an SSEClient', () => {
  test('posts the body with the headers it is given, its type included', async () => {
    const sse = new SSEClient({ protocol: 'sse' }).create()
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Header-Name-1': 'value-1' }
    const request = sse.post({ url: server.url, headers, body: { hello: 'world' } })
    await eventually('asked', () => server.requests.length > 0)
    request.abort()
    const { method, body, headers: sent } = server.requests[0]!
    expect([method, body]).toEqual(['POST', '{"hello":"world"}'])
    expect([sent.accept, sent['content-type'], sent['header-name-1']]).toEqual([
      'text/event-stream',
      'application/json; charset=utf-8',
      'value-1',
    ])
  })

  test('of an event over the limit is told EVENT_TOO_LARGE, once', async () => {
    give(contractCases.find(({ name }) => name.startsWith('five megabytes'))!)
    const codes: string[] = []
    const request = new SSEClient({ protocol: 'sse' })
      .create()
      .post({ url: server.url, onError: ({ code }) => codes.push(code) })
    expect(await request.ended).toBe('error')
    expect(codes).toEqual(['EVENT_TOO_LARGE'])
  })
})
