import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type * as client from '../../src/client.js'
import { eventually } from '../helpers/eventually.js'
import { installUni } from '../helpers/uni-request.js'
import { startCaseServer, type CaseServer } from './case-server.js'
import { cases } from './event-source-cases.js'
import { recordSource, type Constructor } from './record-source.js'
import { loadSealedClient } from './sealed-client.js'

let server: CaseServer
let sealed: typeof client

beforeAll(async () => {
  const realm = globalThis as { uni?: unknown }
  const undo = installUni()
  sealed = await loadSealedClient({ uni: realm.uni })
  undo()
  server = await startCaseServer()
})
afterAll(() => server.close())
beforeEach(() => server.reset())

describe('EventSource over uni.request, in a realm without the web', () => {
  const here = cases
    .map((one, index) => [one.name, index] as const)
    // Redirects are the platform's, which the stand-in for uni.request does not follow.
    .filter(([name, index]) => !cases[index]?.crossOrigin && !/redirect with/.test(name))

  test.each(here)('%s', async (name, index) => {
    const { hears, asks } = cases[index]!
    const Ours = sealed.EventSource as unknown as Constructor
    expect(await recordSource(Ours, `${server.url}/case/${index}`, cases[index]!, server.cut)).toEqual(hears)
    if (asks) expect(server.asksOf(name)).toEqual(asks)
  })

  test('its events have what a page’s have', async () => {
    const index = cases.findIndex(({ name }) => name.startsWith('an ended stream'))
    const source = new sealed.EventSource(`${server.url}/case/${index}`)
    const seen: unknown[] = []
    const heard: client.SourceEvent[] = []
    const note = (event: client.SourceEvent) => {
      const { type, data, lastEventId, origin, isTrusted, defaultPrevented, target, currentTarget } = event
      event.preventDefault?.()
      seen.push([type, data, lastEventId, origin, isTrusted, defaultPrevented])
      expect([target === source, currentTarget === source]).toEqual([true, true])
      heard.push(event)
    }
    source.onopen = note
    source.onmessage = note
    source.onerror = note
    await eventually('an error', () => seen.length === 3)
    source.close()
    expect(heard.map(({ target, currentTarget }) => [target === source, currentTarget])).toEqual(
      seen.map(() => [true, null]),
    )
    expect(seen).toEqual([
      ['open', undefined, undefined, undefined, true, false],
      ['message', '1', '…é', server.url, true, false],
      ['error', undefined, undefined, undefined, true, false],
    ])
  })
})

describe('wrong use, in a realm without the web', () => {
  test.each(['', 'x?y', '/x', 'http://', 'https:///x', 'example.com'])('%j is a SyntaxError', (url) => {
    const { EventSource } = sealed
    expect(() => new EventSource(url)).toThrow(
      expect.objectContaining({ name: 'SyntaxError', code: 12, constructor: Error }),
    )
  })

  test('spaces around an address go, those in it are encoded', () => {
    const source = new sealed.EventSource(' \nhttps://example.com/a b?你\t')
    source.close()
    expect(source.url).toBe('https://example.com/a%20b?你')
  })

  test('an event that is being dispatched can’t be dispatched', () => {
    const source = new sealed.EventSource('https://example.com/')
    source.close()
    const caught: unknown[] = []
    const event = { type: 'x' }
    source.addEventListener('x', () => {
      try {
        source.dispatchEvent(event)
      } catch (error) {
        caught.push(error)
      }
    })
    source.dispatchEvent(event)
    expect(caught).toEqual([expect.objectContaining({ name: 'InvalidStateError', code: 11 })])
    source.dispatchEvent(event)
    expect(caught).toHaveLength(2)
  })
})
