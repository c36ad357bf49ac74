import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { EventSource } from '../../src/client/standard-event-source.js'
import { bundlePage } from '../helpers/bundle-page.js'
import { installDouyin } from '../helpers/douyin.js'
import { installUni } from '../helpers/uni-request.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import { startCaseServer, type CaseServer } from './case-server.js'
import { cases } from './event-source-cases.js'
import type { CasePage } from './page.js'
import { recordSource, type Constructor } from './record-source.js'

const Ours = EventSource as unknown as Constructor

let server: CaseServer
let other: CaseServer
let browser: Browser
let page: Page

beforeAll(async () => {
  const script = await bundlePage(fileURLToPath(new URL('page.ts', import.meta.url)))
  const pages = { '/': '<!doctype html><script src="/page.js"></script>', '/page.js': script }
  server = await startCaseServer(pages)
  other = await startCaseServer()
  browser = await launchChromium()
  page = await browser.newPage(`${server.url}/`)
})
afterAll(async () => {
  await browser.close()
  await Promise.all([server.close(), other.close()])
})

const inPage = (which: 'ours' | 'native', index: number, base: string) =>
  page.evaluate(
    (...args: Parameters<CasePage['run']>) =>
      (globalThis as typeof globalThis & { casePage: CasePage }).casePage.run(...args),
    ...([which, index, base] as Parameters<CasePage['run']>),
  )

describe.each(['native', 'ours'] as const)('%s in Chromium', (which) => {
  test.each(cases.map((one, index) => [one.name, index] as const))('%s', async (name, index) => {
    const { hears, asks, paths, crossOrigin, chromiumDiffers } = cases[index]!
    if (which === 'native' && chromiumDiffers) return
    const target = crossOrigin ? other : server
    target.reset()
    expect(await inPage(which, index, target.url)).toEqual(hears)
    if (asks) expect(target.asksOf(name)).toEqual(asks)
    if (paths) expect(target.pathsOf(name)).toEqual(paths)
  })
})

describe('without a browser', () => {
  const here = cases
    .map((one, index) => [one.name, index] as const)
    .filter(([, index]) => !cases[index]?.crossOrigin)

  test.each(here)('over fetch: %s', async (name, index) => {
    server.reset()
    const { hears, asks, paths } = cases[index]!
    expect(await recordSource(Ours, `${server.url}/case/${index}`, cases[index]!, server.cut)).toEqual(hears)
    if (asks) expect(server.asksOf(name)).toEqual(asks)
    if (paths) expect(server.pathsOf(name)).toEqual(paths)
  })

  test.each([
    ['uni.request', [installUni]],
    ['tt.createEventSource, though uni.request is there', [installUni, installDouyin]],
  ])('over %s a stream is heard, reconnects with its id and closes', async (_name, installs) => {
    const index = cases.findIndex(({ name }) => name === 'a reset stream is established again')
    const undo = installs.map((install) => install())
    vi.stubGlobal('fetch', undefined)
    server.reset()
    try {
      const { hears } = cases[index]!
      expect(await recordSource(Ours, `${server.url}/case/${index}`, cases[index]!, server.cut)).toEqual(
        hears,
      )
      expect(server.asksOf(cases[index]!.name)).toEqual([undefined, '1'])
    } finally {
      vi.unstubAllGlobals()
      undo.forEach((each) => each())
    }
  })
})

test('an address that is none is a SyntaxError, at once', async () => {
  expect(() => new EventSource('http://[bad')).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
  const native = await page.evaluate(
    `(() => { try { new EventSource('http://[bad') } catch (error) { return error.name } })()`,
  )
  expect(native).toBe('SyntaxError')
})

test('relative addresses are the page’s, and anything with a string form is an address', async () => {
  const seen = await page.evaluate(`(() => {
    const open = (url) => { const source = new Ours(url); source.close(); return source.url }
    return [open('x?y#z'), open(''), open({ toString: () => '/a b' }), open(new URL('http://127.0.0.1:1'))]
  })()`)
  expect(seen).toEqual(
    [`${server.url}/x?y`, `${server.url}/`, `${server.url}/a%20b`, 'http://127.0.0.1:1/'].map((url, i) =>
      i === 0 ? `${url}#z` : url,
    ),
  )
})

test('a page may name another base for its addresses', async () => {
  const seen = await page.evaluate(`(() => {
    const base = document.head.appendChild(document.createElement('base'))
    base.href = '/deep/er/'
    const [ours, native] = [Ours, EventSource].map((Source) => {
      const source = new Source('x')
      source.close()
      return source.url
    })
    base.remove()
    return [ours, native]
  })()`)
  expect(seen).toEqual([`${server.url}/deep/er/x`, `${server.url}/deep/er/x`])
})

test('a worker hears what a page does, from other origins too', async () => {
  const names = [
    'an ended stream is established again, with the id, after the pause',
    'no type fails the connection',
    'another origin need not allow the id that a reconnect sends',
  ]
  const runs = names.map((name) => {
    const index = cases.findIndex((one) => one.name === name)
    return [index, cases[index]?.crossOrigin ? other.url : server.url] as const
  })
  server.reset()
  other.reset()
  const heard = await page.evaluate(
    (script: string, runs: readonly (readonly [number, string])[]) =>
      new Promise((resolve) => {
        const code = `importScripts(${JSON.stringify(script)})
          onmessage = async ({ data }) => {
            const heard = []
            for (const [index, base] of data) heard.push(await casePage.run('ours', index, base))
            postMessage(heard)
          }`
        const worker = new Worker(URL.createObjectURL(new Blob([code])))
        worker.onmessage = ({ data }) => {
          worker.terminate()
          resolve(data)
        }
        worker.postMessage(runs)
      }),
    `${server.url}/page.js`,
    runs,
  )
  expect(heard).toEqual(runs.map(([index]) => cases[index]?.hears))
})

describe('its interface', () => {
  test('answers every question as the browser’s own does', async () => {
    const ask = (which: 'ours' | 'native') =>
      page.evaluate(
        (which: 'ours' | 'native') =>
          (globalThis as typeof globalThis & { casePage: CasePage }).casePage.ask(
            which,
            'http://127.0.0.1:1/',
          ),
        which,
      )
    const native = await ask('native')
    expect(Object.keys(native).length).toBeGreaterThan(15)
    expect(await ask('ours')).toEqual(native)
  })

  test('has the constants, on class and instances, read-only', () => {
    expect([EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED]).toEqual([0, 1, 2])
    const source = new EventSource('http://127.0.0.1:1/')
    expect([source.CONNECTING, source.OPEN, source.CLOSED]).toEqual([0, 1, 2])
    expect(source.readyState).toBe(0)
    expect(source.withCredentials).toBe(false)
    source.close()
    expect(source.readyState).toBe(2)
    expect(() => Object.assign(source, { OPEN: 5 })).toThrow(TypeError)
  })

  test('handlers are functions or null, called among listeners where they were first set', () => {
    const source = new EventSource('http://127.0.0.1:1/', { withCredentials: true })
    source.close()
    expect(source.withCredentials).toBe(true)
    const calls: string[] = []
    expect(source.onmessage).toBeNull()
    source.onmessage = 'no function' as never
    expect(source.onmessage).toBeNull()
    source.onmessage = () => calls.push('first')
    const listener = { handleEvent: () => calls.push('listener') }
    source.addEventListener('message', listener)
    source.addEventListener('message', listener)
    source.addEventListener('message', () => calls.push('once'), { once: true })
    source.addEventListener('message', null)
    source.onmessage = () => calls.push('handler')
    const event = { type: 'message', target: source, currentTarget: source, isTrusted: false }
    source.dispatchEvent(event)
    source.removeEventListener('message', listener)
    source.dispatchEvent(event)
    expect(calls).toEqual(['handler', 'listener', 'once', 'handler'])
  })

  test('events are the realm’s own kind, trusted, and only messages have data', async () => {
    const index = cases.findIndex(({ name }) => name.startsWith('reconnecting goes on'))
    const seen = await page.evaluate(
      (url: string) =>
        new Promise((resolve) => {
          const { Ours } = globalThis as unknown as { Ours: typeof globalThis.EventSource }
          const source = new Ours(url)
          const notes: unknown[] = []
          const note = (event: Event) => {
            notes.push([
              event.type,
              event instanceof Event,
              event instanceof MessageEvent,
              event.isTrusted,
              Object.prototype.hasOwnProperty.call(event, 'data'),
              event.bubbles || event.cancelable,
              event.target === source,
              (event as MessageEvent).origin,
            ])
            if (event.type !== 'error') return
            source.close()
            resolve(notes)
          }
          source.onopen = note
          source.onmessage = note
          source.onerror = note
        }),
      `${server.url}/case/${index}?shape`,
    )
    expect(seen).toEqual([
      ['open', true, false, true, false, false, true, null],
      ['message', true, true, true, true, false, true, server.url],
      ['error', true, false, true, false, false, true, null],
    ])
  })
})
